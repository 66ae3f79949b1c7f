import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { expect } from 'vitest';

import type { Operation } from '../../src/cognito/quotas.js';
import type { LocalPoolSettings } from '../../src/local/index.js';
import { people, type Place } from '../support/place.js';
import { signInWithSdk } from '../support/signing-in.js';
import { expectTrueImport, type Wanted } from '../support/truth.js';

/** A run that is killed again and again: what it begins with, and what is so once it is done. */
export interface Life {
  readonly name: string;
  readonly local?: LocalPoolSettings['Local'];
  /** Puts into the place what the run begins with; the only run that it may make is `before`. */
  readonly prepare: (place: Place) => Promise<unknown>;
  readonly args: readonly string[];
  /** What the run calls for each user it changes, and how often where no process dies. */
  readonly operations: readonly Operation[];
  readonly changes: number;
  /** Files beside the reports that a run makes before it begins. */
  readonly makes?: string;
  /** Holds what the run says against the pool. */
  readonly hold: (place: Place, run: string) => Promise<void> | void;
}

const nameOf = (n: number): string => `u${String(n).padStart(4, '0')}`;
const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1);

const imported = 150;
const given_name = (n: number): string => `Given ${n}`;

function wantedOf(n: number, enabled: boolean): Wanted {
  const attributes = { email: `${nameOf(n)}@example.com`, given_name: given_name(n) };
  return { username: nameOf(n), attributes, groups: ['editors', 'staff'], enabled };
}

const isDisabled = (n: number): boolean => n % 3 === 1;

/** Everybody is invited, and joins two groups; some are disabled. */
const invitations: Life = {
  name: 'an import with invitations',
  prepare: (place) =>
    place.write(
      'f.csv',
      people(imported, {
        given_name,
        groups: () => 'staff;editors',
        enabled: (n) => (isDisabled(n) ? 'false' : ''),
      }),
    ),
  args: ['import', 'f.csv', '--run', 'r', '--invite', 'email'],
  operations: ['AdminCreateUser'],
  changes: imported,
  hold: (place, run) => {
    const wanted = upTo(imported).map((n) => wantedOf(n, !isDisabled(n)));
    expectTrueImport(place, wanted, undefined, run);
    expect(place.statuses(run)).toEqual({ created: imported });
    expect([place.pool.messages.length, place.mostMessages]).toEqual([imported, 1]);
  },
};

const hasPassword = (n: number): boolean => n % 4 === 0;
const passwordOf = (n: number): string => `S3cret-${nameOf(n)}!`;
const withPasswords = 100;

/** Who has no password in the file gets one, for good; everybody joins two groups. */
const passwords: Life = {
  name: 'an import that generates permanent passwords',
  prepare: (place) =>
    place.write(
      'f.csv',
      people(withPasswords, {
        given_name,
        groups: () => 'staff;editors',
        password: (n) => (hasPassword(n) ? passwordOf(n) : ''),
      }),
    ),
  args: [
    ...['import', 'f.csv', '--run', 'r', '--password-mode', 'permanent'],
    ...['--generate-passwords', 'passwords.csv'],
  ],
  operations: ['AdminCreateUser'],
  changes: withPasswords,
  makes: 'passwords.csv',
  hold: async (place, run) => {
    const wanted = upTo(withPasswords).map((n) => wantedOf(n, true));
    expectTrueImport(place, wanted, undefined, run);
    expect(place.statuses(run)).toEqual({ created: withPasswords });
    const made = parse(readFileSync(place.path('passwords.csv')), { from: 2 });
    const generated = new Map(made.map(([name = '', password = '']) => [name, password]));
    expect(made.length, 'each password once').toBe(generated.size);
    const without = upTo(withPasswords).filter((n) => !hasPassword(n));
    expect([...generated.keys()].sort()).toEqual(without.map(nameOf));
    for (const n of upTo(withPasswords)) {
      const password = generated.get(nameOf(n)) ?? passwordOf(n);
      expect(await signInWithSdk(place, nameOf(n), password), nameOf(n)).toBe('tokens');
    }
  },
};

/** Of 120 who are there 20 are in no row, and 40 have another name; 50 are not there yet. */
const [gone, renamed, kept, added] = [20, 40, 60, 50];
const there = gone + renamed + kept;

const sync: Life = {
  name: 'a sync',
  local: {
    Users: upTo(there).map((n) => ({
      Username: nameOf(n),
      Attributes: {
        email: `${nameOf(n)}@example.com`,
        given_name: n <= gone + renamed ? 'Old' : given_name(n),
      },
      Groups: ['editors', 'staff'],
    })),
  },
  prepare: (place) => {
    const columns = { given_name, groups: () => 'staff;editors' };
    const lines = people(there + added, columns).split('\n');
    return place.write('f.csv', [lines[0], ...lines.slice(gone + 1)].join('\n'));
  },
  args: [
    ...['sync', 'f.csv', '--run', 'r', '--missing', 'disable', '--scope', 'all'],
    ...['--max-removals', '100%', '--yes'],
  ],
  operations: ['AdminCreateUser', 'AdminUpdateUserAttributes', 'AdminDisableUser'],
  changes: added + renamed + gone,
  hold: (place, run) => {
    const results = place.results(run);
    const rows = upTo(there + added - gone);
    const names = [...rows.map((row) => nameOf(row + gone)), ...upTo(gone).map(nameOf)];
    expect(results.map(({ line }) => line)).toEqual([
      ...rows.map((row) => String(row + 1)),
      ...Array<string>(gone).fill(''),
    ]);
    const users = place.users();
    expect(results.map(({ username, sub }) => [username, sub])).toEqual(
      names.map((name) => [name, users.get(name)?.sub]),
    );
    const counts = { created: added, updated: renamed, unchanged: kept, disabled: gone };
    expect(place.statuses(run)).toEqual(counts);
    expect(users.size).toBe(there + added);
    for (const n of upTo(there + added)) {
      const user = users.get(nameOf(n));
      expect(user?.enabled, nameOf(n)).toBe(n > gone);
      expect([...(user?.groups ?? [])].sort()).toEqual(['editors', 'staff']);
      if (n > gone) expect(user?.attributes['given_name']).toBe(given_name(n));
    }
  },
};

const undone = 100;

/** Takes an import back, in a pool that others are in. */
const undo: Life = {
  name: 'an undo',
  local: {
    Users: upTo(5).map((n) => ({ Username: `other-${n}`, Attributes: { email: 'o@example.com' } })),
  },
  prepare: async (place) => {
    await place.write('f.csv', people(undone));
    await place.imported('f.csv', { run: 'before' });
  },
  args: ['undo', 'before', '--yes'],
  operations: ['AdminDeleteUser'],
  changes: undone,
  hold: (place, run) => {
    const results = place.results(run);
    expect(results.map(({ username }) => username)).toEqual(upTo(undone).map(nameOf));
    expect(place.statuses(run)).toEqual({ deleted: undone });
    expect([...place.users().keys()].sort()).toEqual(upTo(5).map((n) => `other-${n}`));
  },
};

/** In the order in which they take turns. */
export const lives: readonly Life[] = [passwords, undo, invitations, sync];
