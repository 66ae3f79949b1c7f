import { describe, expect, it } from 'vitest';

import type { UserPoolSettings } from '../../src/cognito/description.js';
import type { PoolUser } from '../../src/cognito/user-pool.js';
import { userFingerprint } from '../../src/plan/fingerprint.js';
import type { PlanCounts, Planned } from '../../src/plan/planned.js';
import { writesNothing } from '../../src/plan/planned.js';
import { mostRemovals, removals } from '../../src/plan/removal-cap.js';
import { SyncPlan } from '../../src/plan/sync-plan.js';
import type { SyncSettings } from '../../src/plan/sync-plan.js';
import type { User } from '../../src/record/user.js';

type Values = Readonly<Record<string, string>>;

const attributesOf = (values: Values): PoolUser['attributes'] =>
  Object.entries(values).map(([Name, Value]) => ({ Name, Value }));

const row = (username: string, values: Values = {}, more: Partial<User> = {}): User => ({
  line: 2,
  username,
  attributes: attributesOf(values),
  groups: [],
  ...more,
});

const user = (
  username: string,
  values: Values = {},
  more: Partial<PoolUser> = {},
): PoolUser & { readonly sub: string } => ({
  username,
  attributes: attributesOf({ sub: `sub-of-${username}`, ...values }),
  enabled: true,
  status: 'CONFIRMED',
  createdAt: 0,
  modifiedAt: 0,
  ...more,
  sub: `sub-of-${username}`,
});

const plain: UserPoolSettings = {
  Id: 'eu-west-1_A',
  UsernameConfiguration: { CaseSensitive: false },
  SchemaAttributes: [{ Name: 'custom:id', Mutable: false }],
};
const byEmail: UserPoolSettings = { ...plain, UsernameAttributes: ['email'] };
const byBoth: UserPoolSettings = { ...plain, UsernameAttributes: ['email', 'phone_number'] };
const alias: UserPoolSettings = { ...plain, AliasAttributes: ['email'] };
const disabled = { enabled: false };
const external = { status: 'EXTERNAL_PROVIDER' };
const verified = (email: string): Values => ({ email, email_verified: 'true' });

/** A row whose key can't be read. */
const unreadable = Symbol('unreadable');
/** A row with an error, and the user whom it is about. */
interface Invalid {
  readonly invalid: User;
}

interface Given extends Partial<SyncSettings> {
  readonly pool?: UserPoolSettings;
  readonly rows?: readonly (User | Invalid | typeof unreadable)[];
  readonly users?: readonly PoolUser[];
  /** Groups by the users who are in them. */
  readonly members?: Readonly<Record<string, readonly string[]>>;
  /** Rows whose cell for the groups is empty. */
  readonly withoutGroups?: readonly number[];
}

interface Made {
  readonly added: readonly string[];
  readonly rows: readonly Planned[];
  readonly others: readonly Planned[];
  readonly counts: PlanCounts;
  readonly protected: number;
  readonly unreadable: number;
}

/** Makes a plan as a sync does: the rows, the scope, the users, the groups. */
function planFor({ pool = plain, rows = [], users = [], members = {}, ...given }: Given): Made {
  const settings: SyncSettings = {
    key: 'username',
    groupsMode: 'add',
    missing: 'ignore',
    scope: { is: 'all' },
    protected: new Set(),
    ...given,
  };
  const plan = new SyncPlan(pool, settings, 7);
  const added = rows.map((one, index) => {
    if (one === unreadable) plan.addInvalid(index, undefined);
    else if ('invalid' in one) plan.addInvalid(index, one.invalid);
    else return plan.addRow(index, one, given.withoutGroups?.includes(index) !== true);
    return 'invalid';
  });
  const named = (group: string): PoolUser[] =>
    users.filter(({ username }) => members[group]?.includes(username));
  if (plan.scopeGroup !== undefined) {
    for (const one of named(plan.scopeGroup)) plan.addScopeMember(one);
  }
  const others = users.flatMap((one) => plan.see(one) ?? []);
  for (const group of plan.groups) for (const one of named(group)) plan.seeMember(group, one);
  const planned = added.flatMap((how, index) => (how === 'added' ? [plan.planOf(index)] : []));
  const { counts, protected: kept, unreadable: unread } = plan;
  return { added, rows: planned, others, counts, protected: kept, unreadable: unread };
}

const update = {
  do: 'update',
  attributes: [],
  immutable: [],
  join: [],
  leave: [],
} as const;

