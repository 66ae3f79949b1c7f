import type { RowResult } from '../apply/result.js';
import type { TimedResult } from '../journal/journal.js';
import type { PageRows } from './page/page-rows.js';
import { ReportWriter } from './report-writer.js';
import type { Tally } from './tally.js';

/** A row of the file as the reports need it, or a user who is in none. */
export interface ReportedRow {
  /** 0 for a user who is in no row. */
  readonly line: number;
  readonly username: string;
  /** What stands where nothing was carried out. */
  readonly otherwise?: RowResult;
  /** The row's cells as they were, without the password and the code. */
  readonly cells: readonly string[];
}

/** What the reports are made from. */
interface ReportInput {
  /** The run's folder. */
  readonly folder: string;
  /** The file's own header, without the password and the code column. */
  readonly header: readonly string[];
  /** All rows of the file, in its order, and then whoever is in none. */
  readonly rows: AsyncIterable<readonly ReportedRow[]>;
  readonly resultOf: (row: number, reported: ReportedRow) => TimedResult | RowResult | undefined;
  /** Whether the page masks usernames. */
  readonly mask: boolean;
}

/** What was written, and what is left to write. */
export interface WrittenReports {
  readonly tally: Tally;
  /** The rows of report.html. */
  readonly page: PageRows;
}

/**
 * Writes results.csv and rejects.csv, each row of the file once and in order, counts them, and
 * collects them for report.html.
 */
export async function writeReports(input: ReportInput): Promise<WrittenReports> {
  const reports = await ReportWriter.create(input.folder, input.header, input.mask);
  try {
    let index = 0;
    for await (const rows of input.rows) {
      for (const row of rows) {
        const result = input.resultOf(index, row) ?? row.otherwise ?? notAttempted(index, row);
        reports.add(result, () => row.cells);
        index++;
      }
      await reports.drain();
    }
    await reports.finish();
  } catch (error) {
    await reports.abandon();
    throw error;
  }
  return reports;
}

function notAttempted(row: number, { line, username }: ReportedRow): RowResult {
  return { row, line, username, status: 'not-attempted', steps: [], attempts: 0, final: false };
}
