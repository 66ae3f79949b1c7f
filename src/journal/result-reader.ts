import { closeSync, openSync, readSync } from 'node:fs';

import type { RowEntry } from './entries.js';

const blockBytes = 256 * 1_024;
const blocksKept = 32;

/**
 * Reads results back from where they stand in the journal. They stand almost in file order, so a few
 * blocks of it are kept; reading is synchronous, since it nearly always is a look at one of these.
 */
export class ResultReader {
  readonly #path: string;
  readonly #blocks = new Map<number, Buffer>();
  #descriptor: number | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  read(offset: number): RowEntry {
    let text: Buffer = Buffer.alloc(0);
    for (let at = offset; ;) {
      const number = Math.floor(at / blockBytes);
      const block = this.#block(number);
      const from = at - number * blockBytes;
      const end = block.indexOf(0x0a, from);
      const piece = block.subarray(from, end < 0 ? block.length : end);
      text = text.length > 0 ? Buffer.concat([text, piece]) : piece;
      if (end >= 0 || block.length < blockBytes) break;
      at = (number + 1) * blockBytes;
    }
    return JSON.parse(text.toString('utf8')) as RowEntry;
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
    this.#blocks.clear();
  }

  #block(number: number): Buffer {
    const kept = this.#blocks.get(number);
    if (kept) return kept;
    this.#descriptor ??= openSync(this.#path, 'r');
    const buffer = Buffer.alloc(blockBytes);
    const length = readSync(this.#descriptor, buffer, 0, blockBytes, number * blockBytes);
    const block = buffer.subarray(0, length);
    // The last block still grows.
    if (length === blockBytes) {
      const [oldest] = this.#blocks.keys();
      if (this.#blocks.size >= blocksKept && oldest !== undefined) this.#blocks.delete(oldest);
      this.#blocks.set(number, block);
    }
    return block;
  }
}
