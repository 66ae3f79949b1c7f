import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';

import { readObject, type ReadOptions } from '../../src/s3/read-object.js';
import { openSource, SourceError } from '../../src/source/index.js';

beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  vi.stubEnv('AWS_CONFIG_FILE', '/nowhere');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nowhere');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** Points the SDK at a server that answers so, and tells what it was asked. */
async function serve(answer: RequestListener): Promise<{ readonly regions: string[] }> {
  const regions: string[] = [];
  const server = createServer((request, response) => {
    const scope = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? '');
    regions.push(scope?.[1] ?? '');
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  vi.stubEnv('AWS_ENDPOINT_URL_S3', `http://localhost:${port}`);
  return { regions };
}

const address = 's3://people/staff.csv';
const text = 'username\n' + 'someone\n'.repeat(1_000);

/** Opens the object as the commands do. */
function open(options: Partial<ReadOptions> = {}) {
  const all = { region: 'eu-central-1', timeoutMs: 5_000, ...options };
  return openSource(address, { fetch: (it) => readObject(it, all) });
}

async function refusal(options: Partial<ReadOptions> = {}): Promise<SourceError> {
  const error: unknown = await open(options).then(
    (source) => source.close(),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof SourceError)) throw new Error(`no SourceError: ${String(error)}`);
  return error;
}

function fail(response: ServerResponse, status: number, code: string, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/xml', ...headers });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`);
}

describe('an object', () => {
  it('is asked for by its path, whole, and read again from its copy', async () => {
    const asked: string[] = [];
    await serve((request, response) => {
      asked.push(`${request.method} ${request.url?.replace(/\?.*/, '')}`);
      response.end(text);
    });
    const source = await open();
    expect([source.name, source.resumable, source.size]).toEqual([address, true, text.length]);
    for (let pass = 0; pass < 2; pass++) {
      let rows = 0;
      for await (const batch of source.read()) rows += batch.rows.length;
      expect(rows).toBe(1_000);
    }
    await source.close();
    expect(asked).toEqual(['GET /people/staff.csv']);
  });

  it.each([
    ['with a length', { 'content-length': text.length }],
    ['without a length', {}],
  ])('that breaks off, %s, is never taken for a shorter one', async (_, headers) => {
    await serve((_request, response) => {
      response.writeHead(200, headers);
      response.write(text.slice(0, 4_000), () => response.destroy());
    });
    const { code, message } = await refusal();
    expect(code).toBe('not-readable');
    expect(message).toBe(`"${address}" broke off before its end (ECONNRESET). Start again.`);
  });

  it('whose checksum is another is refused', async () => {
    await serve((_request, response) => {
      response.writeHead(200, { 'x-amz-checksum-crc32': 'AAAAAA==' });
      response.end(text);
    });
    expect((await refusal()).message).toMatch('its checksum is another. Start again.');
  });

  it('that stops coming is given up', async () => {
    await serve((_request, response) => {
      response.writeHead(200, { 'content-length': text.length });
      response.write(text.slice(0, 4_000));
    });
    expect((await refusal({ timeoutMs: 300 })).message).toMatch('broke off before its end');
  });

  it('that is waited for can be given up', async () => {
    const abort = new AbortController();
    await serve(() => {
      abort.abort();
    });
    await expect(open({ signal: abort.signal })).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('is asked for again when S3 is busy', async () => {
    let calls = 0;
    await serve((_request, response) => {
      if (++calls < 3) fail(response, 503, 'SlowDown');
      else response.end(text);
    });
    const source = await open();
    expect(calls).toBe(3);
    await source.close();
  });

  it('is found in the region that S3 names', async () => {
    const { regions } = await serve((request, response) => {
      const there = request.headers.authorization?.includes('/ap-northeast-1/s3/') === true;
      if (there) response.end(text);
      else fail(response, 301, 'PermanentRedirect', { 'x-amz-bucket-region': 'ap-northeast-1' });
    });
    const source = await open();
    await source.close();
    expect(regions).toEqual(['eu-central-1', 'ap-northeast-1']);
  });
});

describe('what S3 refuses', () => {
  it.each([
    [403, 'AccessDenied', 'may not be read with these credentials, or is not there: give them'],
    [301, 'PermanentRedirect', 'is in another region (PermanentRedirect): give that one'],
    [400, 'ExpiredToken', 'ran out: sign in to AWS again.'],
    [403, 'RequestTimeTooSkewed', "check them, and this machine's clock."],
    [403, 'InvalidObjectState', 'is archived: restore it in S3 first.'],
    [400, 'SomethingNew', "can't be read (SomethingNew). Check the network"],
  ])('with %i %s is told in one sentence', async (status, name, said) => {
    await serve((_request, response) => {
      fail(response, status, name);
    });
    const { message } = await refusal();
    expect(message).toMatch(said);
    expect(message).toMatch(address);
  });
});
