import { join } from 'node:path';

import type { RowResult } from '../apply/result.js';
import { CsvWriter } from './csv-writer.js';
import { notFine, PageRows } from './page/page-rows.js';
import { Tally } from './tally.js';

const resultColumns = [
  'line',
  'username',
  'status',
  'sub',
  'code',
  'message',
  'steps',
  'attempts',
  'finished_at',
];

/**
 * Writes results.csv and rejects.csv row by row, collects the rows of report.html, and counts them.
 * No file is ever there in part.
 */
export class ReportWriter {
  readonly tally = new Tally();
  /** To be written, or removed, once the rest of the page is known. */
  readonly page: PageRows;
  readonly #results: CsvWriter;
  readonly #rejects: CsvWriter;

  private constructor(results: CsvWriter, rejects: CsvWriter, page: PageRows) {
    this.#results = results;
    this.#rejects = rejects;
    this.page = page;
  }

  /**
   * @param header the file's own, without the password and the code column.
   * @param mask whether the page masks usernames.
   */
  static async create(
    folder: string,
    header: readonly string[],
    mask: boolean,
  ): Promise<ReportWriter> {
    const columns = [...header, 'error_code', 'error_message'];
    const results = await CsvWriter.create(join(folder, 'results.csv'), resultColumns);
    const opened: { abandon(): Promise<void> }[] = [results];
    try {
      const rejects = await CsvWriter.create(join(folder, 'rejects.csv'), columns);
      opened.push(rejects);
      return new ReportWriter(results, rejects, await PageRows.create(folder, { mask }));
    } catch (error) {
      for (const file of opened) await file.abandon();
      throw error;
    }
  }

  /**
   * Takes the result of the file's next row, or of a user who is in none (line 0).
   *
   * @param cells the row's cells as they were, without the password and the code; asked for only
   *   where the row is rejected.
   */
  add(result: RowResult & { readonly at?: number }, cells: () => readonly string[]): void {
    const { status, code, message } = result;
    this.tally.add(result);
    this.page.add(result);
    this.#results.add([
      result.line === 0 ? '' : String(result.line),
      result.username,
      status,
      result.sub ?? '',
      code ?? '',
      message ?? '',
      result.steps.join('+'),
      String(result.attempts),
      result.at === undefined ? '' : new Date(result.at).toISOString(),
    ]);
    // Whoever is in no row has none to be mended.
    if (notFine.has(status) && result.line > 0)
      this.#rejects.add([...cells(), code ?? status, message ?? '']);
  }

  /** Writes what waits; to be called now and then, so that memory does not grow with the file. */
  async drain(): Promise<void> {
    await this.#results.drain();
    await this.#rejects.drain();
    await this.page.drain();
  }

  async finish(): Promise<void> {
    await this.#results.finish();
    await this.#rejects.finish();
    await this.page.finish();
  }

  async abandon(): Promise<void> {
    await this.#results.abandon();
    await this.#rejects.abandon();
    await this.page.remove();
  }
}
