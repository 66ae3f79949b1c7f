import { describe, expect, it, vi } from 'vitest';
import { applyRow } from '../../src/apply/row.js';
import type { RowResult } from '../../src/apply/result.js';
import type { Operation } from '../../src/cognito/quotas.js';
import { planCreate } from '../../src/plan/import-plan.js';
import type { User } from '../../src/record/user.js';
import { applyUser, benchWith, interruption, newEffort, userOf } from '../support/apply-bench.js';
import type { Bench, BenchOptions } from '../support/apply-bench.js';
import { lost, lostButDone } from '../support/scripted-pool.js';
import type { Fate } from '../support/scripted-pool.js';

/** A row with all the steps there are. */
const whole = userOf('ada', { password: 'Passw0rd!', groups: ['a', 'b'], enabled: false });
const permanent = { import: { passwordMode: 'permanent' } } as const;

/** A new process that goes on with what an earlier one left. */
const resumed = (bench: Bench, options: BenchOptions = permanent): Bench =>
  benchWith({ ...options, after: bench });

describe('a row that nothing keeps', () => {
  it('gets its steps in order, each once', async () => {
    const bench = benchWith(permanent);
    expect(await applyUser(bench, whole, 7)).toEqual({
      row: 7,
      made: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      line: 2,
      username: 'ada',
      status: 'created',
      sub: 'sub-1',
      steps: ['create', 'password', 'groups', 'disable'],
      attempts: 1,
      final: true,
    });
    expect(bench.pool.operations).toEqual([
      'AdminCreateUser',
      'AdminSetUserPassword',
      'AdminAddUserToGroup',
      'AdminAddUserToGroup',
      'AdminDisableUser',
    ]);
    expect(bench.pool.users[0]).toMatchObject({
      password: 'Passw0rd!',
      groups: new Set(['a', 'b']),
      enabled: false,
      status: 'CONFIRMED',
    });
  });

  it('is worked on by the pool’s own key where people sign in by email', async () => {
    const bench = benchWith({ byEmail: true });
    await applyUser(bench, userOf('ada@example.com', { groups: ['a'] }));
    expect(bench.pool.seen.at(-1)?.args).toEqual(['sub-1', 'a']);
  });

  it('gets a generated password, asked for before the create', async () => {
    const asked: number[] = [];
    const bench: Bench = benchWith({
      import: { passwordMode: 'temporary', generatesPasswords: true },
      passwords: {
        passwordFor: (name) => {
          asked.push(bench.pool.seen.length);
          return Promise.resolve(`for-${name}`);
        },
      },
    });
    const result = await applyUser(bench, userOf('ada'));
    expect(result.steps).toEqual(['create', 'password']);
    expect(bench.pool.users[0]?.password).toBe('for-ada');
    expect(asked).toEqual([0]);
  });
});

type Row = readonly [Operation, code: string, status: string, steps: string, final: boolean];

const failures: readonly Row[] = [
  ['AdminCreateUser', 'InvalidParameterException', 'failed', '', true],
  ['AdminCreateUser', 'InvalidPasswordException', 'failed', '', true],
  ['AdminCreateUser', 'AliasExistsException', 'failed', '', true],
  ['AdminCreateUser', 'UserLambdaValidationException', 'failed', '', true],
  ['AdminCreateUser', 'SomethingNewException', 'failed', '', true],
  ['AdminCreateUser', 'ECONNRESET', 'failed', '', false],
  ['AdminCreateUser', 'InternalErrorException', 'failed', '', false],
  ['AdminCreateUser', 'ECONNREFUSED', 'failed', '', false],
  ['AdminCreateUser', 'NotAuthorizedException', 'not-attempted', '', false],
  ['AdminCreateUser', 'ExpiredTokenException', 'not-attempted', '', false],
  ['AdminCreateUser', 'ResourceNotFoundException', 'not-attempted', '', false],
  ['AdminCreateUser', 'LimitExceededException', 'not-attempted', '', false],
  ['AdminSetUserPassword', 'InvalidPasswordException', 'partial', 'create', true],
  ['AdminSetUserPassword', 'UserNotFoundException', 'partial', 'create', true],
  ['AdminSetUserPassword', 'InternalErrorException', 'partial', 'create', false],
  ['AdminSetUserPassword', 'AccessDeniedException', 'partial', 'create', false],
  ['AdminAddUserToGroup', 'ResourceNotFoundException', 'partial', 'create+password', true],
  ['AdminAddUserToGroup', 'InternalErrorException', 'partial', 'create+password', false],
  ['AdminAddUserToGroup', 'AccessDeniedException', 'partial', 'create+password', false],
  ['AdminDisableUser', 'NotAuthorizedException', 'partial', 'create+password+groups', false],
  ['AdminDisableUser', 'InvalidParameterException', 'partial', 'create+password+groups', true],
  ['AdminDisableUser', 'InternalErrorException', 'partial', 'create+password+groups', false],
];
const stopping = /NotAuthorized|ExpiredToken|LimitExceeded|AccessDenied|^ResourceNotFound/;

