import { describe, expect, it } from 'vitest';

import { boundedCredentials } from '../../src/cognito/bounded-credentials.js';

const keys = { accessKeyId: 'AKIDTEST', secretAccessKey: 'secret' };

describe('boundedCredentials', () => {
  it('hands on what comes in time', async () => {
    const bounded = boundedCredentials(() => Promise.resolve(keys), { waitMs: 1_000 });
    expect(await bounded()).toBe(keys);
  });

  it('hands on why none came', async () => {
    const bounded = boundedCredentials(() => Promise.reject(new Error('signed out')), {
      waitMs: 1_000,
    });
    await expect(bounded()).rejects.toThrow('signed out');
  });

  it('says after a while that none came, as the SDK does where there are none', async () => {
    const bounded = boundedCredentials(() => new Promise(() => undefined), { waitMs: 50 });
    await expect(bounded()).rejects.toMatchObject({
      name: 'CredentialsProviderError',
      message: 'no AWS credentials came within 0.05 seconds',
    });
  });

  it('gives up where nobody waits any more', async () => {
    const abort = new AbortController();
    const bounded = boundedCredentials(() => new Promise(() => undefined), {
      signal: abort.signal,
    });
    const waited = bounded();
    abort.abort();
    await expect(waited).rejects.toMatchObject({ name: 'AbortError' });
  });
});
