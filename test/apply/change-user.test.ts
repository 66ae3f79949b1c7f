import { describe, expect, it } from 'vitest';

import { changeUser } from '../../src/apply/change-user.js';
import type { ChangeAction } from '../../src/apply/change-user.js';
import type { RowResult } from '../../src/apply/result.js';
import type { Operation } from '../../src/cognito/quotas.js';
import { attributesFingerprint, userFingerprint } from '../../src/plan/fingerprint.js';
import type { PlannedUpdate } from '../../src/plan/planned.js';
import type { User } from '../../src/record/user.js';
import { benchWith, interruption, newEffort, userOf } from '../support/apply-bench.js';
import type { Bench, BenchOptions } from '../support/apply-bench.js';
import { lostButDone } from '../support/scripted-pool.js';
import type { Fate, ScriptedPool } from '../support/scripted-pool.js';

type Stored = ReturnType<ScriptedPool['put']>;

/** As the service lists a user. */
const plannedOn = (user: Stored): { sub: string; as: string } => ({
  sub: user.sub,
  as: userFingerprint(user),
});

function updateOf(user: Stored, more: Partial<PlannedUpdate> = {}): PlannedUpdate {
  const nothing = { attributes: [], immutable: [], join: [], leave: [] };
  return { row: 0, do: 'update', ...plannedOn(user), ...nothing, ...more };
}

function removalOf(user: Stored, action: 'disable' | 'delete'): ChangeAction {
  const { username } = user;
  return {
    row: 0,
    line: 0,
    username,
    planned: { row: 0, do: action, username, ...plannedOn(user) },
  };
}

/** A user with something to be changed of each kind, and the row that says so. */
function ada(bench: Bench): { user: Stored; action: ChangeAction } {
  const groups = new Set(['old', 'kept']);
  const user = bench.pool.put('ada', { email: 'ada@example.com', name: 'Eve' }, { groups });
  const wanted: User = userOf('ada', {
    attributes: [
      { Name: 'email', Value: 'ada@example.com' },
      { Name: 'name', Value: 'Ada' },
    ],
    groups: ['new', 'kept'],
    enabled: false,
  });
  const planned = updateOf(user, {
    attributes: ['name'],
    join: ['new'],
    leave: ['old'],
    enabling: 'disable',
  });
  return { user, action: { row: 0, line: 2, username: 'ada', planned, user: wanted } };
}

/** Carries a change out, from where the ledger says that it stands. */
function change(bench: Bench, action: ChangeAction): Promise<RowResult> {
  const tools = { ...bench, ifChanged: 'make a new plan' };
  const work = changeUser(action, bench.ledger.earlier(action.row), newEffort(), tools);
  return bench.clock.run(
    work.then((result) => {
      bench.ledger.done(result);
      return result;
    }),
  );
}

const resumed = (bench: Bench, options: BenchOptions = {}): Bench =>
  benchWith({ ...options, after: bench });

const steps = ['attributes', 'groups', 'disable'];
const operations: Operation[] = [
  'ListUsers',
  'AdminUpdateUserAttributes',
  'AdminAddUserToGroup',
  'AdminRemoveUserFromGroup',
  'AdminDisableUser',
];

function expectDone({ enabled, attributes, groups }: Stored): void {
  expect(enabled).toBe(false);
  expect(attributes.find(({ Name }) => Name === 'name')?.Value).toBe('Ada');
  expect([...groups].sort()).toEqual(['kept', 'new']);
}

