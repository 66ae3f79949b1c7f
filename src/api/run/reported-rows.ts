import type { Header } from '../../record/header.js';
import { reportable } from '../../record/reportable.js';
import type { ReportedRow } from '../../report/write-reports.js';
import type { Source } from '../../source/index.js';
import type { RunListener } from '../listener.js';

/** The rows of a run as its reports have them, without passwords and codes. */
export interface ReportedRows {
  /** The columns of rejects.csv. */
  readonly header: readonly string[];
  /** In order; may be iterated more than once. */
  readonly rows: AsyncIterable<readonly ReportedRow[]>;
  /**
   * As many rows in the same order, with as much of them as is known without the file; absent where
   * that is nothing.
   */
  readonly withoutFile?: AsyncIterable<readonly ReportedRow[]>;
}

/** The rows of a file. */
export function fileRows(
  source: Source,
  header: Pick<Header, 'columns' | 'ours'>,
  listener: RunListener,
): ReportedRows {
  const { header: columns, cellsOf, usernameOf } = reportable(header);
  async function* read(): AsyncGenerator<readonly ReportedRow[]> {
    for await (const { rows, end } of source.read()) {
      yield rows.map((row) => ({
        line: row.line,
        username: usernameOf(row),
        // Only those of rejected rows are asked for.
        get cells() {
          return cellsOf(row);
        },
      }));
      listener.onProgress?.(end.row);
    }
  }
  return { header: columns, rows: { [Symbol.asyncIterator]: read } };
}