describe('a row that fails for good', () => {
  it.each(failures)('%s: %s makes it %s', async (operation, code, status, steps, final) => {
    const bench = benchWith({ ...permanent, maxAttempts: 3 });
    bench.pool.always(operation, { code });
    const result = await applyUser(bench, whole);
    expect(result).toMatchObject({ status, code, final });
    expect(result.steps.join('+')).toBe(steps);
    expect(result.message).toBeTruthy();
    const stops = stopping.test(code) && !(operation === 'AdminAddUserToGroup' && final);
    expect(bench.stop.reason).toEqual(
      stops ? expect.objectContaining({ outcome: 'stopped', code }) : undefined,
    );
    // Unknown is a create that was sent and not answered, and nothing else.
    const isUnknown = operation === 'AdminCreateUser' && /ECONNRESET|Internal/.test(code);
    expect(result.unknownSince).toBe(isUnknown ? bench.ledger.tries[0]?.[1] : undefined);
  });

  it.each(failures.filter(([, , , , final]) => !final))(
    '%s: %s is made good by a later session, each call once more at most',
    async (operation, code) => {
      const bench = benchWith({ ...permanent, maxAttempts: 3 });
      bench.pool.always(operation, { code });
      await applyUser(bench, whole);
      bench.pool.always(operation, 'ok');
      const before = bench.pool.seen.length;
      const result = await applyUser(resumed(bench), whole);
      expect(result).toMatchObject({ status: 'created', final: true, sub: 'sub-1' });
      expect(result.steps).toEqual(['create', 'password', 'groups', 'disable']);
      const after = bench.pool.operations.slice(before);
      expect(after.filter((name) => name === 'AdminCreateUser').length).toBeLessThanOrEqual(1);
      expect(bench.pool.users).toHaveLength(1);
      expect(bench.pool.users[0]).toMatchObject({ enabled: false, password: 'Passw0rd!' });
    },
  );

  it('keeps the steps that are done from being done again', async () => {
    const bench = benchWith(permanent);
    bench.pool.next('AdminAddUserToGroup', { code: 'AccessDeniedException' });
    await applyUser(bench, whole);
    const before = bench.pool.seen.length;
    await applyUser(resumed(bench), whole);
    expect(bench.pool.operations.slice(before)).toEqual([
      'AdminAddUserToGroup',
      'AdminAddUserToGroup',
      'AdminDisableUser',
    ]);
  });

  it('counts the most tries that one call needed, over all sessions', async () => {
    const bench = benchWith({ ...permanent, maxAttempts: 3 });
    bench.pool.next('AdminCreateUser', { code: 'InternalErrorException' });
    bench.pool.next(
      'AdminSetUserPassword',
      ...Array<Fate>(3).fill({ code: 'InternalErrorException' }),
    );
    expect((await applyUser(bench, whole)).attempts).toBe(3);
    expect((await applyUser(resumed(bench), whole)).attempts).toBe(3);
  });
});

describe('a row that a process left when it died', () => {
  it.each([
    ['before the create was sent', false],
    ['after the create was done', true],
  ])('%s', async (_, isDone) => {
    const bench = benchWith(permanent);
    const since = bench.clock.wall();
    await bench.ledger.willTry(0, since);
    if (isDone) bench.pool.put('ada', { email: 'ada@example.com' }, { createdAt: since });
    const result = await applyUser(resumed(bench), whole);
    expect(result).toMatchObject({ status: 'created', final: true, sub: 'sub-1' });
    expect(bench.pool.users).toHaveLength(1);
    expect(bench.pool.count('AdminCreateUser')).toBe(isDone ? 0 : 1);
  });
});

