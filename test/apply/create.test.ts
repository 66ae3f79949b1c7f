import { describe, expect, it } from 'vitest';
import { createUser } from '../../src/apply/create.js';
import type { Created } from '../../src/apply/create.js';
import { filtersFor, isOurs } from '../../src/apply/lookup.js';
import type { CreateStep } from '../../src/plan/steps.js';
import type { User } from '../../src/record/user.js';
import type { PoolUser } from '../../src/cognito/user-pool.js';
import { benchWith, newEffort, userOf } from '../support/apply-bench.js';
import type { BenchOptions } from '../support/apply-bench.js';
import { lost, lostButDone } from '../support/scripted-pool.js';
import type { Fate } from '../support/scripted-pool.js';

const ada = userOf('ada');
const twice = { code: 'InternalErrorException', done: true } as const;

interface Schedule {
  readonly called: string;
  /** How the creates end, one after another; the rest end well. */
  readonly creates: readonly Fate[];
  /** Whether somebody else has the username from before. */
  readonly taken?: boolean;
  /** Whether a process that died has sent the create, and what it did. */
  readonly crash?: 'before' | 'after';
  readonly is: Created['is'];
  /** How often the create is sent, with and without a list that lags. */
  readonly sent: number;
  readonly sentWithLag: number;
}

const schedules: readonly Schedule[] = [
  { called: 'answered', creates: [], is: 'made', sent: 1, sentWithLag: 1 },
  { called: 'taken', creates: [], taken: true, is: 'taken', sent: 1, sentWithLag: 1 },
  { called: 'lost, not done', creates: [lost], is: 'made', sent: 2, sentWithLag: 2 },
  { called: 'lost, done', creates: [lostButDone], is: 'made', sent: 1, sentWithLag: 2 },
  { called: 'fault, done', creates: [twice], is: 'made', sent: 1, sentWithLag: 2 },
  { called: 'lost twice', creates: [lost, lost], is: 'made', sent: 3, sentWithLag: 3 },
  {
    called: 'lost, then lost and done',
    creates: [lost, lostButDone],
    is: 'made',
    sent: 2,
    sentWithLag: 3,
  },
  { called: 'lost, taken', creates: [lost], taken: true, is: 'taken', sent: 1, sentWithLag: 1 },
  {
    called: 'unreachable, taken',
    creates: [{ code: 'ECONNREFUSED' }],
    taken: true,
    is: 'taken',
    sent: 2,
    sentWithLag: 2,
  },
  {
    called: 'throttled, then lost and done',
    creates: [{ code: 'TooManyRequestsException' }, lostButDone],
    is: 'made',
    sent: 2,
    sentWithLag: 3,
  },
  { called: 'crash, not done', creates: [], crash: 'before', is: 'made', sent: 1, sentWithLag: 1 },
  { called: 'crash, done', creates: [], crash: 'after', is: 'made', sent: 0, sentWithLag: 1 },
  {
    called: 'crash, done, then lost',
    creates: [lost],
    crash: 'after',
    is: 'made',
    sent: 0,
    sentWithLag: 2,
  },
  {
    called: 'crash, taken',
    creates: [],
    crash: 'before',
    taken: true,
    is: 'taken',
    sent: 0,
    sentWithLag: 0,
  },
];

async function play(
  schedule: Schedule,
  options: BenchOptions,
): Promise<{ created: Created; bench: ReturnType<typeof benchWith> }> {
  const bench = benchWith({ maxAttempts: 8, clockOffsetMs: 3_600_000, ...options });
  const { pool, clock } = bench;
  if (schedule.taken) pool.put('ada', { email: 'somebody@else.org' });
  const since = schedule.crash && clock.wall() + pool.clockOffsetMs;
  if (schedule.crash === 'after') {
    pool.put('ada', { email: 'ada@example.com' }, { createdAt: since ?? 0 });
  }
  pool.next('AdminCreateUser', ...schedule.creates);
  const step = { name: 'create', temporaryPassword: 'none', includes: [] } as const;
  const created = await clock.run(
    createUser(0, ada, step, undefined, { since }, newEffort(), bench),
  );
  return { created, bench };
}

