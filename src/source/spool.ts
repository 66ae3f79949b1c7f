import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { open, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Bytes } from './bytes.js';
import { isAbort, shown, shownName, SourceError, systemCode } from './error.js';

const CIPHER = 'aes-256-ctr';
const BLOCK = 16;

/** Where and how a spool is kept. */
interface SpoolOptions {
  /** How the stream is called in messages. */
  readonly name: string;
  /** Default: the system's folder for temporary files. */
  readonly folder?: string;
  readonly chunkSize: number;
}

/**
 * A stream that can be read only once, kept so that it can be read again. The stream may hold
 * passwords, so what is on disk is encrypted with a key that exists in this process's memory
 * only, in a file that has no name any more once it holds a byte: nothing is left after a crash,
 * and what a disk recovery might find is noise.
 */
export class Spool implements Bytes {
  readonly size: number;
  readonly #name: string;
  readonly #handle: FileHandle;
  readonly #key: Buffer;
  readonly #counter: Buffer;
  readonly #chunkSize: number;

  private constructor(
    name: string,
    handle: FileHandle,
    key: Buffer,
    counter: Buffer,
    size: number,
    chunkSize: number,
  ) {
    this.#name = name;
    this.#handle = handle;
    this.#key = key;
    this.#counter = counter;
    this.size = size;
    this.#chunkSize = chunkSize;
  }

  /** Reads the stream to its end. */
  static async of(stream: AsyncIterable<unknown>, options: SpoolOptions): Promise<Spool> {
    const { name, folder = tmpdir(), chunkSize } = options;
    const key = randomBytes(32);
    const counter = randomBytes(BLOCK);
    const handle = await openNameless(name, folder);
    try {
      const cipher = createCipheriv(CIPHER, key, counter);
      let size = 0;
      for await (const chunk of readable(stream, name)) {
        await write(handle, cipher.update(chunk), name, folder);
        size += chunk.length;
      }
      return new Spool(name, handle, key, counter, size, chunkSize);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async *chunks(position: number): AsyncGenerator<Buffer, void, undefined> {
    const within = position % BLOCK;
    const decipher = createDecipheriv(
      CIPHER,
      this.#key,
      advanced(this.#counter, Math.floor(position / BLOCK)),
    );
    decipher.update(Buffer.alloc(within));
    let at = position;
    while (at < this.size) {
      const chunk = Buffer.allocUnsafeSlow(Math.min(this.#chunkSize, this.size - at));
      const read = await this.#read(chunk, at);
      at += read;
      yield decipher.update(chunk.subarray(0, read));
    }
  }

  async close(): Promise<void> {
    this.#key.fill(0);
    await this.#handle.close();
  }

  async #read(into: Buffer, at: number): Promise<number> {
    let code = 'it is shorter than it was';
    let cause: unknown;
    try {
      const { bytesRead } = await this.#handle.read(into, 0, into.length, at);
      if (bytesRead > 0) return bytesRead;
    } catch (error) {
      code = systemCode(error);
      cause = error;
    }
    throw new SourceError(
      'spool-failed',
      `The temporary copy of ${shownName(this.#name)} can't be read again (${code}). Save the rows in a file and give its path.`,
      undefined,
      cause,
    );
  }
}

async function openNameless(name: string, folder: string): Promise<FileHandle> {
  const path = join(folder, `cognito-bulk-${randomBytes(12).toString('hex')}`);
  try {
    const handle = await open(path, 'wx+', 0o600);
    try {
      await unlink(path);
    } catch (error) {
      await handle.close();
      throw error;
    }
    return handle;
  } catch (error) {
    throw spoolFailed(name, folder, error);
  }
}

async function write(handle: FileHandle, bytes: Buffer, name: string, folder: string) {
  try {
    let rest = bytes;
    while (rest.length > 0) {
      const { bytesWritten } = await handle.write(rest, 0, rest.length);
      rest = rest.subarray(bytesWritten);
    }
  } catch (error) {
    throw spoolFailed(name, folder, error);
  }
}

function spoolFailed(name: string, folder: string, error: unknown): SourceError {
  return new SourceError(
    'spool-failed',
    `No temporary copy of ${shownName(name)} can be made in "${shown(folder)}" (${systemCode(error)}). Set TMPDIR to a folder with room, or give the path of a file.`,
    undefined,
    error,
  );
}

async function* readable(stream: AsyncIterable<unknown>, name: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream) {
      if (typeof chunk === 'string') yield Buffer.from(chunk);
      else if (chunk instanceof Uint8Array) {
        yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      } else throw new TypeError('the stream holds neither bytes nor text');
    }
  } catch (error) {
    if (error instanceof SourceError) throw error;
    if (isAbort(error)) throw error;
    throw new SourceError(
      'not-readable',
      `${shownName(name)} could not be read to its end (${systemCode(error) || 'it broke off'}).`,
      undefined,
      error,
    );
  }
}

/** The counter of AES-CTR after that many blocks: a 128-bit number, big-endian, that wraps. */
function advanced(counter: Buffer, blocks: number): Buffer {
  const sum = BigInt.asUintN(128, BigInt(`0x${counter.toString('hex')}`) + BigInt(blocks));
  return Buffer.from(sum.toString(16).padStart(2 * BLOCK, '0'), 'hex');
}