describe('a row whose run ends meanwhile', () => {
  it.each<[Operation, string, readonly string[]]>([
    ['AdminCreateUser', 'partial', ['create']],
    ['AdminSetUserPassword', 'partial', ['create', 'password']],
    ['AdminAddUserToGroup', 'partial', ['create', 'password']],
  ])('during %s: the call ends, and no other is sent', async (operation, status, steps) => {
    const bench = benchWith({ ...permanent, latencyMs: 80 });
    bench.pool.onCall = (call) => {
      if (call.operation === operation) bench.stop.request(interruption);
    };
    const result = await applyUser(bench, whole);
    expect(result).toMatchObject({ status, steps, code: 'interrupted', final: false });
    expect(bench.pool.seen.at(-1)?.operation).toBe(operation);
    bench.pool.onCall = () => undefined;
    expect(await applyUser(resumed(bench), whole)).toMatchObject({ status: 'created' });
  });

  it('during a create whose answer is lost: it is looked up later', async () => {
    const bench = benchWith(permanent);
    bench.pool.next('AdminCreateUser', lostButDone);
    bench.pool.onCall = () => {
      bench.stop.request(interruption);
    };
    const result = await applyUser(bench, whole);
    expect(result).toMatchObject({
      status: 'failed',
      final: false,
      unknownSince: bench.clock.wall(),
    });
    expect(await applyUser(resumed(bench), whole)).toMatchObject({
      status: 'created',
      sub: 'sub-1',
    });
    expect(bench.pool.count('AdminCreateUser')).toBe(1);
  });

  it('before it begins: nothing is sent and nothing is known', async () => {
    const bench = benchWith(permanent);
    bench.stop.request(interruption);
    expect(await applyUser(bench, whole)).toMatchObject({
      status: 'not-attempted',
      code: 'interrupted',
      steps: [],
      attempts: 1,
      final: false,
    });
    expect(bench.pool.seen).toEqual([]);
  });
});