describe('a change that nothing keeps', () => {
  it('is looked at, written ahead, and done step by step', async () => {
    const bench = benchWith();
    const { user, action } = ada(bench);
    const tries: number[] = [];
    bench.pool.onCall = () => tries.push(bench.ledger.tries.length);
    expect(await change(bench, action)).toEqual({
      row: 0,
      line: 2,
      username: 'ada',
      sub: user.sub,
      status: 'updated',
      steps,
      attempts: 1,
      final: true,
    });
    expect(bench.pool.operations).toEqual(operations);
    expect(bench.pool.seen[1]?.args).toEqual(['ada', [{ Name: 'name', Value: 'Ada' }]]);
    // Looked at before it is in the ledger; every write after.
    expect(tries).toEqual([0, 1, 1, 1, 1]);
    expectDone(user);
  });

  it('is disabled where that is all, and says what can not be changed', async () => {
    const bench = benchWith();
    const user = bench.pool.put('ada', { name: 'Ada' });
    const wanted = userOf('ada', { attributes: [], enabled: false });
    const planned = updateOf(user, { enabling: 'disable', immutable: ['custom:id'] });
    const result = await change(bench, { row: 0, line: 2, username: 'ada', planned, user: wanted });
    expect(result).toMatchObject({ status: 'disabled', code: 'immutable-attribute' });
    expect(result.steps).toEqual(['disable']);
  });

  it('does not enable or disable anybody whom the plan does not', async () => {
    const bench = benchWith();
    const { user, action } = ada(bench);
    const planned = updateOf(user, { attributes: ['name'] });
    const result = await change(bench, { ...action, planned });
    expect(result.steps).toEqual(['attributes']);
    expect(user.enabled).toBe(true);
  });

  it.each(['disable', 'delete'] as const)('makes a missing user %sd', async (name) => {
    const bench = benchWith();
    const user = bench.pool.put('bob', { name: 'Bob' });
    const result = await change(bench, removalOf(user, name));
    expect(result).toMatchObject({ status: `${name}d`, steps: [name], line: 0, sub: user.sub });
    expect(bench.pool.users.filter(({ enabled }) => enabled)).toEqual([]);
    expect(bench.pool.users).toHaveLength(name === 'delete' ? 0 : 1);
  });

  it('works on the pool’s own key, whatever the row calls the user', async () => {
    const bench = benchWith({ byEmail: true });
    const user = bench.pool.put('uuid', { email: 'a@example.com' });
    const wanted = userOf('a@example.com', { enabled: false });
    const planned = updateOf(user, { enabling: 'disable' });
    const action = { row: 0, line: 2, username: 'a@example.com', planned, user: wanted };
    expect(await change(bench, action)).toMatchObject({ username: 'a@example.com' });
    expect(bench.pool.seen.at(-1)?.args).toEqual(['uuid']);
  });
});

describe('a user who is not what the plan was made on', () => {
  it.each<[string, (user: Stored) => void]>([
    ['has another attribute', (user) => user.attributes.push({ Name: 'locale', Value: 'en' })],
    ['has lost one', (user) => user.attributes.pop()],
    ['is disabled by now', (user) => (user.enabled = false)],
  ])('%s: nothing is done', async (_, meanwhile) => {
    for (const kind of ['update', 'disable', 'delete'] as const) {
      const bench = benchWith();
      const { user, action } = ada(bench);
      const removal = kind === 'update' ? action : removalOf(user, kind);
      meanwhile(user);
      const result = await change(bench, removal);
      expect(result).toMatchObject({ status: 'failed', code: 'changed-since-plan', steps: [] });
      expect(result.final).toBe(true);
      expect(bench.pool.operations).toEqual(['ListUsers']);
      expect(bench.ledger.tries).toEqual([]);
    }
  });

  it('belongs to an identity provider by now', async () => {
    const bench = benchWith();
    const user = bench.pool.put('ada', { name: 'Eve' }, { status: 'EXTERNAL_PROVIDER' });
    expect(await change(bench, removalOf(user, 'delete'))).toMatchObject({ status: 'failed' });
    expect(bench.pool.users).toHaveLength(1);
  });

  it.each([false, true])('is gone; somebody has the same name by now: %s', async (isMadeAnew) => {
    for (const kind of ['update', 'delete'] as const) {
      const bench = benchWith();
      const { user, action } = ada(bench);
      const removal = kind === 'update' ? action : removalOf(user, kind);
      if (isMadeAnew) bench.pool.put('ada', { email: 'ada@example.com', name: 'Eve' });
      bench.pool.users.shift();
      const wanted = {
        update: { status: 'failed', code: 'changed-since-plan', steps: [] },
        delete: { status: 'unchanged', code: 'gone', steps: [] },
      };
      expect(await change(bench, removal)).toMatchObject(wanted[kind]);
      expect(bench.pool.users).toHaveLength(isMadeAnew ? 1 : 0);
      expect(bench.ledger.tries).toEqual([]);
    }
  });

  it('is not gone where only the list lags behind', async () => {
    const bench = benchWith({ listLagMs: 60_000 });
    const user = bench.pool.put('bob', {}, { createdAt: bench.clock.wall() });
    expect(await change(bench, removalOf(user, 'delete'))).toMatchObject({ status: 'deleted' });
    expect(bench.pool.users).toEqual([]);
  });

  it('is enabled already, where that is all that is wanted', async () => {
    const bench = benchWith();
    const { sub, username } = bench.pool.put('bob');
    const planned = { row: 0, do: 'enable', line: 2, username, sub, as: '' } as const;
    expect(await change(bench, { row: 0, line: 2, username, planned })).toMatchObject({
      status: 'unchanged',
      steps: [],
    });
    expect(bench.pool.operations).toEqual(['ListUsers']);
  });

  it('of an undo is compared by the attributes alone', async () => {
    const bench = benchWith();
    const user = bench.pool.put('ada', { name: 'Ada' }, { enabled: false });
    const as = attributesFingerprint(user);
    const { planned, ...action } = removalOf(user, 'delete');
    const undo = { ...action, planned: { ...planned, as, line: 2 } as typeof planned };
    expect(await change(bench, undo)).toMatchObject({ status: 'deleted', steps: ['delete'] });
  });
});

