import type { Row } from '../source/source.js';
import type { ColumnKind } from './columns.js';
import { withoutFormulaGuard } from './formula-guard.js';
import type { Header } from './header.js';

/** The columns of our own rejects.csv, which are not the file's. */
const ownColumns: ReadonlySet<string> = new Set(['error_code', 'error_message']);

/** The kinds of columns whose cells stand in no report. */
const secretKinds: ReadonlySet<ColumnKind> = new Set(['password', 'secret', 'code']);

/** What of a file's rows may stand in a report: all but secrets, and what a report of ours added. */
export interface Reportable {
  readonly header: readonly string[];
  readonly cellsOf: (row: Row) => string[];
  /** The row's username as the file has it; empty where it has none, or where it may be a password. */
  readonly usernameOf: (row: Row) => string;
}

/**
 * In a row with too few or too many cells nobody can say which cell the password is: every cell that
 * it may have slipped to is left empty.
 */
export function reportable(header: Pick<Header, 'columns' | 'ours'>): Reportable {
  const { columns, ours } = header;
  const width = columns.length;
  const usernameIndex = columns.findIndex(({ kind }) => kind === 'username');
  const addressIndex = columns.findIndex(({ name }) => name === 'email' || name === 'phone_number');
  const secrets = columns.filter(({ kind }) => secretKinds.has(kind)).map(({ index }) => index);
  const dropped = new Set([
    ...secrets,
    ...columns
      .filter(({ header: name }) => ours && ownColumns.has(name.toLowerCase()))
      .map(({ index }) => index),
  ]);
  const mayBePassword = (index: number, cells: number): boolean =>
    cells !== width &&
    secrets.some((secret) => Math.abs(index - secret) <= Math.abs(cells - width));
  const cellOf = (row: Row, index: number): string => {
    const cell = mayBePassword(index, row.cells.length) ? '' : (row.cells[index] ?? '');
    return ours ? withoutFormulaGuard(cell) : cell;
  };

  return {
    header: columns.filter(({ index }) => !dropped.has(index)).map((column) => column.header),
    cellsOf: (row) => {
      const { length } = row.cells;
      // Of a row that is too short for its password to be there, another blanked cell goes, so that it
      // still has too few and is not taken for a whole one when it comes back.
      const end = length - secrets.filter((secret) => secret >= length).length;
      const isDropped = (index: number): boolean => dropped.has(index) || index >= end;
      return row.cells.flatMap((_, index) => (isDropped(index) ? [] : [cellOf(row, index)]));
    },
    usernameOf: (row) =>
      (usernameIndex >= 0 && cellOf(row, usernameIndex).trim()) ||
      (addressIndex >= 0 && cellOf(row, addressIndex).trim()) ||
      '',
  };
}
