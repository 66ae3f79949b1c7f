import { expect } from 'vitest';

import type { LocalUser } from '../../src/local/index.js';
import { people, type Place, type Result } from './place.js';

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
  const shown = shownUser(user);
  if (row.status === 'created') return isSame(shown, wanted);
  return (
    row.status === 'partial' && row.code !== '' && isSame(shown, afterSteps(row, wanted, shown))
  );
}

/** What is so of a user for whom some steps were done; of the others nobody knows. */
function afterSteps({ steps }: Result, wanted: Wanted, shown: Wanted): Wanted {
  const done = new Set(steps.split('+'));
  const among = shown.groups.filter((name) => wanted.groups.includes(name));
  return {
    ...wanted,
    groups: done.has('groups') ? wanted.groups : among,
    enabled: wanted.enabled || done.has('disable') ? wanted.enabled : shown.enabled,
  };
}

const isSame = (one: Wanted, other: Wanted): boolean =>
  JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));

const sorted = ({ attributes, groups, ...others }: Wanted): object => ({
  username: others.username,
  enabled: others.enabled,
  attributes: Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)),
  groups: [...groups].sort(),
});

const isDisabled = (n: number): boolean => n % 3 === 0;

/** A file of people whose rows ask for attributes, two groups, and each third to be disabled. */
export const staff = (count: number): string =>
  people(count, {
    given_name: (n) => `Given ${n}`,
    groups: () => 'staff;editors',
    enabled: (n) => (isDisabled(n) ? 'false' : ''),
  });

/** Every row of a file of `staff` is created, true to the pool, and nobody was told twice. */
export function expectStaff(place: Place, count: number, run = 'r'): void {
  const rows = Array.from({ length: count }, (_, index): Wanted => {
    const username = `u${String(index + 1).padStart(4, '0')}`;
    return {
      username,
      attributes: { email: `${username}@example.com`, given_name: `Given ${index + 1}` },
      groups: ['editors', 'staff'],
      enabled: !isDisabled(index + 1),
    };
  });
  expectTrueImport(place, rows, undefined, run);
  expect(place.statuses(run)).toEqual({ created: count });
  expect(place.mostMessages, 'nobody is told twice').toBeLessThanOrEqual(1);
}
