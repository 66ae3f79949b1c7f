import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  AdminSetUserPasswordCommand,
  DescribeUserPoolCommand,
  ListGroupsCommand,
  ListUsersCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, test, vi } from 'vitest';
import {
  PUBLISHED_LIMITS,
  readFaultPlan,
  type FaultKind,
  type FaultRule,
} from '../../src/local/index.js';
import { bench, expectRefusal, refusal, type Bench } from './harness.js';

function create({ client, UserPoolId }: Bench, Username: string) {
  return client.send(
    new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: 'SUPPRESS' }),
  );
}

const THROTTLED = ['TooManyRequestsException', 'Rate exceeded'] as const;

describe('a quota', () => {
  test('lets through a few at once, then one every 1/rate seconds', async () => {
    const there = await bench({}, { limits: {} });
    for (let n = 0; n < 5; n += 1) await create(there, `a${n}`);
    const error = await refusal(create(there, 'b'));
    expect(error.message).toBe('Rate exceeded');
    expect(error.$metadata.httpStatusCode).toBe(400);
    there.clock.now += 19;
    await expectRefusal(create(there, 'b'), ...THROTTLED);
    there.clock.now += 1;
    await create(there, 'b');
    expect(there.pool.stats()).toEqual({
      operations: { AdminCreateUser: { ok: 6, throttled: 2, failed: 0 } },
      throttled: { UserCreation: 2 },
      struck: {},
    });
  });

  test('goes faster with the speed, and with another limit', async () => {
    const there = await bench({}, { limits: { UserCreation: 100 }, speed: 10 });
    for (let n = 0; n < 20; n += 1) await create(there, `a${n}`);
    await expectRefusal(create(there, 'b'), ...THROTTLED);
    there.clock.now += 1;
    await create(there, 'b');
  });

  test('holds for all operations of a category, and counts refused requests too', async () => {
    const there = await bench({}, { limits: {} });
    const { client, UserPoolId } = there;
    const set = (Password: string) =>
      client.send(new AdminSetUserPasswordCommand({ UserPoolId, Username: 'nobody', Password }));
    for (let n = 0; n < 5; n += 1)
      await expectRefusal(set('x'), 'UserNotFoundException', 'not exist');
    await expectRefusal(set('x'), ...THROTTLED);
  });

  test('of new-password answers is that of AdminSetUserPassword; others have three times the sign-ins', async () => {
    const there = await bench(
      {},
      { limits: { ...noLimits(), UserAuthentication: 1, UserAccountRecovery: 1 } },
    );
    const { client, UserPoolId, pool } = there;
    const respond = (ChallengeName: 'NEW_PASSWORD_REQUIRED' | 'SMS_MFA') =>
      client.send(
        new AdminRespondToAuthChallengeCommand({
          UserPoolId,
          ClientId: pool.clients[0]?.ClientId,
          ChallengeName,
        }),
      );
    const invalid = ['InvalidParameterException', 'Missing required parameter'] as const;
    for (let n = 0; n < 5; n += 1)
      await expectRefusal(respond('NEW_PASSWORD_REQUIRED'), ...invalid);
    await expectRefusal(respond('NEW_PASSWORD_REQUIRED'), ...THROTTLED);
    // Five of their own, then five that spill over into the sign-ins.
    for (let n = 0; n < 10; n += 1) await expectRefusal(respond('SMS_MFA'), ...invalid);
    await expectRefusal(respond('SMS_MFA'), ...THROTTLED);
    await expectRefusal(
      client.send(
        new AdminInitiateAuthCommand({
          UserPoolId,
          ClientId: 'x',
          AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        }),
      ),
      ...THROTTLED,
    );
    expect(pool.stats().throttled).toEqual({ UserAccountRecovery: 1, UserAuthentication: 2 });
  });

  test('of five a second holds for each operation on groups', async () => {
    const there = await bench({}, { limits: { ...noLimits(), UserPoolResourceRead: 1000 } });
    const { client, UserPoolId } = there;
    const list = () => client.send(new ListGroupsCommand({ UserPoolId }));
    for (let n = 0; n < 5; n += 1) await list();
    await expectRefusal(list(), ...THROTTLED);
    there.clock.now += 200;
    await list();
  });
});