describe('a row whose invitation does not go out', () => {
  const invites = { import: { invite: 'EMAIL' } } as const;
  const ada = userOf('ada', { groups: ['a'] });

  it('is partial, with its other steps done', async () => {
    const bench = benchWith(invites);
    bench.pool.next('AdminCreateUser', { code: 'CodeDeliveryFailureException', done: true });
    expect(await applyUser(bench, ada)).toMatchObject({
      status: 'partial',
      code: 'CodeDeliveryFailureException',
      steps: ['create', 'groups'],
      final: true,
    });
  });

  it('ends the run where no more go out today, and is invited by a later session', async () => {
    const bench = benchWith(invites);
    bench.pool.next('AdminCreateUser', { code: 'LimitExceededException', done: true });
    bench.pool.invited = [];
    expect(await applyUser(bench, ada)).toMatchObject({
      status: 'partial',
      code: 'LimitExceededException',
      steps: ['create'],
      final: false,
    });
    expect(bench.stop.reason).toMatchObject({ outcome: 'stopped', code: 'LimitExceededException' });
    bench.pool.invited = [];
    expect(await applyUser(resumed(bench, invites), ada)).toMatchObject({
      status: 'created',
      steps: ['create', 'invite', 'groups'],
      final: true,
    });
    expect(bench.pool.invited).toEqual(['ada']);
  });

  it('has its other steps done also where the invitation of a later session is undelivered', async () => {
    const bench = benchWith(invites);
    bench.pool.next(
      'AdminCreateUser',
      { code: 'LimitExceededException', done: true },
      { code: 'CodeDeliveryFailureException' },
    );
    await applyUser(bench, ada);
    expect(await applyUser(resumed(bench, invites), ada)).toMatchObject({
      status: 'partial',
      code: 'CodeDeliveryFailureException',
      steps: ['create', 'groups'],
      final: true,
    });
    expect(bench.pool.users[0]?.groups).toEqual(new Set(['a']));
  });

  it.each(['CodeDeliveryFailureException', 'LimitExceededException'])(
    'is looked up after %s also where the run ends meanwhile',
    async (code) => {
      const bench = benchWith(invites);
      bench.pool.next('AdminCreateUser', { code, done: true });
      // Another row's daily limit ends the run at this moment.
      bench.pool.onCall = () => {
        bench.stop.request({ outcome: 'stopped', code: 'LimitExceededException', message: 'no' });
      };
      const result = await applyUser(bench, ada);
      expect(result).toMatchObject({ status: 'partial', steps: ['create'], final: false });
      expect(bench.pool.operations).toEqual(['AdminCreateUser', 'AdminGetUser']);
    },
  );

  it.each(['CodeDeliveryFailureException', 'LimitExceededException'])(
    'is known to be there, and not invited, where the look-up after %s has no answer',
    async (code) => {
      const bench = benchWith(invites);
      bench.pool.next('AdminCreateUser', { code, done: true });
      bench.pool.next('AdminGetUser', lost);
      bench.pool.onCall = () => {
        bench.stop.request(interruption);
      };
      const result = await applyUser(bench, ada);
      expect(result).toMatchObject({ status: 'failed', code, final: false });
      expect(result.unknownSince).toBe(bench.ledger.tries[0]?.[1]);

      bench.pool.onCall = () => undefined;
      bench.pool.invited = [];
      const later = await applyUser(resumed(bench, invites), ada);
      expect(later).toMatchObject({ status: 'created', steps: ['create', 'invite', 'groups'] });
      // Told as invited only if they were.
      expect(bench.pool.invited).toEqual(['ada']);
    },
  );

  it('is not invited twice where the answer to the second invitation is lost', async () => {
    const bench = benchWith(invites);
    bench.pool.next('AdminCreateUser', { code: 'LimitExceededException', done: true }, lostButDone);
    await applyUser(bench, ada);
    bench.pool.invited = [];
    const second = resumed(bench, invites);
    const result = await applyUser(second, ada);
    expect(result).toMatchObject({ status: 'partial', code: 'invitation-unknown', final: true });
    expect(result.steps).toEqual(['create', 'groups']);
    await applyUser(resumed(bench, invites), ada);
    expect(bench.pool.invited).toEqual(['ada']);
  });

  it('is invited later with its own temporary password, and with no other', async () => {
    const withPassword = userOf('ada', { password: 'Her-0wn-pass' });
    const options = { import: { invite: 'EMAIL', passwordMode: 'temporary' } } as const;
    const bench = benchWith(options);
    bench.pool.next('AdminCreateUser', { code: 'LimitExceededException', done: true });
    await applyUser(bench, withPassword);
    const sent = vi.spyOn(bench.pool, 'adminCreateUser');
    await applyUser(resumed(bench, options), withPassword);
    expect(sent.mock.calls.map(([request]) => request)).toMatchObject([
      { resend: true, temporaryPassword: 'Her-0wn-pass' },
    ]);
  });

  it.each([
    ['known to be there', () => ({})],
    [
      'looked up before',
      (unknownSince: number) => ({
        ...({ steps: [], status: 'failed', unknownSince, invitation: 'unsent' } as const),
      }),
    ],
  ])('is not invited again after a crash during the invitation: %s', async (_, left) => {
    const bench = benchWith(invites);
    bench.pool.next('AdminCreateUser', { code: 'LimitExceededException', done: true });
    const first = await applyUser(bench, ada);
    bench.pool.invited = [];
    const unknownSince = bench.ledger.tries[0]?.[1] ?? 0;
    const before = {
      ...first,
      code: 'LimitExceededException',
      ...left(unknownSince),
      final: false,
    };
    const action = planCreate(0, ada, bench.importSettings);
    const later = resumed(bench, invites);
    // The journal says that something was tried after that result, and not how it ended.
    const earlier = { triedAt: bench.clock.wall() + 60_000, result: before };
    const work = applyRow(action, earlier, newEffort(), later);
    expect(await bench.clock.run(work)).toMatchObject({
      status: 'partial',
      code: 'invitation-unknown',
    });
    expect(bench.pool.invited).toEqual([]);
  });

  it('is left for later where the limit is met', async () => {
    const bench = benchWith({ ...invites, inviteLimit: 0 });
    expect(await applyUser(bench, ada)).toMatchObject({
      status: 'not-attempted',
      code: 'invite-limit',
      final: false,
    });
    expect(bench.pool.seen).toEqual([]);
  });
});

