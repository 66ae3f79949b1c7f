import { rename, rm } from 'node:fs/promises';

import { openPrivate } from './private-file.js';
import { TextFile } from './text-file.js';

/**
 * A text file that is there as a whole or not at all: written beside its name, flushed, and moved
 * into place. Mode 0600.
 */
export class WholeFile {
  readonly #path: string;
  readonly #text: TextFile;

  private constructor(path: string, text: TextFile) {
    this.#path = path;
    this.#text = text;
  }

  static async create(path: string): Promise<WholeFile> {
    const part = partOf(path);
    await rm(part, { force: true });
    return new WholeFile(path, new TextFile(await openPrivate(part, 'wx')));
  }

  /** Takes text, which waits in memory until `drain` or `finish`. */
  add(text: string): void {
    this.#text.add(text);
  }

  /** Writes what waits, once it is worth a call. */
  drain(): Promise<void> {
    return this.#text.drain();
  }

  /** Puts the file in its place. */
  async finish(): Promise<void> {
    await this.#text.finish();
    await rename(partOf(this.#path), this.#path);
  }

  /** Leaves what was there before; for use after a failure. */
  async abandon(): Promise<void> {
    await this.#text.abandon();
    await rm(partOf(this.#path), { force: true });
  }
}

function partOf(path: string): string {
  return `${path}.part`;
}