function noLimits(): Record<string, number> {
  return Object.fromEntries(Object.keys(PUBLISHED_LIMITS).map((category) => [category, Infinity]));
}

describe('a misfortune', () => {
  test.each<[rule: FaultRule, name: string, made: number]>([
    [{ kind: 'throttle' }, 'TooManyRequestsException', 0],
    [{ kind: 'internal-error' }, 'InternalErrorException', 0],
    [{ kind: 'internal-error', effect: true }, 'InternalErrorException', 1],
    [{ kind: 'access-denied' }, 'AccessDeniedException', 0],
    [{ kind: 'expired-token' }, 'ExpiredTokenException', 0],
    [{ kind: 'daily-limit' }, 'LimitExceededException', 0],
    [{ kind: 'daily-limit', effect: true }, 'LimitExceededException', 1],
    [{ kind: 'trigger-refuses' }, 'UserLambdaValidationException', 0],
    [{ kind: 'code-delivery-failure' }, 'CodeDeliveryFailureException', 1],
  ])('%o is answered as the service does', async (rule, name, made) => {
    const there = await bench(
      {},
      { faults: { rules: [{ operation: 'AdminCreateUser', ...rule }] } },
    );
    expect((await refusal(create(there, 'anna'))).name).toBe(name);
    expect(there.pool.userCount).toBe(made);
    const { client, UserPoolId } = there;
    await client.send(new DescribeUserPoolCommand({ UserPoolId }));
  });

  test.each<[kind: FaultKind, made: number]>([
    ['reset-before', 0],
    ['reset-after', 1],
    ['cut-off', 1],
    ['unavailable', 0],
  ])('%s leaves the client without an answer', async (kind, made) => {
    const there = await bench({}, { faults: { rules: [{ kind, count: 1 }] } });
    const error = await refusal(create(there, 'anna'));
    expect(error.name).not.toMatch(/^(UsernameExists|InvalidParameter)/);
    expect(there.pool.userCount).toBe(made);
    expect(there.pool.stats().operations['AdminCreateUser']).toEqual({
      ok: 0,
      throttled: 0,
      failed: 1,
    });
    expect(there.pool.stats().struck).toEqual({ [kind]: 1 });
    await create(there, 'berta');
  });

  test.each<[rule: FaultRule, made: number]>([
    [{ kind: 'hang' }, 0],
    [{ kind: 'hang', effect: true }, 1],
    [{ kind: 'trickle' }, 1],
    [{ kind: 'trickle', effect: false }, 0],
    [{ kind: 'endless' }, 1],
    [{ kind: 'endless', effect: false }, 0],
  ])('%o: there is no end of it', async (rule, made) => {
    const there = await bench({}, { faults: { rules: [rule] } });
    const { client, UserPoolId } = there;
    const abort = new AbortController();
    const call = client.send(
      new AdminCreateUserCommand({ UserPoolId, Username: 'anna', MessageAction: 'SUPPRESS' }),
      { abortSignal: abort.signal },
    );
    const failure = refusal(call);
    await vi.waitFor(() => {
      expect(there.pool.stats().operations['AdminCreateUser']?.failed).toBe(1);
    }, 10_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    abort.abort();
    expect((await failure).message).toMatch(/abort/i);
    expect(there.pool.userCount).toBe(made);
  });

  test.each<[rule: FaultRule, made: number]>([
    [{ kind: 'empty' }, 0],
    [{ kind: 'empty', effect: true }, 1],
  ])('%o: status 200, no length, no body', async (rule, made) => {
    const there = await bench({}, { faults: { rules: [rule] } });
    there.client.middlewareStack.add(
      (next) => async (args) => {
        const output = await next(args);
        const { statusCode, headers } = output.response as {
          statusCode: number;
          headers: Record<string, string>;
        };
        expect([statusCode, headers]).toEqual([200, { connection: 'close' }]);
        return output;
      },
      { step: 'deserialize', priority: 'low' },
    );
    expect((await create(there, 'anna')).User).toBeUndefined();
    expect(there.pool.userCount).toBe(made);
    expect(there.pool.stats().operations['AdminCreateUser']?.failed).toBe(1);
  });

  test('that is slow answers in the end', async () => {
    const there = await bench({}, { faults: { rules: [{ kind: 'slow', ms: 60 }] } });
    const before = performance.now();
    await create(there, 'anna');
    expect(performance.now() - before).toBeGreaterThan(50);
    expect(there.pool.stats().operations['AdminCreateUser']?.ok).toBe(1);
  });

  test.each<[what: string, rule: Partial<FaultRule>, struck: string]>([
    ['each third', { every: 3 }, '001001'],
    ['at most twice', { count: 2 }, '110000'],
    ['after four', { after: 4 }, '000011'],
    ['after one, each second, once', { after: 1, every: 2, count: 1 }, '001000'],
    ['by username', { username: '[24]$' }, '001010'],
    ['by chance', { probability: 0.5 }, '101010'],
    ['of other operations', { operation: ['ListUsers', 'AdminGetUser'] }, '000000'],
    ['between seconds', { between: [2, 4] }, '001100'],
  ])('strikes %s', async (_what, rule, struck) => {
    const draws = [0.4, 0.5];
    let drawn = 0;
    const there = await bench(
      {},
      {
        random: () => draws[drawn++ % 2] ?? 0,
        faults: { rules: [] },
      },
    );
    there.pool.setFaults({ rules: [{ kind: 'throttle', ...rule }] });
    let seen = '';
    for (let n = 0; n < 6; n += 1) {
      const { client, UserPoolId } = there;
      const call = new AdminCreateUserCommand({
        UserPoolId,
        Username: `user${n}`,
        MessageAction: 'SUPPRESS',
        TemporaryPassword: 'Passw0rd!',
      });
      seen += await client.send(call).then(
        () => '0',
        () => '1',
      );
      there.clock.now += 1000;
    }
    expect(seen).toBe(struck);
  });

  test('is over when the plan is', async () => {
    const there = await bench({}, { faults: { rules: [{ kind: 'throttle' }] } });
    await expectRefusal(create(there, 'anna'), ...THROTTLED);
    there.pool.setFaults({ rules: [] });
    await create(there, 'anna');
    expect(there.pool.stats().throttled).toEqual({ UserCreation: 1 });
  });
});

test.each<[unknown, string]>([
  [3, 'The fault plan must be a JSON object.'],
  [{}, 'rules is missing.'],
  [{ rules: [], more: 1 }, 'The fault plan has no member "more"; it knows rules.'],
  [[{ kind: 'sleep' }], 'rules[0].kind must be one of throttle, internal-error'],
  [[{ kind: 'slow' }], 'rules[0].ms says how slow'],
  [
    [{ kind: 'throttle', probability: 2 }],
    'rules[0].probability must be a number between 0 and 1.',
  ],
  [[{ kind: 'throttle', every: 0 }], 'rules[0].every must be a number from 1 up.'],
  [[{ kind: 'throttle', username: '(' }], 'rules[0].username is not a regular expression.'],
  [
    [{ kind: 'throttle', between: [5, 1] }],
    'rules[0].between must be two numbers of seconds, the smaller one first.',
  ],
  [[{ kind: 'throttle', operations: 'x' }], 'rules[0] has no member "operations"'],
])('the fault plan %j is refused in one sentence', (plan, message) => {
  expect(() => readFaultPlan(plan)).toThrow(message);
});

test('latency delays every answer', async () => {
  const there = await bench({}, { latencyMs: 60 });
  const { client, UserPoolId } = there;
  const before = performance.now();
  await client.send(new ListUsersCommand({ UserPoolId }));
  expect(performance.now() - before).toBeGreaterThan(50);
});
