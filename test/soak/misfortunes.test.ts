import dns from 'node:dns';
import type { LookupOptions } from 'node:dns';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

import { expect, inject, it, onTestFinished } from 'vitest';

import type { FinishedRun } from '../../src/api/run/finish-run.js';
import { importUsers } from '../../src/api/import/import-users.js';
import type { Phase } from '../../src/api/listener.js';
import { resumeRun } from '../../src/api/resume/resume-run.js';
import { PoolError } from '../../src/cognito/errors.js';
import type { Summary } from '../../src/report/summary.js';
import type { FaultPlan } from '../../src/local/index.js';
import { ratesOf } from '../support/apply-bench.js';
import { openPlace, seeded, type Place, type Result } from '../support/place.js';
import { signInWithSdk } from '../support/signing-in.js';
import { expectTrueImport, type Wanted } from '../support/truth.js';

type Answer = (error: Error | null, ...addresses: unknown[]) => void;

const { rows: count, seed } = inject('soak');
/** Rare misfortunes strike for certain among so many rows. */
const isLong = count >= 10_000;
/** Waits are so many times shorter: an outage of 60 seconds takes three. */
const speed = 20;
/** What the pool is called, so that there is a name to lose. */
const host = 'cognito-idp.invalid';
const dayMs = 86_400_000;

const isRefused = (n: number): boolean => n % 97 === 0;
const isUndeliverable = (n: number): boolean => n % 211 === 0;

function wantedOf(n: number): Wanted {
  const username = `u${String(n).padStart(6, '0')}`;
  return {
    username,
    attributes: {
      email: `${username}@${isUndeliverable(n) ? 'nowhere' : 'example'}.com`,
      given_name: `Given ${n}`,
      'custom:department': `Department ${n % 7}`,
    },
    groups: n % 2 === 0 ? ['editors', 'staff'] : ['staff'],
    enabled: n % 4 !== 0,
  };
}

const passwordOf = (username: string): string => `Secret-${username}`;

const columns = [
  'username',
  'email',
  'given_name',
  'custom:department',
  'groups',
  'enabled',
  'password',
];

function fileOf(rows: readonly Wanted[]): string {
  const lines = rows.map(({ username, attributes, groups, enabled }) =>
    [
      ...[username, attributes['email'], attributes['given_name'], attributes['custom:department']],
      ...[groups.join(';'), enabled ? '' : 'false', passwordOf(username)],
    ].join(','),
  );
  return `${[columns.join(','), ...lines].join('\n')}\n`;
}

/** In real seconds, of which each stands for `speed`: no DNS for half a minute, an outage of a whole one. */
const noNames = [0.2, 1.7] as const;
const outage = [2, 5] as const;
/** Two minutes of throttles. */
const storm = [6, 12] as const;

/** All at once. */
const misfortunes: FaultPlan = {
  rules: [
    // Nobody who is connected already asks for a name.
    { kind: 'reset-before', between: noNames },
    { kind: 'reset-before', between: outage },
    { kind: 'throttle', probability: 0.3, between: storm },
    {
      kind: 'expired-token',
      operation: 'AdminCreateUser',
      after: Math.floor(count * 0.4),
      count: 3,
    },
    { kind: 'throttle', probability: 0.02 },
    { kind: 'internal-error', probability: 0.01 },
    { kind: 'internal-error', probability: 0.01, effect: true },
    { kind: 'unavailable', probability: 0.01 },
    { kind: 'unavailable', probability: 0.01, effect: true },
    { kind: 'reset-before', probability: 0.01 },
    { kind: 'reset-after', probability: 0.02 },
    { kind: 'cut-off', probability: 0.01 },
    { kind: 'empty', probability: 0.005 },
    { kind: 'empty', probability: 0.005, effect: true },
    { kind: 'endless', probability: 0.0005 },
    { kind: 'trickle', probability: 0.0005 },
    { kind: 'hang', probability: 0.0005 },
    { kind: 'hang', probability: 0.0005, effect: true },
    { kind: 'slow', probability: 0.02, ms: 150 },
  ],
};

