import fc from 'fast-check';

import type { RowOptions } from '../../src/api/options.js';
import type { PoolDescription } from '../../src/cognito/description.js';
import type { RemovalCap } from '../../src/plan/removal-cap.js';
import type { SyncSettings } from '../../src/plan/sync-plan.js';
import type { ScriptedPool } from '../support/scripted-pool.js';
import { surroundings } from './arbitraries.js';
import { ModelFile } from './model-file.js';
import type { Surroundings } from './world.js';

/** A user who was in the pool before. */
export interface Resident {
  /** What of them is not as in their row. */
  readonly differs: readonly ('email' | 'given_name' | 'family_name')[];
  readonly enabled: boolean;
  readonly groups: readonly string[];
  readonly isInScope: boolean;
  readonly isProtected: boolean;
  /** Made a moment ago, and listed already: of an import nobody could tell whether it made them. */
  readonly isNew: boolean;
}

/** A row of the file. */
export interface Line {
  readonly resident: Resident | undefined;
  readonly groups: readonly string[];
  readonly enabled: '' | 'true' | 'false';
  /** What of it can't be read. */
  readonly broken: 'nothing' | 'a flag' | 'its name';
  readonly isRefused: boolean;
}

/** What somebody else does to a user. */
export interface Meddling {
  /** After the plan was made, or after the so-manieth process died or ended. */
  readonly at: 'plan' | number;
  readonly whom: number;
  readonly how: 'rename' | 'switch' | 'delete' | 'make';
}

export interface SyncCase extends Surroundings {
  readonly command: 'sync' | 'import';
  readonly lines: readonly Line[];
  readonly others: readonly Resident[];
  readonly meddlings: readonly Meddling[];
  readonly invite: boolean;
  readonly verified: boolean;
  readonly byKey: boolean;
  readonly groupsMode: SyncSettings['groupsMode'];
  readonly missing: SyncSettings['missing'];
  readonly scope: 'all' | 'group' | 'attribute';
  readonly cap: RemovalCap;
}

export const groupNames = ['staff', 'editors', 'company'] as const;

const rarely = fc.nat(9).map((n) => n === 9);
const someGroups = fc.subarray(['staff', 'editors'] as const);

const resident: fc.Arbitrary<Resident> = fc.record({
  differs: fc.subarray(['email', 'given_name', 'family_name'] as const),
  enabled: fc.boolean(),
  groups: someGroups,
  isInScope: fc.nat(3).map((n) => n > 0),
  isProtected: rarely,
  isNew: rarely,
});

const line: fc.Arbitrary<Line> = fc.record({
  resident: fc.option(resident, { nil: undefined }),
  groups: someGroups,
  enabled: fc.constantFrom('', 'true', 'false'),
  broken: fc.oneof(
    { weight: 12, arbitrary: fc.constant('nothing' as const) },
    { weight: 1, arbitrary: fc.constantFrom('a flag' as const, 'its name' as const) },
  ),
  isRefused: rarely,
});

const meddling: fc.Arbitrary<Meddling> = fc.record({
  at: fc.constantFrom<Meddling['at'][]>('plan', 0, 1, 2),
  whom: fc.nat(9),
  how: fc.constantFrom('rename', 'switch', 'delete', 'make'),
});

const cap: fc.Arbitrary<RemovalCap> = fc.oneof(
  fc.record({ users: fc.constantFrom(0, 1, 2, 100) }),
  fc.record({ percent: fc.constantFrom(50, 100) }),
);

export const syncCase = {
  ...surroundings,
  lines: fc.array(line, { minLength: 1, maxLength: 6 }),
  others: fc.array(resident, { maxLength: 4 }),
  meddlings: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(meddling, { maxLength: 3 }) },
  ),
  invite: fc.boolean(),
  verified: fc.boolean(),
  byKey: fc.boolean(),
  groupsMode: fc.constantFrom('add', 'exact'),
  missing: fc.constantFrom('ignore', 'disable', 'delete'),
  scope: fc.constantFrom('all', 'group', 'attribute'),
  cap,
} satisfies Record<string, fc.Arbitrary<unknown>>;

export const emailOf = (row: number): string => `u${row}@example.com`;

