import type { ColumnKind } from './columns.js';
import { withoutFormulaGuard } from './formula-guard.js';
import type { Header, Row } from './header.js';

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

/** Forms that a value of another column has and a password has not. */
const otherForms: readonly RegExp[] = [
  // An email address.
  /^[\w.%+-]+@(?:[a-z\d-]+\.)+[a-z]{2,}$/i,
  // A phone number.
  /^\+\d{6,15}$/,
  // A date.
  /^\d{4}-\d{2}-\d{2}$|^\d{2}\/\d{2}\/\d{4}$/,
  /^(?:true|false)$/i,
];

/** Letters, digits and another sign, as password policies ask for, and as few names have. */
const likePassword = /^(?=.*\p{L})(?=.*\d)(?=.*[^\p{L}\p{M}\p{N}._@+-]).*$/su;

/**
 * In a row with too few or too many cells nobody can say which cell the password is: cells may be
 * missing before it and too many behind it. Left are the cells that it can't have slipped to by the
 * difference alone and that have the form of something else; of the username's column also what does
 * not look like a password, since it tells whose row that is. All others are left empty.
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
  const mayBePassword = (cell: string, index: number, cells: number): boolean => {
    if (cells === width || secrets.length === 0) return false;
    const isNear = secrets.some((secret) => Math.abs(index - secret) <= Math.abs(cells - width));
    if (isNear) return true;
    if (index === usernameIndex && !likePassword.test(cell)) return false;
    return !otherForms.some((form) => form.test(cell.trim()));
  };
  const cellOf = (row: Row, index: number): string => {
    const given = row.cells[index] ?? '';
    const cell = mayBePassword(given, index, row.cells.length) ? '' : given;
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
