import { join } from 'node:path';

import type { RowResult } from '../apply/result.js';
import { guardedCsvLine } from '../record/csv-line.js';
import { notFine } from './not-fine.js';
import { PageRows } from './page/page-rows.js';
import { Tally } from './tally.js';
import { WholeFile } from '../files/whole-file.js';

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

/** A result, with the time at which the row was done with in milliseconds since 1970. */
type ReportedResult = RowResult & { readonly at?: number };

/**
 * Writes results.csv and rejects.csv row by row, collects the rows of report.html, and counts them.
 * No file is ever there in part.
 */
export class ReportWriter {
  readonly tally = new Tally();
  /** To be written, or removed, once the rest of the page is known. */
  readonly page: PageRows;
  readonly #results: WholeFile;
  readonly #rejects: WholeFile;

  private constructor(results: WholeFile, rejects: WholeFile, page: PageRows) {
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
    const results = await WholeFile.create(join(folder, 'results.csv'));
    const opened: { abandon(): Promise<void> }[] = [results];
    try {
      const rejects = await WholeFile.create(join(folder, 'rejects.csv'));
      opened.push(rejects);
      results.add(guardedCsvLine(resultColumns));
      rejects.add(guardedCsvLine([...header, 'error_code', 'error_message']));
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
  add(result: ReportedResult, cells: () => readonly string[]): void {
    const { line, status, code, message } = result;
    this.tally.add(result);
    this.page.add(result);
    this.#results.add(guardedCsvLine(resultCells(result)));
    // Whoever is in no row has none to be mended.
    if (!notFine.has(status) || line === 0) return;
    this.#rejects.add(guardedCsvLine([...cells(), code ?? status, message ?? '']));
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

function resultCells(result: ReportedResult): string[] {
  const { line, username, status, sub = '', code = '', message = '', steps, attempts, at } = result;
  return [
    line === 0 ? '' : String(line),
    username,
    status,
    sub,
    code,
    message,
    steps.join('+'),
    String(attempts),
    at === undefined ? '' : new Date(at).toISOString(),
  ];
}