it(`${count} rows come through all misfortunes at once, and every row is true`, async () => {
  const rows = Array.from({ length: count }, (_, index) => wantedOf(index + 1));
  const refused = new Set(
    rows.flatMap(({ username }, index) => (isRefused(index + 1) ? username : [])),
  );
  const told = new Map<string, number>();
  let days = 0;
  const place = await openPlace({
    now: () => Date.now() + days * dayMs,
    random: seeded(seed),
    speed,
    local: {
      ListDelayMs: 3_000,
      DailyEmailLimit: Math.ceil(count * 0.6),
      UndeliverableTo: '@nowhere',
      Triggers: { PreSignUp: { RefuseUsernames: `^(${[...refused].join('|')})$` } },
    },
    onMessage: ({ sub }) => told.set(sub, (told.get(sub) ?? 0) + 1),
  });
  const file = await place.write('f.csv', fileOf(rows));
  const calls = {
    rate: ratesOf(5_000),
    speed,
    timeoutMs: 1_500,
    reports: place.path('reports'),
    run: 'r',
  };
  const pool = {
    userPoolId: place.pool.userPoolId,
    region: place.pool.region,
    endpointUrl: place.pool.endpoint.replace('127.0.0.1', host),
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  const names = new Names();
  const began = performance.now();
  const listener = {
    onPhase: (phase: Phase) => {
      if (phase !== 'importing' || sessions.length > 0) return;
      place.pool.setFaults(misfortunes);
      names.loseBetween(noNames);
    },
  };
  const sessions: FinishedRun[] = [];
  sessions.push(await importUsers({ ...calls, file, pool, invite: 'email' }, listener));
  const isLeft = (): boolean => place.results().some(isOpen);
  while (isLeft() && sessions.length < 20) {
    if (sessions.at(-1)?.summary.reason?.includes('LimitExceeded') === true) days++;
    sessions.push(await resumeOnceReachable(() => resumeRun({ ...calls, pool })));
  }
  const seconds = (performance.now() - began) / 1_000;

  expectTrueImport(place, rows);
  const users = place.users();
  const twice = [...told].filter(([, messages]) => messages > 1);
  expect(twice, 'nobody is told twice').toEqual([]);
  for (const [index, row] of place.results().entries()) {
    if (row.status === 'failed') expect(refused.has(row.username), JSON.stringify(row)).toBe(true);
    if (row.status === 'partial') {
      expectUntold(row, index + 1, told.get(row.sub) ?? 0);
      expectAllElseDone(row, rows[index]);
    }
    // Whoever is made by a call without an answer may be told or not, and the row says so.
    if (row.status === 'created' && row.message === '') {
      expect(told.get(row.sub), JSON.stringify(row)).toBe(1);
    }
  }
  expect(users.size).toBe(count - refused.size);
  const { struck } = place.pool.stats();
  for (const { kind, probability = 1 } of misfortunes.rules) {
    if (isLong || probability >= 0.005) expect(struck[kind] ?? 0, kind).toBeGreaterThan(0);
  }
  if (isLong) expect(seconds, 'the storm came').toBeGreaterThan(storm[1]);
  const unknown = place.results().filter(({ code }) => code === 'invitation-unknown');
  expect(unknown.length, 'few are not known to be invited').toBeLessThan(Math.max(12, count / 100));
  expect(names.notFound, 'names were not found').toBeGreaterThan(0);
  expect(days, "the day's messages were used up").toBeGreaterThan(0);
  await expectPasswords(place, rows);
  const made: Summary['calls'] = sessions.at(-1)?.summary.calls ?? {};
  const sum = (what: 'ok' | 'throttled' | 'retried' | 'failed'): number =>
    Object.values(made).reduce((total, one) => total + one[what], 0);
  expect(Math.min(sum('throttled'), sum('retried')), 'the misfortunes were met').toBeGreaterThan(
    count / 50,
  );
  const byStatus = JSON.stringify(sessions.at(-1)?.summary.rows.byStatus);
  process.stdout.write(
    `misfortunes: ${count} rows in ${sessions.length} sessions and ${seconds.toFixed(1)} s: ${byStatus}; ` +
      `calls ${sum('ok')} ok, ${sum('throttled')} throttled, ${sum('retried')} without an answer, ` +
      `${names.notFound} names not found, ${JSON.stringify(struck)}; ` +
      `0 users twice, 0 messages twice, 0 rows missing\n`,
  );
}, 600_000);

/** The name that the pool has here, and a resolver that knows it but for a while. */
class Names {
  #lost: readonly [from: number, until: number] = [Infinity, Infinity];
  notFound = 0;

  constructor() {
    const { lookup } = dns;
    const known = lookup as (name: string, options: LookupOptions, done: Answer) => void;
    const answer = (name: string, options: LookupOptions, done: Answer): void => {
      if (name !== host) {
        known(name, options, done);
      } else if (this.#isLost()) {
        this.notFound++;
        const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), {
          code: 'ENOTFOUND',
        });
        process.nextTick(done, error);
      } else {
        known('127.0.0.1', options, done);
      }
    };
    dns.lookup = answer as unknown as typeof lookup;
    onTestFinished(() => {
      dns.lookup = lookup;
    });
  }

  /** No name is known between these times, in seconds from now. */
  loseBetween([from, until]: readonly [number, number]): void {
    const now = performance.now();
    this.#lost = [now + from * 1_000, now + until * 1_000];
  }

  #isLost(): boolean {
    const now = performance.now();
    return now >= this.#lost[0] && now < this.#lost[1];
  }
}

/** Who resumes in the middle of the outage is told so at once, and does it again later. */
async function resumeOnceReachable(resume: () => Promise<FinishedRun>): Promise<FinishedRun> {
  for (let tries = 1; ; tries++) {
    try {
      return await resume();
    } catch (error) {
      const isOutage = error instanceof PoolError && !error.answered;
      if (!isOutage || tries === 20) throw error;
      await sleep(500);
    }
  }
}

/** Left for another session. */
function isOpen({ status, code, message }: Result): boolean {
  return (
    status === 'not-attempted' || message.includes('resume') || code === 'LimitExceededException'
  );
}

function expectUntold(row: Result, n: number, messages: number): void {
  const isKnown =
    isUndeliverable(n) && messages === 0 && row.code === 'CodeDeliveryFailureException';
  expect(isKnown || row.code === 'invitation-unknown', JSON.stringify({ row, messages })).toBe(
    true,
  );
}

/** Of a row that lacks nothing but its invitation. */
function expectAllElseDone(row: Result, wanted: Wanted | undefined): void {
  const steps = ['create', 'groups', ...(wanted?.enabled === false ? ['disable'] : [])];
  expect(row.steps.split('+'), JSON.stringify(row)).toEqual(expect.arrayContaining(steps));
}

/** Some of those who may sign in do, with the password of their row. */
async function expectPasswords(place: Place, rows: readonly Wanted[]): Promise<void> {
  const users = place.users();
  const able = rows.filter(({ username, enabled }) => enabled && users.has(username));
  const some = able.filter((_, index) => index % Math.ceil(able.length / 100) === 0);
  place.pool.setFaults({ rules: [] });
  for (const { username } of some) {
    const answer = await signInWithSdk(place, username, passwordOf(username));
    expect(answer, username).toBe('NEW_PASSWORD_REQUIRED');
  }
  expect(some.length).toBeGreaterThan(40);
}