describe('what becomes of a row', () => {
  it.each<[string, Given, object]>([
    ['a user who is not there', { rows: [row('ada')] }, { do: 'create' }],
    [
      'a user with all that it says, and more',
      { rows: [row('ada', { name: 'Ada' })], users: [user('ada', { name: 'Ada', locale: 'en' })] },
      { do: 'nothing', status: 'unchanged', sub: 'sub-of-ada' },
    ],
    [
      'only what differs is named',
      {
        rows: [row('ada', { name: 'Ada', locale: 'en', zoneinfo: 'UTC' })],
        users: [user('ada', { name: 'Eve', locale: 'en' })],
      },
      { ...update, sub: 'sub-of-ada', attributes: ['name', 'zoneinfo'] },
    ],
    [
      'what can not be changed is reported',
      {
        rows: [row('ada', { name: 'Ada', 'custom:id': '1' })],
        users: [user('ada', { name: 'Eve', 'custom:id': '2' })],
      },
      { ...update, attributes: ['name'], immutable: ['custom:id'] },
    ],
    [
      'and is no reason to change anything',
      { rows: [row('ada', { 'custom:id': '1' })], users: [user('ada')] },
      { do: 'nothing', status: 'unchanged', code: 'immutable-attribute' },
    ],
    [
      'a flag that is not listed is a false one',
      { rows: [row('ada', { email_verified: 'false' })], users: [user('ada')] },
      { do: 'nothing', status: 'unchanged' },
    ],
    [
      'a flag that is true is taken away',
      {
        rows: [row('ada', { email_verified: 'false' })],
        users: [user('ada', { email_verified: 'true' })],
      },
      { ...update, attributes: ['email_verified'] },
    ],
    [
      'enabled, by a row that says so',
      { rows: [row('ada', {}, { enabled: true })], users: [user('ada', {}, disabled)] },
      { ...update, enabling: 'enable' },
    ],
    [
      'disabled, by a row that says so',
      { rows: [row('ada', {}, { enabled: false })], users: [user('ada')] },
      { ...update, enabling: 'disable' },
    ],
    [
      'disabled already',
      { rows: [row('ada', {}, { enabled: false })], users: [user('ada', {}, disabled)] },
      { do: 'nothing', status: 'unchanged' },
    ],
    [
      'left disabled where the row says nothing',
      { rows: [row('ada')], users: [user('ada', {}, disabled)] },
      { do: 'nothing', status: 'unchanged' },
    ],
    [
      'a provider’s user',
      { rows: [row('ada', { name: 'Ada' })], users: [user('ada', { name: 'Eve' }, external)] },
      { do: 'nothing', status: 'exists', code: 'external-user' },
    ],
    [
      'an alias that somebody else has',
      {
        pool: alias,
        rows: [row('ada', verified('a@b.c'))],
        users: [user('eve', verified('a@b.c'))],
      },
      { do: 'nothing', status: 'failed', code: 'AliasExistsException' },
    ],
    [
      'a key that several have',
      {
        key: 'email',
        rows: [row('ada', { email: 'a@b.c' })],
        users: [user('ada', { email: 'a@b.c' }), user('eve', { email: 'A@b.c' })],
      },
      { do: 'nothing', status: 'failed', code: 'ambiguous-key' },
    ],
    [
      'a username that somebody with another key has',
      {
        key: 'email',
        rows: [row('ada', { email: 'new@b.c' })],
        users: [user('ada', { email: 'old@b.c' })],
      },
      { do: 'nothing', status: 'failed', code: 'UsernameExistsException' },
    ],
    [
      'another name, by a key that stays',
      {
        key: 'custom:id',
        pool: byEmail,
        rows: [row('new@b.c', { email: 'new@b.c', 'custom:id': '7' })],
        users: [user('uuid', { email: 'old@b.c', 'custom:id': '7' })],
      },
      { ...update, sub: 'sub-of-uuid', attributes: ['email'] },
    ],
    [
      'their email, where it is the username',
      {
        pool: byEmail,
        rows: [row('a@b.c', { email: 'a@b.c' })],
        users: [user('uuid', { email: 'a@b.c' })],
      },
      { do: 'nothing', status: 'unchanged', sub: 'sub-of-uuid' },
    ],
  ])('%s', (_, given, wanted) => {
    const { rows, others, counts } = planFor(given);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ row: 0, ...wanted });
    expect(others).toEqual([]);
    expect(writesNothing(counts)).toBe((wanted as Planned).do === 'nothing');
  });

  it('holds what a user looked like when they were seen', () => {
    const eve = user('eve', { name: 'Eve', locale: 'en' }, disabled);
    const { rows } = planFor({ rows: [row('eve', { name: 'Ada' })], users: [eve] });
    expect(rows[0]).toMatchObject({ do: 'update', as: userFingerprint(eve) });
  });

  it('is told apart from its neighbours, and counted', () => {
    const { rows, counts } = planFor({
      rows: [
        row('new'),
        row('same'),
        row('off', {}, { enabled: false }),
        row('on', { name: 'On' }, { enabled: true }),
        row('other', { name: 'Other' }),
        row('external'),
      ],
      users: [
        user('other', { name: 'X' }),
        user('on', { name: 'X' }, disabled),
        user('off'),
        user('same'),
        user('external', {}, external),
      ],
    });
    expect(rows.map((one) => one.do)).toEqual([
      'create',
      'nothing',
      'update',
      'update',
      'update',
      'nothing',
    ]);
    // A user who is enabled and changed counts as both.
    expect(counts).toEqual({
      create: 1,
      update: 2,
      disable: 1,
      enable: 1,
      delete: 0,
      nothing: 2,
      scope: 4,
    });
  });
});

