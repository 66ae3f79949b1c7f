import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

import { guardedCsvLine } from './csv-line.js';

/** Characters gathered before they are written. */
const chunkLength = 256 * 1_024;

/**
 * A CSV file that is there as a whole or not at all: written beside its name, flushed, and moved
 * into place. Mode 0600. Cells that a spreadsheet would run as a formula get a leading `'`.
 */
export class CsvWriter {
  readonly #path: string;
  readonly #file: FileHandle;
  #text = '';

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  static async create(path: string, header: readonly string[]): Promise<CsvWriter> {
    const temporary = temporaryOf(path);
    await rm(temporary, { force: true });
    const writer = new CsvWriter(path, await open(temporary, 'wx', 0o600));
    writer.add(header);
    return writer;
  }

  /** Takes a line, which waits in memory until `drain` or `finish`. */
  add(cells: readonly string[]): void {
    this.#text += guardedCsvLine(cells);
  }

  /** Writes what waits, once it is worth a call. */
  async drain(): Promise<void> {
    if (this.#text.length >= chunkLength) await this.#writeOut();
  }

  /** Puts the file in its place. */
  async finish(): Promise<void> {
    await this.#writeOut();
    await this.#file.sync();
    await this.#file.close();
    await rename(temporaryOf(this.#path), this.#path);
  }

  /** Leaves what was there before; for use after a failure. */
  async abandon(): Promise<void> {
    await this.#file.close().catch(() => undefined);
    await rm(temporaryOf(this.#path), { force: true });
  }

  async #writeOut(): Promise<void> {
    const text = this.#text;
    this.#text = '';
    await this.#file.writeFile(text);
  }
}

function temporaryOf(path: string): string {
  return `${path}.part`;
}
