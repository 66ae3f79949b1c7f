import { rename, rm } from 'node:fs/promises';

import { guardedCsvLine } from '../record/csv-line.js';
import { TextFile } from './text-file.js';
import { openPrivate } from './private-file.js';

/**
 * A CSV file that is there as a whole or not at all: written beside its name, flushed, and moved
 * into place. Mode 0600. Cells that a spreadsheet would run as a formula get a leading `'`.
 */
export class CsvWriter {
  readonly #path: string;
  readonly #text: TextFile;

  private constructor(path: string, text: TextFile) {
    this.#path = path;
    this.#text = text;
  }

  static async create(path: string, header: readonly string[]): Promise<CsvWriter> {
    const temporary = temporaryOf(path);
    await rm(temporary, { force: true });
    const writer = new CsvWriter(path, new TextFile(await openPrivate(temporary, 'wx')));
    writer.add(header);
    return writer;
  }

  /** Takes a line, which waits in memory until `drain` or `finish`. */
  add(cells: readonly string[]): void {
    this.#text.add(guardedCsvLine(cells));
  }

  /** Writes what waits, once it is worth a call. */
  drain(): Promise<void> {
    return this.#text.drain();
  }

  /** Puts the file in its place. */
  async finish(): Promise<void> {
    await this.#text.finish();
    await rename(temporaryOf(this.#path), this.#path);
  }

  /** Leaves what was there before; for use after a failure. */
  async abandon(): Promise<void> {
    await this.#text.abandon();
    await rm(temporaryOf(this.#path), { force: true });
  }
}

function temporaryOf(path: string): string {
  return `${path}.part`;
}
