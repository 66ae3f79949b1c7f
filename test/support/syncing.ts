import { expect } from 'vitest';

import { dryRunSync } from '../../src/api/sync/sync-dry-run.js';
import type { SyncDryRunOptions, SyncOptions } from '../../src/api/options.js';
import { syncUsers } from '../../src/api/sync/sync-users.js';
import { fast } from './place.js';
import type { Place } from './place.js';
import type { Ended } from './cli.js';

/** Operations that write to the pool or bill a monthly active user. */
const costly = [
  ...['AdminCreateUser', 'AdminGetUser', 'AdminSetUserPassword', 'AdminUpdateUserAttributes'],
  ...['AdminAddUserToGroup', 'AdminRemoveUserFromGroup', 'AdminDeleteUser', 'AdminInitiateAuth'],
  ...['AdminDisableUser', 'AdminEnableUser', 'CreateGroup', 'AdminListGroupsForUser'],
];

/** How often which of them were called. */
export function costlyCalls(place: Place): Record<string, number> {
  return Object.fromEntries(
    costly.map((name) => [name, place.calls(name)] as const).filter(([, count]) => count > 0),
  );
}

/** Syncs as the run `run`, as fast as it goes. */
export function sync(
  place: Place,
  file: string,
  run: string,
  ...args: readonly string[]
): Promise<Ended> {
  return place.run(['sync', file, '--run', run, ...fast, ...args]);
}

/** As `sync`, by the library in this process: where a test begins with the run, and is about another. */
export async function synced(
  place: Place,
  file: string,
  run: string,
  options: Partial<SyncOptions> = {},
  exitCode = 0,
): Promise<void> {
  const { summary } = await syncUsers({
    ...place.library,
    ...options,
    file: place.path(file),
    run,
  });
  expect(summary.exitCode, JSON.stringify(summary)).toBe(exitCode);
}

/** As `synced`, of a dry run. */
export async function foreseen(
  place: Place,
  file: string,
  run: string,
  options: Partial<SyncDryRunOptions> = {},
  exitCode = 0,
): Promise<void> {
  const path = place.path(file);
  const { summary } = await dryRunSync({ ...place.library, ...options, file: path, run });
  expect(summary.exitCode, JSON.stringify(summary)).toBe(exitCode);
}

/** `u0001: enabled [staff] {"email":…}` for everybody, by name. */
export function poolNow(place: Place): string[] {
  return [...place.pool.users()]
    .map(({ username, enabled, groups, attributes }) => {
      const values = Object.entries(attributes).filter(([name]) => name !== 'sub');
      return `${username}: ${enabled} [${[...groups].sort().join()}] ${JSON.stringify(values.sort())}`;
    })
    .sort();
}

/** What a run says of its rows, `line username status code steps`, in the order of its report. */
export function told(place: Place, run: string): string[] {
  return place
    .results(run)
    .map(({ line, username, status, code, steps }) =>
      [line, username, status, code, steps].filter((cell) => cell !== '').join(' '),
    );
}