/** What the pool is, as DescribeUserPool and ListGroups tell it. */
export function descriptionOf({ byEmail }: Surroundings): PoolDescription {
  const names = ['email', 'email_verified', 'given_name', 'family_name', 'custom:site'];
  const SchemaAttributes = names.map((Name) => ({ Name, Mutable: Name !== 'family_name' }));
  return {
    UserPool: {
      Id: 'eu-west-1_Scripted',
      SchemaAttributes,
      ...(byEmail && { UsernameAttributes: ['email'] }),
    },
    Groups: groupNames.map((GroupName) => ({ GroupName })),
  };
}

/** How the rows are read. */
export function rowOptionsOf({ invite, verified }: SyncCase): RowOptions {
  return {
    passwordMode: 'none',
    invite: invite ? 'email' : 'none',
    ...(verified && { verified: ['email'] }),
  };
}

export function settingsOf(one: SyncCase): SyncSettings {
  const { byKey, groupsMode, missing, scope } = one;
  const scopes = {
    all: { is: 'all' },
    group: { is: 'group', name: 'company' },
    attribute: { is: 'attribute', name: 'custom:site', value: 'HQ' },
  } as const;
  const people = [
    ...one.lines.flatMap(({ resident: found }, row) =>
      found?.isProtected === true ? residentName(one, row) : [],
    ),
    ...one.others.flatMap(({ isProtected }, n) => (isProtected ? `other-${n}` : [])),
  ];
  return {
    ...{ key: byKey ? 'email' : 'username', groupsMode, missing },
    scope: scopes[scope],
    protected: new Set(people),
  };
}

/** What the pool knows the user of a row by who was there before. */
export function residentName({ byEmail }: Surroundings, row: number): string {
  return byEmail ? `before-${row}` : `u${row}`;
}

/** Whom a trigger refuses. */
export function refusedIn({ lines, byEmail }: SyncCase): ReadonlySet<string> {
  const names = lines.map((_, row) => (byEmail ? emailOf(row) : `u${row}`));
  return new Set(names.filter((_, row) => lines[row]?.isRefused === true));
}

/** The file of a case. */
export function fileOf({ lines, byEmail }: SyncCase): ModelFile {
  const header = ['email', 'given_name', 'family_name', 'groups', 'enabled'];
  const rows = lines.map(({ groups, enabled, broken }, row) => {
    const flag = broken === 'a flag' ? 'perhaps' : enabled;
    const email = byEmail && broken === 'its name' ? 'nobody' : emailOf(row);
    const cells = [email, `Given ${row}`, `Family ${row}`, groups.join(';'), flag];
    return byEmail ? cells : [broken === 'its name' ? '' : `u${row}`, ...cells];
  });
  return new ModelFile(byEmail ? header : ['username', ...header], rows);
}

/** Puts everybody in who was there before. */
export function settle(pool: ScriptedPool, one: SyncCase): void {
  pool.groups = [...groupNames];
  one.lines.forEach(({ resident: found }, row) => {
    if (found) put(one, pool, residentName(one, row), emailOf(row), found, row);
  });
  one.others.forEach((found, n) => {
    put(one, pool, `other-${n}`, `other-${n}@example.com`, found, n);
  });
}

function put(
  { command, listLagMs, clockOffsetMs }: SyncCase,
  pool: ScriptedPool,
  username: string,
  email: string,
  { differs, enabled, groups, isInScope, isNew }: Resident,
  n: number,
): void {
  // Just long enough ago to be listed.
  const newAt = Date.UTC(2026, 0, 1) + clockOffsetMs - listLagMs;
  const value = (name: Resident['differs'][number], same: string): string =>
    differs.includes(name) ? `old-${same}` : same;
  pool.put(
    username,
    {
      email: value('email', email),
      given_name: value('given_name', `Given ${n}`),
      family_name: value('family_name', `Family ${n}`),
      locale: 'en',
      ...(isInScope && { 'custom:site': 'HQ' }),
    },
    {
      enabled,
      groups: new Set([...groups, ...(isInScope ? ['company'] : [])]),
      ...(isNew && command === 'sync' && { createdAt: newAt }),
    },
  );
}
