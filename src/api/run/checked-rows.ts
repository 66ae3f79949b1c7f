import type { RowResult } from '../../apply/result.js';
import { Duplicates } from '../../record/duplicates.js';
import type { Header } from '../../record/header.js';
import type { Problem } from '../../record/problem.js';
import { readRow } from '../../record/row.js';
import type { User } from '../../record/user.js';
import type { Position, Row, Source } from '../../source/index.js';

/** A row of the file, read and held against the rows before it. */
export interface CheckedRow<U = User> {
  /** Its place in the file, from 0. */
  readonly row: number;
  readonly raw: Row;
  /** Absent where there is an error. */
  readonly user: U | undefined;
  /** Whom an invalid row is about, as far as it can be read. */
  readonly whom?: Pick<User, 'username' | 'attributes'>;
  /** Errors and warnings, in the order of the columns; those across rows last. */
  readonly problems: readonly Problem[];
}

export interface CheckedBatch<U = User> {
  readonly rows: readonly CheckedRow<U>[];
  /** Where the batch starts in the file. */
  readonly start: Position;
  /** Bytes of the file on the disk that were read so far. */
  readonly bytesRead: number;
}

/** Reads every row of a file once, with all its problems, also those that only other rows make. */
export async function* checkedRows(
  source: Source,
  header: Header,
  seed: number,
): AsyncGenerator<CheckedBatch> {
  const pass = source.read();
  let duplicates: Duplicates | undefined;
  for await (const { rows, start } of pass) {
    // What was read of the file so far says about how many rows it has.
    const expected = Math.ceil((rows.length * source.size) / pass.bytesRead);
    const known = (duplicates ??= new Duplicates(header, { seed, expected }));
    const checked = rows.map((raw, index): CheckedRow => {
      const { user, whom = user, problems } = readRow(raw, header);
      const across = user ? known.check(user) : [];
      const all = across.length === 0 ? problems : [...problems, ...across];
      const row = start.row + index;
      if (user && !across.some(isError)) return { row, raw, user, problems: all };
      return { row, raw, user: undefined, ...(whom && { whom }), problems: all };
    });
    yield { rows: checked, start, bytesRead: pass.bytesRead };
  }
}

const isError = ({ severity }: Problem): boolean => severity === 'error';

/** What keeps a row from being carried out. */
export type Obstacle = Pick<Problem, 'code' | 'message'>;

/** What is wrong with a row that has no user. */
export function errorIn({ problems }: { readonly problems: readonly Problem[] }): Obstacle {
  return problems.find(isError) ?? { code: 'invalid', message: 'the row has an error' };
}

/** What becomes of a row that is not sent. */
export function invalidResult(
  { row, raw }: Pick<CheckedRow, 'row' | 'raw'>,
  username: string,
  { code, message }: Obstacle,
): RowResult {
  const { line } = raw;
  const nothingDone = { steps: [], attempts: 0, final: true } as const;
  return { row, line, username, status: 'invalid', code, message, ...nothingDone };
}

/** What is known of a file once all of it was read. */
export function totalsOf({ totals }: Source): NonNullable<Source['totals']> {
  if (!totals) throw new Error('a whole pass has totals');
  return totals;
}