describe('rows that are about nobody, or about one another', () => {
  it('has no key', () => {
    const { added, unreadable: unread } = planFor({
      key: 'email',
      rows: [row('ada'), row('bob', { email: 'b@b.c' })],
    });
    expect([added, unread]).toEqual([['missing', 'added'], 1]);
  });

  it('has the key of an earlier row, which counts', () => {
    const { added, rows } = planFor({
      key: 'email',
      rows: [row('ada', { email: 'a@b.c' }), row('eve', { email: 'A@B.C' })],
      users: [user('ada', { email: 'a@b.c' })],
    });
    expect(added).toEqual(['added', 'taken']);
    expect(rows).toMatchObject([{ row: 0, status: 'unchanged' }]);
  });
});

describe('groups', () => {
  const users = [user('ada'), user('bob'), user('eve', {}, external)];
  const members = { staff: ['ada', 'eve'], sales: ['ada', 'bob'], others: ['ada'] };
  const of = (groups: readonly string[]): Partial<User> => ({ groups });

  it.each<[string, Given, object]>([
    [
      'are joined',
      { rows: [row('bob', {}, of(['staff', 'sales']))] },
      { join: ['staff'], leave: [] },
    ],
    [
      'are not left where they are added alone',
      { rows: [row('ada', {}, of(['staff'])), row('bob', {}, of(['sales']))] },
      { status: 'unchanged' },
    ],
    [
      'that another row names are left where they are exact',
      { groupsMode: 'exact', rows: [row('ada', {}, of(['staff'])), row('bob', {}, of(['sales']))] },
      { join: [], leave: ['sales'] },
    ],
    [
      'that no row names are nobody’s matter',
      { groupsMode: 'exact', rows: [row('ada', {}, of(['staff', 'sales']))] },
      { status: 'unchanged' },
    ],
    [
      'are joined and left at once',
      {
        groupsMode: 'exact',
        rows: [row('bob', {}, of(['staff'])), row('ada', {}, of(['sales', 'staff']))],
      },
      { join: ['staff'], leave: ['sales'] },
    ],
    [
      'are not left by an empty cell',
      {
        groupsMode: 'exact',
        withoutGroups: [0],
        rows: [row('ada'), row('bob', {}, of(['sales']))],
      },
      { status: 'unchanged' },
    ],
    [
      'are not left by an empty cell, also where everybody is to be in one',
      {
        groupsMode: 'exact',
        withoutGroups: [0],
        rows: [row('ada', {}, of(['staff'])), row('bob', {}, of(['staff', 'sales']))],
      },
      { status: 'unchanged' },
    ],
    [
      'of a provider’s user stay',
      { groupsMode: 'exact', rows: [row('eve', {}, of(['sales'])), row('bob', {}, of(['staff']))] },
      { status: 'exists' },
    ],
  ])('%s', (_, given, wanted) => {
    expect(planFor({ users, members, ...given }).rows[0]).toMatchObject(wanted);
  });
});