describe('a row whose username is taken', () => {
  const settings = {
    Id: 'eu-west-1_Scripted',
    SchemaAttributes: [
      { Name: 'email', Mutable: true },
      { Name: 'custom:id', Mutable: false },
    ],
  };
  const ada: User = userOf('ada', { groups: ['a', 'b'], enabled: true, password: 'Passw0rd!' });
  const meet = async (
    onExisting: 'skip' | 'update' | 'fail',
    change: (bench: Bench) => void = () => undefined,
    user = ada,
  ): Promise<{ result: RowResult; bench: Bench; calls: Operation[] }> => {
    const bench = benchWith({
      ...permanent,
      import: { ...permanent.import, onExisting },
      settings,
    });
    bench.pool.put('ada', { email: 'old@example.com' }, { enabled: false, groups: new Set(['b']) });
    change(bench);
    const result = await applyUser(bench, user);
    return { result, bench, calls: bench.pool.operations.slice(1) };
  };

  it('is left alone by skip', async () => {
    const { result, calls } = await meet('skip');
    expect(result).toMatchObject({
      status: 'exists',
      code: 'UsernameExistsException',
      steps: [],
      final: true,
    });
    expect(calls).toEqual([]);
  });

  it('fails by fail', async () => {
    const { result, calls } = await meet('fail');
    expect(result).toMatchObject({
      status: 'failed',
      code: 'UsernameExistsException',
      final: true,
    });
    expect(calls).toEqual([]);
  });

  it('is brought to what the row says by update, the password apart', async () => {
    const { result, bench, calls } = await meet('update');
    expect(result).toMatchObject({
      status: 'updated',
      sub: 'sub-1',
      steps: ['attributes', 'groups', 'enable'],
      final: true,
    });
    expect(result.code).toBeUndefined();
    expect(calls).toEqual([
      'ListUsers',
      'AdminListGroupsForUser',
      'AdminUpdateUserAttributes',
      'AdminAddUserToGroup',
      'AdminEnableUser',
    ]);
    expect(bench.pool.users[0]).toMatchObject({
      enabled: true,
      groups: new Set(['a', 'b']),
      attributes: [{ Name: 'email', Value: 'ada@example.com' }],
    });
    expect(bench.pool.users[0]?.password).toBeUndefined();
  });

  it('is unchanged by update where nothing differs, and no write is sent', async () => {
    const user = userOf('ada', { attributes: [{ Name: 'email', Value: 'old@example.com' }] });
    const { result, calls } = await meet('update', undefined, user);
    expect(result).toMatchObject({ status: 'unchanged', steps: [], final: true });
    expect(calls).toEqual(['ListUsers']);
  });

  it('tells an attribute that can’t be changed', async () => {
    const user = userOf('ada', {
      attributes: [
        { Name: 'email', Value: 'new@example.com' },
        { Name: 'custom:id', Value: '7' },
      ],
    });
    const { result, bench } = await meet('update', undefined, user);
    expect(result).toMatchObject({ status: 'updated', code: 'immutable-attribute' });
    expect(result.message).toContain('custom:id');
    expect(
      bench.pool.seen.find(({ operation }) => operation === 'AdminUpdateUserAttributes')?.args,
    ).toEqual(['ada', [{ Name: 'email', Value: 'new@example.com' }]]);
  });

  it('leaves a user of an identity provider alone', async () => {
    const { result, calls } = await meet('update', ({ pool }) => {
      const [user] = pool.users;
      if (user) user.status = 'EXTERNAL_PROVIDER';
    });
    expect(result).toMatchObject({ status: 'exists', code: 'external-user', steps: [] });
    expect(calls).toEqual(['ListUsers']);
  });

  it.each<[Operation, Fate, string, boolean]>([
    ['AdminUpdateUserAttributes', { code: 'AliasExistsException' }, 'failed', true],
    ['AdminAddUserToGroup', { code: 'ResourceNotFoundException' }, 'partial', true],
    ['AdminEnableUser', { code: 'AccessDeniedException' }, 'partial', false],
    ['ListUsers', { code: 'AccessDeniedException' }, 'not-attempted', false],
    ['AdminListGroupsForUser', { code: 'InternalErrorException' }, 'failed', false],
  ])('tells what of an update failed: %s', async (operation, fate, status, final) => {
    const { result } = await meet('update', ({ pool }) => pool.always(operation, fate));
    expect(result).toMatchObject({ status, final });
  });
});
