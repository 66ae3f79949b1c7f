import { stringify } from 'csv-stringify/sync';
import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/**
 * A cell that a spreadsheet would run, or that reading our own files would take for one that was
 * guarded. Source: OWASP, "CSV Injection".
 */
const needsGuard = /^'*[=+\-@\t\r]/;

/** Characters gathered before they are written. */
const chunkLength = 256 * 1_024;

/**
 * A CSV file that is there as a whole or not at all: written beside its name, flushed, and moved
 * into place. Mode 0600. Cells that a spreadsheet would run as a formula get a leading `'`.
 */
export class CsvWriter {
  readonly #path: string;
  readonly #file: FileHandle;
  #rows: string[][] = [];
  #length = 0;

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  static async create(path: string, header: readonly string[]): Promise<CsvWriter> {
    const temporary = temporaryOf(path);
    await rm(temporary, { force: true });
    const writer = new CsvWriter(path, await open(temporary, 'wx', 0o600));
    await writer.write(header);
    return writer;
  }

  async write(cells: readonly string[]): Promise<void> {
    const guarded = cells.map((cell) => (needsGuard.test(cell) ? `'${cell}` : cell));
    this.#rows.push(guarded);
    for (const cell of guarded) this.#length += cell.length + 1;
    if (this.#length >= chunkLength) await this.#writeOut();
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
    await this.#file.write(stringify(this.#rows));
    this.#rows = [];
    this.#length = 0;
  }
}

function temporaryOf(path: string): string {
  return `${path}.part`;
}