describe('users who are in no row', () => {
  const one = user('bob', { email: 'Bob@Example.com', 'custom:id': '7' });

  it.each<[string, Given, object | undefined]>([
    ['stay where nobody says otherwise', { users: [one] }, undefined],
    [
      'are disabled',
      { missing: 'disable', users: [one] },
      { do: 'disable', as: userFingerprint(one) },
    ],
    ['are disabled once', { missing: 'disable', users: [user('bob', {}, disabled)] }, undefined],
    ['are deleted', { missing: 'delete', users: [one] }, { do: 'delete', sub: 'sub-of-bob' }],
    [
      'are deleted also when disabled',
      { missing: 'delete', users: [user('bob', {}, disabled)] },
      { do: 'delete' },
    ],
    [
      'are never a provider’s',
      { missing: 'delete', users: [user('bob', {}, external)] },
      undefined,
    ],
    [
      'are not those of an invalid row',
      { missing: 'delete', rows: [{ invalid: row('BOB') }], users: [one] },
      undefined,
    ],
    [
      'are not those of a row that repeats another',
      { missing: 'delete', rows: [row('bob'), { invalid: row('bob') }], users: [one] },
      undefined,
    ],
    [
      'are not those whose username a row has, by whatever key',
      { missing: 'delete', key: 'email', rows: [row('bob', { email: 'x@y.z' })], users: [one] },
      undefined,
    ],
    [
      'are not those who have one of two addresses of a row',
      {
        missing: 'delete',
        pool: byBoth,
        rows: [row('bob@example.com', { email: 'bob@example.com', phone_number: '+491' })],
        users: [user('uuid', { email: 'other@example.com', phone_number: '+491' })],
      },
      undefined,
    ],
    [
      'are outside a group',
      { missing: 'delete', scope: { is: 'group', name: 'g' }, members: { g: ['x'] }, users: [one] },
      undefined,
    ],
    [
      'are in a group',
      {
        missing: 'delete',
        scope: { is: 'group', name: 'g' },
        members: { g: ['bob'] },
        users: [one],
      },
      { do: 'delete' },
    ],
    [
      'have another value',
      {
        missing: 'delete',
        scope: { is: 'attribute', name: 'custom:id', value: '8' },
        users: [one],
      },
      undefined,
    ],
    [
      'have the value of the scope',
      {
        missing: 'delete',
        scope: { is: 'attribute', name: 'custom:id', value: '7' },
        users: [one],
      },
      { do: 'delete' },
    ],
  ])('%s', (_, given, wanted) => {
    const { others, counts } = planFor(given);
    expect(others).toHaveLength(wanted ? 1 : 0);
    if (wanted) expect(others[0]).toMatchObject({ username: 'bob', ...wanted });
    expect(removals(counts)).toBe(wanted ? 1 : 0);
  });

  it.each(['bob', 'sub-of-bob', 'bob@example.com'])('are kept as "%s", in any case', (name) => {
    const made = planFor({
      missing: 'delete',
      protected: new Set([name]),
      users: [one, user('eve')],
    });
    expect(made.others).toMatchObject([{ username: 'eve' }]);
    expect(made.protected).toBe(1);
  });

  it('come behind the rows, each in a place of its own', () => {
    const { others } = planFor({
      missing: 'disable',
      rows: [row('ada'), unreadable],
      users: [user('x'), user('ada'), user('y')],
    });
    expect(others.map((other) => other.row)).toEqual([2, 3]);
  });

  it('all stay where a row does not tell whom it is about', () => {
    const made = planFor({
      missing: 'delete',
      rows: [row('ada'), unreadable],
      users: [user('ada'), user('x'), user('y')],
    });
    expect(made.others).toMatchObject([
      { do: 'nothing', status: 'not-attempted', code: 'unreadable-rows', username: 'x' },
      { do: 'nothing', status: 'not-attempted', code: 'unreadable-rows', username: 'y' },
    ]);
    expect([removals(made.counts), made.unreadable]).toEqual([0, 1]);
  });

  it('are counted once, as their scope is, where the list repeats them', () => {
    const { others, counts } = planFor({
      missing: 'disable',
      rows: [row('ada', { name: 'A' })],
      users: [user('ada'), user('x'), user('ada'), user('x')],
    });
    expect(others).toHaveLength(1);
    expect(counts).toMatchObject({ disable: 1, scope: 2, update: 1 });
  });

  it('are counted against their scope alone', () => {
    const users = Array.from({ length: 40 }, (_, n) => user(`u${n}`));
    const { counts } = planFor({
      missing: 'delete',
      scope: { is: 'group', name: 'g' },
      members: { g: users.slice(0, 25).map(({ username }) => username) },
      rows: users.slice(0, 20).map(({ username }) => row(username)),
      users,
    });
    expect(counts).toMatchObject({ delete: 5, scope: 25 });
    expect(mostRemovals({ percent: 10 }, counts)).toBe(2);
    expect(mostRemovals({ percent: 20 }, counts)).toBe(5);
    expect(mostRemovals({ users: 3 }, counts)).toBe(3);
  });

  it('count as removed where their row disables them', () => {
    const { counts } = planFor({
      rows: [row('ada', { name: 'A' }, { enabled: false })],
      users: [user('ada')],
    });
    expect(removals(counts)).toBe(1);
  });

  it('and those in a row are not disabled where they are protected', () => {
    const given = { users: [user('ada')], protected: new Set(['ada']) };
    const off = planFor({ ...given, rows: [row('ada', {}, { enabled: false })] });
    expect(off.rows).toMatchObject([{ do: 'nothing', status: 'unchanged' }]);
    expect([removals(off.counts), off.protected]).toEqual([0, 1]);
    const changed = planFor({ ...given, rows: [row('ada', { name: 'A' }, { enabled: false })] });
    expect(changed.rows[0]).toMatchObject({ ...update, attributes: ['name'] });
    expect(changed.rows[0]).not.toHaveProperty('enabling');
  });
});
