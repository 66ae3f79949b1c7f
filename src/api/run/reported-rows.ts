import type { RowResult } from '../../apply/result.js';
import type { Header } from '../../record/header.js';
import { reportable } from '../../record/reportable.js';
import type { Reportable } from '../../record/reportable.js';
import type { ReportedRow } from '../../report/write-reports.js';
import type { Row, Source } from '../../source/index.js';
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

/**
 * The rows of a file.
 *
 * @param resultOf what stands where nothing was carried out.
 */
export function fileRows(
  source: Source,
  header: Pick<Header, 'columns' | 'ours'>,
  listener: RunListener,
  resultOf?: (row: number, raw: Row, username: string) => RowResult | undefined,
): ReportedRows {
  const shown = reportable(header);
  async function* read(): AsyncGenerator<readonly ReportedRow[]> {
    for await (const { rows, start, end } of source.read()) {
      yield rows.map((raw, index) => {
        const username = shown.usernameOf(raw);
        return reportedRow(raw, username, shown, resultOf?.(start.row + index, raw, username));
      });
      listener.onProgress?.(end.row);
    }
  }
  return { header: shown.header, rows: { [Symbol.asyncIterator]: read } };
}

/** A row of the file; its cells are asked for only where it is rejected. */
export function reportedRow(
  raw: Row,
  username: string,
  { cellsOf }: Pick<Reportable, 'cellsOf'>,
  otherwise: RowResult | undefined,
): ReportedRow {
  return {
    line: raw.line,
    username,
    ...(otherwise && { otherwise }),
    get cells() {
      return cellsOf(raw);
    },
  };
}
