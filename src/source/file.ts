import type { FileHandle } from 'node:fs/promises';

import type { Bytes } from './bytes.js';
import { shownName, SourceError, systemCode } from './error.js';

interface Stamp {
  readonly size: number;
  readonly modified: bigint;
}

/**
 * A regular file, read through one descriptor that stays open, so that a rename does no harm.
 * Size and time of change are looked at after every read: whoever writes to the file while it is
 * used ends the run rather than mixing two states of it.
 */
export class RegularFile implements Bytes {
  readonly #name: string;
  readonly #handle: FileHandle;
  readonly #stamp: Stamp;
  readonly #chunkSize: number;

  private constructor(name: string, handle: FileHandle, stamp: Stamp, chunkSize: number) {
    this.#name = name;
    this.#handle = handle;
    this.#stamp = stamp;
    this.#chunkSize = chunkSize;
  }

  /** Takes the handle over: `close()` closes it. */
  static async of(name: string, handle: FileHandle, chunkSize: number): Promise<RegularFile> {
    return new RegularFile(name, handle, await stampOf(handle), chunkSize);
  }

  get size(): number {
    return this.#stamp.size;
  }

  async *chunks(position: number): AsyncGenerator<Buffer, void, undefined> {
    await this.#refuseChange();
    let at = position;
    for (;;) {
      const chunk = Buffer.allocUnsafeSlow(Math.max(1, Math.min(this.#chunkSize, this.size - at)));
      const read = await this.#read(chunk, at);
      await this.#refuseChange();
      if (read === 0) {
        if (at !== this.size) throw this.#changed();
        return;
      }
      at += read;
      yield read === chunk.length ? chunk : chunk.subarray(0, read);
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async #read(into: Buffer, at: number): Promise<number> {
    try {
      return (await this.#handle.read(into, 0, into.length, at)).bytesRead;
    } catch (error) {
      throw new SourceError(
        'not-readable',
        `${shownName(this.#name)} could not be read to its end (${systemCode(error) || 'no reason given'}). Copy it to another disk and try again.`,
        undefined,
        error,
      );
    }
  }

  async #refuseChange(): Promise<void> {
    const now = await stampOf(this.#handle);
    if (now.size !== this.#stamp.size || now.modified !== this.#stamp.modified) {
      throw this.#changed();
    }
  }

  #changed(): SourceError {
    return new SourceError(
      'file-changed',
      `${shownName(this.#name)} was changed while it was being read. Start again once nothing writes to it any more.`,
    );
  }
}

async function stampOf(handle: FileHandle): Promise<Stamp> {
  const { size, mtimeNs } = await handle.stat({ bigint: true });
  return { size: Number(size), modified: mtimeNs };
}
