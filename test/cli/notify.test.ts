import { describe, expect, it } from 'vitest';

import { notify, notifyAddress } from '../../src/cli/notify.js';
import { UsageError } from '../../src/cli/usage-error.js';
import { openReceiver } from '../support/receiver.js';

const quick = { timeoutMs: 20_000, waitMs: 1 };
const document = { run: 'r', exitCode: 0 };
const path = '/hooks/T0KEN?key=S3CRET';

describe('posting a summary', () => {
  it.for<[name: string, answers: number[], posts: number, problem: string | undefined]>([
    ['is done once where it is taken', [204], 1, undefined],
    ['is tried again after a fault', [503, 500, 200], 3, undefined],
    ['is tried again where there was too much', [429, 200], 2, undefined],
    ['is tried three times at most', [503], 3, '503'],
    ['is not tried again where that is of no use', [404], 1, '404'],
    ['follows nobody elsewhere', [307], 1, '307'],
  ])('%s', async ([, answers, posts, problem]) => {
    const { origin, received } = await openReceiver(...answers);
    const said = await notify(notifyAddress(origin + path), document, quick);
    expect(said).toBe(
      problem && `--notify: ${origin} did not take the summary (it answered ${problem}).`,
    );
    expect(received.length).toBe(posts);
    for (const one of received) {
      expect(one).toMatchObject({ method: 'POST', path, body: document });
      expect(one.headers['content-type']).toBe('application/json');
    }
  });

  it('waits so long and no longer, and does not post again what may have been taken', async () => {
    const { origin, received } = await openReceiver(0);
    const said = await notify(notifyAddress(origin + path), document, {
      timeoutMs: 300,
      waitMs: 1,
    });
    expect(said).toBe(`--notify: ${origin} did not take the summary (no answer in 0.3 seconds).`);
    expect(received.length).toBe(1);
  });

  it('says nothing of the address but its origin where nobody listens', async () => {
    const address = notifyAddress(`http://u:T0KEN@127.0.0.1:9${path}`);
    const said = await notify(address, document, quick);
    expect(said).toMatch(
      /^--notify: http:\/\/127\.0\.0\.1:9 did not take the summary \([\w ]+\)\.$/,
    );
  });

  it('gives the user and the password of the address as fetch does not', async () => {
    const { origin, received } = await openReceiver(200);
    const url = notifyAddress(origin.replace('//', '//night:p%40ss@') + path);
    expect(await notify(url, document, quick)).toBeUndefined();
    expect(received[0]?.headers.authorization).toBe(
      `Basic ${Buffer.from('night:p@ss').toString('base64')}`,
    );
  });

  it.for(['', 'hooks.example.com/T0KEN', 'ftp://example.com/T0KEN', 'file:///T0KEN', 'T0KEN'])(
    'refuses "%s", and does not repeat it',
    (text) => {
      expect(() => notifyAddress(text)).toThrow(UsageError);
      expect(() => notifyAddress(text)).toThrow(/^(?!.*T0KEN).*https:\/\/.*$/);
    },
  );
});