describe.each([
  ['at once', 0],
  ['after a minute', 60_000],
])('a create, where lists show a new user %s', (_, listLagMs) => {
  it.each(schedules)('$called: $is, no more often than needed', async (schedule) => {
    const { created, bench } = await play(schedule, { listLagMs });
    const { pool, ledger } = bench;
    expect(created.is).toBe(schedule.is);
    expect(pool.users.filter(({ username }) => username === 'ada')).toHaveLength(1);
    expect(pool.count('AdminCreateUser')).toBe(
      listLagMs > 0 ? schedule.sentWithLag : schedule.sent,
    );
    // Written before the first call is sent, by the service's clock; and once only.
    const isWritten = schedule.crash === undefined;
    expect(ledger.tries).toEqual(isWritten ? [[0, Date.UTC(2026, 0, 1) + 3_600_000]] : []);
    // What bills somebody is called only where a list may lag.
    if (listLagMs === 0) expect(pool.count('AdminGetUser')).toBe(0);
  });
});

describe('a create', () => {
  const step = { name: 'create', temporaryPassword: 'own', includes: [] } as const;

  it('is in the ledger before it is sent', async () => {
    const bench = benchWith();
    let triesWhenSent = -1;
    bench.pool.onCall = () => (triesWhenSent = bench.ledger.tries.length);
    await bench.clock.run(createUser(7, ada, step, 'pw', { since: undefined }, newEffort(), bench));
    expect(triesWhenSent).toBe(1);
    expect(bench.ledger.tries[0]?.[0]).toBe(7);
  });

  it('is not sent where the ledger can’t be written', async () => {
    const bench = benchWith();
    bench.ledger.failure = new Error('no space left on device');
    const work = createUser(0, ada, step, 'pw', { since: undefined }, newEffort(), bench);
    await expect(bench.clock.run(work)).rejects.toThrow('no space left');
    expect(bench.pool.seen).toEqual([]);
  });

  it('is uncertain where its last answer was lost as well', async () => {
    const bench = benchWith({ maxAttempts: 3 });
    bench.pool.always('AdminCreateUser', lost);
    const uncertainty = { since: undefined as number | undefined };
    const work = createUser(0, ada, step, 'pw', uncertainty, newEffort(), bench);
    await expect(bench.clock.run(work)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(uncertainty.since).toBe(bench.ledger.tries[0]?.[1]);
  });

  it('that is refused after a lost answer is looked up: its alias may be our own user', async () => {
    const bench = benchWith({ listLagMs: 60_000 });
    bench.pool.next('AdminCreateUser', lostButDone, { code: 'AliasExistsException' });
    const uncertainty = { since: undefined };
    const work = createUser(0, ada, step, 'pw', uncertainty, newEffort(), bench);
    expect(await bench.clock.run(work)).toMatchObject({ is: 'made', user: { username: 'ada' } });
  });

  it('that is refused after a lost answer that did nothing is refused, and certain', async () => {
    const bench = benchWith();
    bench.pool.next('AdminCreateUser', lost, { code: 'InvalidPasswordException' });
    const uncertainty = { since: undefined as number | undefined };
    const work = createUser(0, ada, step, 'pw', uncertainty, newEffort(), bench);
    await expect(bench.clock.run(work)).rejects.toMatchObject({ code: 'InvalidPasswordException' });
    expect(uncertainty.since).toBeUndefined();
    expect(bench.pool.count('AdminCreateUser')).toBe(2);
  });

  it('sends a password and a medium only where there are any', async () => {
    const bench = benchWith();
    const { clock, pool } = bench;
    const eve = userOf('eve');
    const invites = { ...step, invite: 'SMS', includes: ['invite'] } as const;
    const create = (
      row: number,
      ...[user, how, pw]: [User, CreateStep, string?]
    ): Promise<unknown> =>
      clock.run(createUser(row, user, how, pw, { since: undefined }, newEffort(), bench));
    await create(0, ada, step);
    await create(1, eve, invites, 'pw');
    expect(pool.seen.map(({ args }) => args[0])).toEqual([
      { username: 'ada', attributes: ada.attributes },
      { username: 'eve', attributes: eve.attributes, temporaryPassword: 'pw', invite: 'SMS' },
    ]);
  });

  it('finds its own user beside one of an identity provider with the same email', async () => {
    const bench = benchWith({ byEmail: true });
    const { pool, clock } = bench;
    pool.put('google_1', { email: 'ada@example.com' }, { status: 'EXTERNAL_PROVIDER' });
    pool.next('AdminCreateUser', lostButDone);
    const user = userOf('ada@example.com');
    const work = createUser(0, user, step, 'pw', { since: undefined }, newEffort(), bench);
    expect(await clock.run(work)).toMatchObject({ is: 'made', user: { username: 'sub-2' } });
  });
});

describe('an invitation with the create', () => {
  const step = {
    name: 'create',
    invite: 'EMAIL',
    temporaryPassword: 'none',
    includes: ['invite'],
  } as const;
  const create = (bench: ReturnType<typeof benchWith>): Promise<Created> =>
    bench.clock.run(createUser(0, ada, step, undefined, { since: undefined }, newEffort(), bench));

  it.each(['CodeDeliveryFailureException', 'LimitExceededException'])(
    'that ends in %s leaves the user made and not invited',
    async (code) => {
      const bench = benchWith();
      bench.pool.next('AdminCreateUser', { code, done: true });
      expect(await create(bench)).toMatchObject({ is: 'made', notInvited: { code } });
      expect(bench.pool.count('AdminCreateUser')).toBe(1);
    },
  );

  it.each(['CodeDeliveryFailureException', 'LimitExceededException'])(
    'that ends in %s without a user is that error',
    async (code) => {
      const bench = benchWith();
      bench.pool.next('AdminCreateUser', { code });
      await expect(create(bench)).rejects.toMatchObject({ code });
    },
  );

  it.each(['CodeDeliveryFailureException', 'LimitExceededException'])(
    'that ends in %s is never taken for sent, also where the look-up has no answer at first',
    async (code) => {
      const bench = benchWith({ maxAttempts: 2 });
      bench.pool.next('AdminCreateUser', { code, done: true });
      bench.pool.next('AdminGetUser', lost, lost, lost, lost);
      await bench.clock.run(
        bench.calls.once('ListUsers', newEffort(), () => bench.pool.listUsers({})),
      );
      expect(await create(bench)).toMatchObject({ is: 'made', notInvited: { code } });
    },
  );

  it('counts what may have gone out, and nothing else', async () => {
    const left = async (fates: readonly Fate[], taken = false): Promise<boolean> => {
      const bench = benchWith({ inviteLimit: 1, listLagMs: 60_000 });
      if (taken) bench.pool.put('ada');
      bench.pool.next('AdminCreateUser', ...fates);
      await create(bench).catch(() => undefined);
      if (bench.stop.reason) return false;
      return bench.invitations.sendOne(() => Promise.resolve(true)).catch(() => false);
    };
    expect(await left([])).toBe(false);
    expect(await left([lostButDone])).toBe(false);
    expect(await left([{ code: 'ECONNREFUSED' }, { code: 'InvalidPasswordException' }])).toBe(true);
    expect(await left([{ code: 'CodeDeliveryFailureException', done: true }])).toBe(true);
    expect(await left([], true)).toBe(true);
  });
});

describe('whether a found user is ours', () => {
  const triedAt = 1_000_000;
  const found = (more: Partial<PoolUser> = {}): PoolUser => ({
    username: 'ada',
    sub: 's',
    attributes: [
      { Name: 'sub', Value: 's' },
      { Name: 'email', Value: 'ada@example.com' },
    ],
    enabled: true,
    status: 'FORCE_CHANGE_PASSWORD',
    createdAt: triedAt,
    modifiedAt: triedAt,
    ...more,
  });

  it.each<[string, Partial<PoolUser>, boolean]>([
    ['made at the moment', {}, true],
    ['made later', { createdAt: triedAt + 86_400_000 }, true],
    ['made as far before as the clocks may differ', { createdAt: triedAt - 5_000 }, true],
    ['made before that', { createdAt: triedAt - 5_001 }, false],
    ['stored in lower case', { attributes: [{ Name: 'email', Value: 'ADA@example.COM' }] }, true],
    ['with another email', { attributes: [{ Name: 'email', Value: 'eve@example.com' }] }, false],
    ['without the email', { attributes: [{ Name: 'sub', Value: 's' }] }, false],
  ])('%s', (_, more, ours) => {
    expect(isOurs(found(more), ada, triedAt)).toBe(ours);
  });

  it('is looked up by what the pool can filter by', () => {
    const plain = { Id: 'x_1' };
    const bySignIn = { ...plain, UsernameAttributes: ['email', 'phone_number'] };
    const folding = { ...plain, UsernameConfiguration: { CaseSensitive: false } };
    const username = (value: string): unknown => ({ attribute: 'username', value });
    expect(filtersFor(userOf('Ada'), plain)).toEqual([username('Ada')]);
    expect(filtersFor(userOf('Ada'), folding)).toEqual([username('Ada'), username('ada')]);
    expect(filtersFor(userOf('ada'), folding)).toEqual([username('ada')]);
    expect(filtersFor(userOf('a@x.org'), bySignIn)).toEqual([
      { attribute: 'email', value: 'a@x.org' },
    ]);
    expect(filtersFor(userOf('+4912'), bySignIn)).toEqual([
      { attribute: 'phone_number', value: '+4912' },
    ]);
  });
});
