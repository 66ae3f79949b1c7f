import { expect } from 'vitest';

import type { LocalUser } from '../../src/local/index.js';
import type { Place, Result } from './place.js';

/** What a row asks for, as the pool has it afterwards. */
export interface Wanted {
  readonly username: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly groups: readonly string[];
  readonly enabled: boolean;
}

/** What of a user a row may say, in one order. */
export function shownUser({ username, attributes, groups, enabled }: LocalUser): Wanted {
  const others = Object.entries(attributes).filter(([name]) => name !== 'sub');
  return { username, attributes: Object.fromEntries(others), groups: [...groups].sort(), enabled };
}

/**
 * Holds the report of an import against the pool, user by user and attribute by attribute: each row
 * of the file stands in it once and in order, and says what is so; nobody else is in the pool.
 */
export function expectTrueImport(
  place: Place,
  rows: readonly Wanted[],
  isTold: (row: Result) => boolean = () => false,
  run = 'r',
): void {
  const results = place.results(run);
  expect(results.map(({ line }) => line)).toEqual(rows.map((_, index) => String(index + 2)));
  const users = place.users();
  const untrue: unknown[] = [];
  let there = 0;
  for (const [index, row] of results.entries()) {
    const wanted = rows[index];
    if (!wanted) throw new Error('a line of the report has its row');
    const user = users.get(wanted.username);
    if (user) there++;
    if (!isTrue(row, wanted, user) && !isTold(row)) untrue.push({ row, wanted, user });
  }
  expect(untrue.slice(0, 3), `${untrue.length} rows are not true`).toEqual([]);
  expect(there, 'nobody is in the pool who is in no row').toBe(users.size);
}

function isTrue(row: Result, wanted: Wanted, user: LocalUser | undefined): boolean {
  if (row.username !== wanted.username) return false;
  if (row.status === 'failed' || row.status === 'not-attempted')
    return user === undefined && row.sub === '';
  if (row.sub !== user?.sub) return false;
  const isWhole = JSON.stringify(sorted(shownUser(user))) === JSON.stringify(sorted(wanted));
  return row.status === 'created' ? isWhole : row.status === 'partial' && row.code !== '';
}

const sorted = ({ attributes, groups, ...others }: Wanted): object => ({
  username: others.username,
  enabled: others.enabled,
  attributes: Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)),
  groups: [...groups].sort(),
});
