import type { RowResult } from '../apply/result.js';
import type { TimedResult } from '../journal/journal.js';
import { ReportWriter } from './report-writer.js';
import type { Tally } from './tally.js';

/** A row of the file as the reports need it. */
export interface ReportedRow {
  readonly line: number;
  readonly username: string;
  /** The row's cells as they were, without the password and the code. */
  readonly cells: readonly string[];
}

/** What the reports are made from. */
export interface ReportInput {
  /** The run's folder. */
  readonly folder: string;
  /** The file's own header, without the password and the code column. */
  readonly header: readonly string[];
  /** All rows of the file, in its order. */
  readonly rows: AsyncIterable<readonly ReportedRow[]>;
  readonly resultOf: (row: number, reported: ReportedRow) => TimedResult | RowResult | undefined;
}

/** Writes results.csv and rejects.csv, each row of the file once and in order, and counts them. */
export async function writeReports(input: ReportInput): Promise<Tally> {
  const reports = await ReportWriter.create(input.folder, input.header);
  try {
    let index = 0;
    for await (const rows of input.rows) {
      for (const row of rows) {
        reports.add(input.resultOf(index, row) ?? notAttempted(index, row), () => row.cells);
        index++;
      }
      await reports.drain();
    }
    await reports.finish();
  } catch (error) {
    await reports.abandon();
    throw error;
  }
  return reports.tally;
}

function notAttempted(row: number, { line, username }: ReportedRow): RowResult {
  return { row, line, username, status: 'not-attempted', steps: [], attempts: 0, final: false };
}
