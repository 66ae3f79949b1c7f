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
      if (user && firstError(across) === undefined) return { row, raw, user, problems: all };
      return { row, raw, user: undefined, ...(whom && { whom }), problems: all };
    });
    yield { rows: checked, start, bytesRead: pass.bytesRead };
  }
}

/** What keeps a row from being sent. */
export function firstError(problems: readonly Problem[]): Problem | undefined {
  return problems.find(({ severity }) => severity === 'error');
}

/** What becomes of a row that is not sent. */
export function invalidResult(
  { row, raw }: Pick<CheckedRow, 'row' | 'raw'>,
  username: string,
  problem: Pick<Problem, 'code' | 'message'> | undefined,
): RowResult {
  return {
    row,
    line: raw.line,
    username,
    status: 'invalid',
    ...(problem && { code: problem.code, message: problem.message }),
    steps: [],
    attempts: 0,
    final: true,
  };
}
