import type { FileHandle } from 'node:fs/promises';

import { makePrivate } from './private-file.js';

const bufferBytes = 256 * 1_024;
/** UTF-8 takes at most three bytes for one unit of a JavaScript string. */
const mostBytesPerUnit = 3;

/**
 * Gathers text for a new file, mode 0600, and writes it in large pieces. Each piece of text is encoded
 * at once: kept as strings, the lines of a large file would cost the garbage collector more than all
 * the rest.
 */
export class TextFile {
  readonly #file: FileHandle;
  #buffer = Buffer.allocUnsafeSlow(bufferBytes);
  #used = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Rejects with EEXIST where something is there by that name. */
  static async create(path: string): Promise<TextFile> {
    return new TextFile(await makePrivate(path));
  }

  /** Takes text, which waits in memory until `drain` or `finish`. */
  add(text: string): void {
    const most = this.#used + text.length * mostBytesPerUnit;
    if (most > this.#buffer.length) this.#grow(most);
    this.#used += this.#buffer.write(text, this.#used);
  }

  /** Writes what waits, once it is worth a call. */
  async drain(): Promise<void> {
    if (this.#used >= bufferBytes / 2) await this.#writeOut();
  }

  /** Writes all that waits, and closes the file once it is on the disk. */
  async finish(): Promise<void> {
    await this.#writeOut();
    await this.#file.sync();
    await this.#file.close();
  }

  /** Closes the file as it is; for use after a failure, and never fails itself. */
  async abandon(): Promise<void> {
    await this.#file.close().catch(() => undefined);
  }

  #grow(least: number): void {
    const larger = Buffer.allocUnsafeSlow(2 * least);
    this.#buffer.copy(larger, 0, 0, this.#used);
    this.#buffer = larger;
  }

  async #writeOut(): Promise<void> {
    const bytes = this.#buffer.subarray(0, this.#used);
    this.#used = 0;
    await this.#file.writeFile(bytes);
  }
}
