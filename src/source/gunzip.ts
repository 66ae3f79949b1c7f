import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

import { SourceError, systemCode } from './error.js';
import type { Limits } from './source.js';

/** Whether gzip's magic number stands first. RFC 1952, 2.3.1. */
export function isGzip(head: Buffer): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/**
 * Decompresses, also several members one after another. `name` is for messages, as `shownName`
 * gives it.
 * @throws SourceError `corrupt-gzip`, `gzip-too-large`, and whatever `chunks` throws
 */
export async function* gunzip(
  chunks: AsyncIterable<Buffer>,
  name: string,
  limits: Limits,
  chunkSize: number,
): AsyncGenerator<Buffer, void, undefined> {
  let compressed = 0;
  let decompressed = 0;
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      compressed += chunk.length;
      yield chunk;
    }
  }
  const unzip = createGunzip({ chunkSize: Math.max(64, chunkSize) });
  // The callback only keeps a failure from being thrown twice: the loop below sees it too.
  pipeline(Readable.from(counted(), { objectMode: false }), unzip, () => undefined);
  try {
    for await (const chunk of unzip as AsyncIterable<Buffer>) {
      decompressed += chunk.length;
      if (decompressed > limits.gzipBytes && decompressed > compressed * limits.gzipRatio) {
        throw new SourceError(
          'gzip-too-large',
          `${name} grows to more than ${limits.gzipBytes} bytes and ${limits.gzipRatio} times its size when it is decompressed, as no file of people does. If it is one, decompress it yourself and give that file.`,
        );
      }
      yield chunk;
    }
  } catch (error) {
    throw systemCode(error).startsWith('Z_') ? corrupt(name, error) : error;
  } finally {
    unzip.destroy();
  }
}

function corrupt(name: string, error: unknown): SourceError {
  const what = systemCode(error) === 'Z_BUF_ERROR' ? 'ends too early' : 'is damaged';
  return new SourceError(
    'corrupt-gzip',
    `${name} is a gzip file that ${what}. Fetch or make it again; \`gzip -t\` tells whether it is whole.`,
    undefined,
    error,
  );
}