describe('a change whose answers are lost', () => {
  it.each(operations.slice(1))('%s, done all the same: it is done once more', async (operation) => {
    const bench = benchWith();
    const { user, action } = ada(bench);
    bench.pool.next(operation, lostButDone);
    expect(await change(bench, action)).toMatchObject({ status: 'updated', steps, attempts: 2 });
    expectDone(user);
  });

  it('a delete that finds nobody any more has done it', async () => {
    const bench = benchWith();
    const user = bench.pool.put('bob');
    bench.pool.next('AdminDeleteUser', lostButDone);
    expect(await change(bench, removalOf(user, 'delete'))).toMatchObject({
      status: 'deleted',
      steps: ['delete'],
    });
    expect(bench.pool.count('AdminDeleteUser')).toBe(2);
  });

  it('for good are made good by a later session, which knows its own change', async () => {
    for (const operation of operations.slice(1)) {
      const bench = benchWith({ maxAttempts: 3 });
      const { user, action } = ada(bench);
      // The last try was done, and nobody heard of it.
      const fault = { code: 'InternalErrorException' };
      bench.pool.next(operation, fault, fault, { ...fault, done: true });
      const result = await change(bench, action);
      expect(result, operation).toMatchObject({ final: false, code: fault.code });
      const isFirst = operation === 'AdminUpdateUserAttributes';
      expect(result.status, operation).toBe(isFirst ? 'failed' : 'partial');
      const again = await change(resumed(bench), action);
      expect(again, operation).toMatchObject({ status: 'updated', final: true });
      expectDone(user);
    }
  });
});

