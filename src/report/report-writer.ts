import { join } from 'node:path';

import type { RowResult } from '../apply/result.js';
import { CsvWriter } from './csv-writer.js';
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

/** Statuses whose rows go into rejects.csv, to be mended and imported again. */
const rejected: ReadonlySet<string> = new Set(['invalid', 'failed', 'partial', 'not-attempted']);

/** Writes results.csv and rejects.csv row by row, and counts the rows. Neither is ever there in part. */
export class ReportWriter {
  readonly tally = new Tally();
  readonly #results: CsvWriter;
  readonly #rejects: CsvWriter;

  private constructor(results: CsvWriter, rejects: CsvWriter) {
    this.#results = results;
    this.#rejects = rejects;
  }

  /** @param header the file's own, without the password and the code column. */
  static async create(folder: string, header: readonly string[]): Promise<ReportWriter> {
    const results = await CsvWriter.create(join(folder, 'results.csv'), resultColumns);
    try {
      const columns = [...header, 'error_code', 'error_message'];
      return new ReportWriter(
        results,
        await CsvWriter.create(join(folder, 'rejects.csv'), columns),
      );
    } catch (error) {
      await results.abandon();
      throw error;
    }
  }

  /**
   * Takes the result of the file's next row.
   *
   * @param cells the row's cells as they were, without the password and the code; asked for only
   *   where the row is rejected.
   */
  add(result: RowResult & { readonly at?: number }, cells: () => readonly string[]): void {
    const { status, code, message } = result;
    this.tally.add(result);
    this.#results.add([
      String(result.line),
      result.username,
      status,
      result.sub ?? '',
      code ?? '',
      message ?? '',
      result.steps.join('+'),
      String(result.attempts),
      result.at === undefined ? '' : new Date(result.at).toISOString(),
    ]);
    if (rejected.has(status)) this.#rejects.add([...cells(), code ?? status, message ?? '']);
  }

  /** Writes what waits; to be called now and then, so that memory does not grow with the file. */
  async drain(): Promise<void> {
    await this.#results.drain();
    await this.#rejects.drain();
  }

  async finish(): Promise<void> {
    await this.#results.finish();
    await this.#rejects.finish();
  }

  async abandon(): Promise<void> {
    await this.#results.abandon();
    await this.#rejects.abandon();
  }
}
