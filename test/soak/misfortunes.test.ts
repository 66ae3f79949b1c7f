import { setTimeout as sleep } from 'node:timers/promises';

import { expect, inject, it } from 'vitest';

import type { FinishedRun } from '../../src/api/run/finish-run.js';
import { importUsers } from '../../src/api/import/import-users.js';
import type { Phase } from '../../src/api/listener.js';
import { resumeRun } from '../../src/api/resume/resume-run.js';
import { PoolError } from '../../src/cognito/errors.js';
import type { Summary } from '../../src/report/summary.js';
import type { FaultPlan } from '../../src/local/index.js';
import { ratesOf } from '../support/apply-bench.js';
import { openPlace, seeded, type Result } from '../support/place.js';
import { expectTrueImport, type Wanted } from '../support/truth.js';

const { rows: count, seed } = inject('soak');
/** Waits are so many times shorter: an outage of 60 seconds takes three. */
const speed = 20;
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
      ...[groups.join(';'), enabled ? '' : 'false', `Secret-${username}`],
    ].join(','),
  );
  return `${[columns.join(','), ...lines].join('\n')}\n`;
}

/** All at once; times are in real seconds, of which each stands for `speed`. */
const misfortunes: FaultPlan = {
  rules: [
    // An outage of 60 seconds, and a storm of two minutes.
    { kind: 'reset-before', between: [2, 5] },
    { kind: 'throttle', probability: 0.3, between: [6, 12] },
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
    endpointUrl: place.pool.endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  const began = performance.now();
  const listener = {
    onPhase: (phase: Phase) => {
      if (phase === 'importing' && sessions.length === 0) place.pool.setFaults(misfortunes);
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

  // An invitation of which nobody knows is told as such; all others went out once.
  expectTrueImport(place, rows);
  const users = place.users();
  const twice = [...told].filter(([, messages]) => messages > 1);
  expect(twice, 'nobody is told twice').toEqual([]);
  for (const [index, row] of place.results().entries()) {
    if (row.status === 'failed') expect(refused.has(row.username), JSON.stringify(row)).toBe(true);
    if (row.status === 'partial') expectUntold(row, index + 1, told.get(row.sub) ?? 0);
    // Whoever is made by a call without an answer may be told or not, and the row says so.
    if (row.status === 'created' && row.message === '') {
      expect(told.get(row.sub), JSON.stringify(row)).toBe(1);
    }
  }
  expect(users.size).toBe(count - refused.size);
  const made: Summary['calls'] = sessions.at(-1)?.summary.calls ?? {};
  const sum = (what: 'ok' | 'throttled' | 'retried' | 'failed'): number =>
    Object.values(made).reduce((total, one) => total + one[what], 0);
  expect(Math.min(sum('throttled'), sum('retried')), 'the misfortunes were met').toBeGreaterThan(
    count / 50,
  );
  const byStatus = JSON.stringify(sessions.at(-1)?.summary.rows.byStatus);
  process.stdout.write(
    `misfortunes: ${count} rows in ${sessions.length} sessions and ${seconds.toFixed(1)} s: ${byStatus}; ` +
      `calls ${sum('ok')} ok, ${sum('throttled')} throttled, ${sum('retried')} without an answer; ` +
      `0 users twice, 0 messages twice, 0 rows missing\n`,
  );
}, 600_000);

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
  const isKnown = isUndeliverable(n) && messages === 0;
  expect(isKnown || row.code === 'invitation-unknown', JSON.stringify({ row, messages })).toBe(
    true,
  );
}