describe('a change whose process died', () => {
  it.each([0, 1, 2, 3, 4])('after %i of four writes: the rest is done, once', async (count) => {
    const bench = benchWith();
    const { user, action } = ada(bench);
    const writes = [
      () => (user.attributes[1] = { Name: 'name', Value: 'Ada' }),
      () => user.groups.add('new'),
      () => user.groups.delete('old'),
      () => (user.enabled = false),
    ];
    await bench.ledger.willTry(0, bench.clock.wall());
    for (const write of writes.slice(0, count)) write();
    const result = await change(resumed(bench), action);
    expect(result).toMatchObject({ status: 'updated', final: true });
    expectDone(user);
    // What differs no more is not sent again.
    expect(bench.pool.count('AdminUpdateUserAttributes')).toBe(count > 0 ? 0 : 1);
    expect(bench.pool.count('AdminDisableUser')).toBe(count > 3 ? 0 : 1);
  });

  it.each(['disable', 'delete'] as const)('while it wanted to %s', async (name) => {
    for (const isDone of [false, true]) {
      const bench = benchWith();
      const user = bench.pool.put('bob', { name: 'Bob' });
      const action = removalOf(user, name);
      await bench.ledger.willTry(0, bench.clock.wall());
      if (isDone && name === 'delete') bench.pool.users.pop();
      if (isDone) user.enabled = false;
      const result = await change(resumed(bench), action);
      expect(result).toMatchObject({ status: `${name}d`, steps: [name], final: true });
      expect(user.enabled && bench.pool.users.length > 0).toBe(false);
    }
  });

  it('before it was written ahead: somebody else’s change is still seen', async () => {
    const bench = benchWith();
    const { user, action } = ada(bench);
    user.attributes.push({ Name: 'locale', Value: 'en' });
    expect(await change(resumed(bench), action)).toMatchObject({ code: 'changed-since-plan' });
  });

  it('can not be begun while nothing can be written ahead', async () => {
    const bench = benchWith();
    const { action } = ada(bench);
    bench.ledger.failure = new Error('the disk is full');
    await expect(change(bench, action)).rejects.toThrow('the disk is full');
    expect(bench.pool.operations).toEqual(['ListUsers']);
  });
});

describe('a change that the service keeps from being done', () => {
  const throttle: Fate = { code: 'TooManyRequestsException' };

  it('waits out a throttling, which is no failed try', async () => {
    const bench = benchWith({ maxAttempts: 2 });
    const { user, action } = ada(bench);
    for (const operation of operations) bench.pool.next(operation, throttle, throttle, throttle);
    expect(await change(bench, action)).toMatchObject({ status: 'updated', attempts: 1 });
    expectDone(user);
    expect(bench.pool.seen).toHaveLength(4 * operations.length);
  });

  it.each<[Operation, string, readonly string[]]>([
    ['AdminUpdateUserAttributes', 'failed', []],
    ['AdminAddUserToGroup', 'partial', ['attributes']],
    ['AdminRemoveUserFromGroup', 'partial', ['attributes']],
    ['AdminDisableUser', 'partial', ['attributes', 'groups']],
  ])('refuses %s: %s', async (operation, status, done) => {
    const bench = benchWith();
    const { action } = ada(bench);
    bench.pool.always(operation, { code: 'InvalidParameterException' });
    expect(await change(bench, action)).toMatchObject({
      status,
      code: 'InvalidParameterException',
      steps: done,
      final: true,
    });
    expect(bench.stop.reason).toBeUndefined();
    // Tried again, what was done by the run itself is no change of somebody else's.
    bench.pool.always(operation, 'ok');
    expect(await change(resumed(bench), action)).toMatchObject({ status: 'updated' });
  });

  it('ends the run where no other row can succeed either', async () => {
    const bench = benchWith();
    const { action } = ada(bench);
    bench.pool.always('ListUsers', { code: 'ExpiredTokenException' });
    expect(await change(bench, action)).toMatchObject({ status: 'not-attempted', final: false });
    expect(bench.stop.reason).toMatchObject({ outcome: 'stopped', code: 'ExpiredTokenException' });
  });
});

describe('a change whose run ends meanwhile', () => {
  it.each(operations)('during %s: that call ends, and no other is sent', async (operation) => {
    const bench = benchWith({ latencyMs: 80 });
    const { user, action } = ada(bench);
    bench.pool.onCall = (call) => {
      if (call.operation === operation) bench.stop.request(interruption);
    };
    const result = await change(bench, action);
    expect(bench.pool.seen.at(-1)?.operation).toBe(operation);
    bench.pool.onCall = () => undefined;
    if (operation === 'AdminDisableUser') {
      expect(result).toMatchObject({ status: 'updated', final: true });
      return;
    }
    const isUntouched = operation === 'ListUsers';
    expect(result).toMatchObject({ code: 'interrupted', final: false });
    expect(result.status).toBe(result.steps.length === 0 ? 'not-attempted' : 'partial');
    expect(bench.ledger.tries).toHaveLength(isUntouched ? 0 : 1);
    expect(await change(resumed(bench), action)).toMatchObject({ status: 'updated', final: true });
    expectDone(user);
  });
});
