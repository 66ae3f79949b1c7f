import type { RowResult } from '../../apply/result.js';
import type { Journal } from '../../journal/journal.js';
import { Tally } from '../../report/tally.js';
import type { ReportedRow } from '../../report/write-reports.js';
import type { ReportedRows } from './reported-rows.js';

/** Rows that are counted at one go. */
const rowsAtOnce = 1_024;

/**
 * Counts the rows of a run whose reports can't be written, since its file can't be read: by what its
 * journal knows, and its plan where it has one that can be read.
 */
export async function countRows(
  { journal, withoutFile }: Pick<ReportedRows, 'withoutFile'> & { readonly journal: Journal },
  resultOf: (row: number, reported: ReportedRow) => RowResult | undefined,
): Promise<Tally> {
  try {
    if (withoutFile) return await tallyOf(withoutFile, resultOf);
  } catch {
    // The plan is what can't be read.
  }
  return tallyOf(blankRows(Math.max(journal.whole?.rows ?? 0, journal.rows)), resultOf);
}

async function tallyOf(
  batches: AsyncIterable<readonly ReportedRow[]> | Iterable<readonly ReportedRow[]>,
  resultOf: (row: number, reported: ReportedRow) => RowResult | undefined,
): Promise<Tally> {
  const tally = new Tally();
  for await (const rows of batches) {
    for (const row of rows) {
      tally.add(resultOf(tally.total, row) ?? row.otherwise ?? { status: 'not-attempted' });
    }
  }
  return tally;
}

/** Of which nothing is known but how many there are. */
export const blankRow: ReportedRow = { line: 0, username: '', cells: [] };

function* blankRows(count: number): Generator<readonly ReportedRow[]> {
  for (let row = 0; row < count; row += rowsAtOnce) {
    yield Array.from({ length: Math.min(rowsAtOnce, count - row) }, () => blankRow);
  }
}
