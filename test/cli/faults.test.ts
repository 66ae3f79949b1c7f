import { describe, expect, it, vi } from 'vitest';

import { fast, openPlace, people, seeded } from '../support/place.js';
import { expectStaff, staff } from '../support/truth.js';
import type { FaultPlan } from '../../src/local/index.js';

// Most of the time these wait for each other's clock, not for the processor.
vi.setConfig({ maxConcurrency: 8 });

/** Everybody is invited, without a limit for the day. */
const invited = ['--invite', 'email'];
const local = { DailyEmailLimit: 0 };

describe.concurrent('calls that go wrong', () => {
  const plans: Readonly<Record<string, { plan: FaultPlan; creates: number; args?: string[] }>> = {
    'reset after the effect': {
      plan: { rules: [{ kind: 'reset-after', every: 3, after: 2 }] },
      creates: 30,
    },
    'reset before the effect': {
      plan: { rules: [{ kind: 'reset-before', every: 3, after: 2 }] },
      creates: 60,
    },
    'an answer cut off': {
      plan: { rules: [{ kind: 'cut-off', every: 3, after: 2 }] },
      creates: 30,
    },
    'no answer at all': {
      plan: { rules: [{ kind: 'hang', operation: 'AdminCreateUser', every: 6 }] },
      args: ['--timeout', '4s'],
      creates: 40,
    },
    'no answer, and yet it was done': {
      plan: { rules: [{ kind: 'hang', operation: 'AdminCreateUser', every: 6, effect: true }] },
      args: ['--timeout', '4s'],
      creates: 45,
    },
    'answers that are slower than --timeout': {
      plan: { rules: [{ kind: 'slow', operation: 'AdminCreateUser', every: 6, ms: 6_000 }] },
      args: ['--timeout', '4s'],
      creates: 45,
    },
    'internal errors': {
      plan: { rules: [{ kind: 'internal-error', every: 4, after: 2 }] },
      creates: 50,
    },
    'a service that is unavailable': {
      plan: { rules: [{ kind: 'unavailable', every: 4, after: 2 }] },
      creates: 50,
    },
  };

  it.for(Object.keys(plans))('%s: every row is created once, and says so', async (name) => {
    const { plan, creates, args = [] } = plans[name] ?? { plan: { rules: [] }, creates: 0 };
    const place = await openPlace({ faults: plan, local });
    const file = await place.write('f.csv', staff(30));
    const ended = await place.import(file, ...invited, ...args);
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    expectStaff(place, 30);
    expect(place.pool.messages.length, 'everybody is told').toBe(30);
    expect(place.calls('AdminCreateUser')).toBeLessThanOrEqual(creates);
    const { AdminCreateUser: told } = place.summary().calls;
    expect(told?.retried, 'the misfortune was met').toBeGreaterThan(0);
    expect(place.results().some(({ attempts }) => Number(attempts) > 1)).toBe(true);
  });

  it('a list that lags behind makes no false answer', async () => {
    const place = await openPlace({
      local: { ...local, ListDelayMs: 60_000 },
      faults: { rules: [{ kind: 'reset-after', operation: 'AdminCreateUser', every: 3 }] },
    });
    const ended = await place.import(await place.write('f.csv', staff(30)), ...invited);
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    expectStaff(place, 30);
    expect(place.pool.messages.length).toBe(30);
  });

  it('a storm of throttling fails no row, and is counted', async () => {
    // Of all calls but the first, which ask what the pool is like.
    const rules = [{ kind: 'throttle' as const, probability: 0.3, after: 4 }];
    const place = await openPlace({ faults: { rules }, local, random: seeded(30) });
    const ended = await place.import(await place.write('f.csv', staff(200)), ...invited);
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    expectStaff(place, 200);
    expect(place.pool.messages.length).toBe(200);
    const { operations } = place.pool.stats();
    const seen = Object.values(operations).reduce((sum, it) => sum + it.throttled, 0);
    const told = Object.values(place.summary().calls).reduce((sum, it) => sum + it.throttled, 0);
    expect(told).toBe(seen);
    expect(seen, 'it is a storm').toBeGreaterThan(150);
    expect(place.results().every(({ attempts }) => attempts === '1')).toBe(true);
  });

  it('users who were there before are still said to be there before', async () => {
    const place = await openPlace();
    await place.write('f.csv', staff(20));
    await place.imported('f.csv');
    // Old enough to be nobody's mistake: five seconds are the slack of the clock.
    await new Promise((resolve) => setTimeout(resolve, 6_500));
    place.pool.setFaults({
      rules: [{ kind: 'reset-after', operation: 'AdminCreateUser', every: 2 }],
    });
    const ended = await place.import('f.csv', '--run', 'again');
    expect(ended.code, ended.stderr).toBe(0);
    expect(place.statuses('again')).toEqual({ exists: 20 });
  });

  it('a step that never succeeds leaves a partial row, with what was done', async () => {
    const rules = [
      { kind: 'internal-error' as const, operation: 'AdminAddUserToGroup', username: 'u0002' },
    ];
    const place = await openPlace({ faults: { rules } });
    await place.write('f.csv', staff(3));
    const ended = await place.import('f.csv', '--max-attempts', '2');
    expect(ended.code, ended.stderr).toBe(1);
    expect(place.results()[1]).toMatchObject({ status: 'partial', steps: 'create' });
    expect(place.results()[1]?.sub).toBe(place.users().get('u0002')?.sub);
    place.pool.setFaults({ rules: [] });
    const again = await place.resume();
    expect(again.code, again.stderr).toBe(0);
    expectStaff(place, 3);
    expect(place.calls('AdminCreateUser')).toBe(3);
  });
});

describe.concurrent('a run that should not go on', () => {
  it('stops at 50 same failures in a row with 3, and resume --retry-failed goes on', async () => {
    const rules = [{ kind: 'trigger-refuses' as const, operation: 'AdminCreateUser', after: 5 }];
    const place = await openPlace({ faults: { rules } });
    await place.write('f.csv', people(200));
    const ended = await place.import('f.csv', '--concurrency', '1');
    expect(ended.code, ended.stderr).toBe(3);
    expect(place.statuses()).toEqual({ created: 5, failed: 50, 'not-attempted': 145 });
    expect(ended.stdout).toMatch(/50 rows in a row.*UserLambdaValidationException/s);
    expect(ended.stdout).toMatch('cognito-bulk resume reports/r');
    place.pool.setFaults({ rules: [] });
    const plain = await place.resume();
    expect(plain.code, plain.stderr).toBe(1);
    expect(place.statuses()).toEqual({ created: 150, failed: 50 });
    expect((await place.resume('--retry-failed')).code).toBe(0);
    expect(place.statuses()).toEqual({ created: 200 });
    expect(place.pool.userCount).toBe(200);
  });

  it('stops past --max-errors N', async () => {
    const rules = [
      { kind: 'trigger-refuses' as const, operation: 'AdminCreateUser', every: 2, after: 2 },
    ];
    const place = await openPlace({ faults: { rules } });
    await place.write('f.csv', people(40));
    const ended = await place.import('f.csv', '--max-errors', '3', '--concurrency', '1');
    expect(ended.code, ended.stderr).toBe(3);
    expect(place.statuses()).toEqual({ created: 6, failed: 4, 'not-attempted': 30 });
    expect(place.summary().reason).toMatch('--max-errors');
  });

  it('counts P% of --max-errors from the 100th row on', async () => {
    const rules = [
      { kind: 'trigger-refuses' as const, operation: 'AdminCreateUser', every: 4, count: 12 },
    ];
    const place = await openPlace({ faults: { rules } });
    await place.write('f.csv', people(150));
    const ended = await place.import('f.csv', '--max-errors', '10%', '--concurrency', '1');
    expect(ended.code, ended.stderr).toBe(3);
    expect(place.statuses()).toEqual({ created: 88, failed: 12, 'not-attempted': 50 });
    place.pool.setFaults({ rules: [{ ...rules[0], kind: 'trigger-refuses', count: 10 }] });
    const fine = await place.import(
      'f.csv',
      '--run',
      'b',
      '--on-existing',
      'skip',
      '--max-errors',
      '10%',
    );
    expect(fine.code, fine.stderr).toBe(1);
  });

  it('stops at once when nothing is permitted any more, and resume goes on', async () => {
    const rules = [{ kind: 'expired-token' as const, operation: 'AdminCreateUser', after: 5 }];
    const place = await openPlace({ faults: { rules } });
    await place.write('f.csv', people(50));
    const ended = await place.import('f.csv', '--concurrency', '4');
    expect(ended.code, ended.stderr).toBe(3);
    expect(place.statuses()).toEqual({ created: 5, 'not-attempted': 45 });
    expect(place.calls('AdminCreateUser')).toBeLessThan(12);
    place.pool.setFaults({ rules: [] });
    expect((await place.resume()).code).toBe(0);
    expect(place.statuses()).toEqual({ created: 50 });
  });

  it('ends with 2 when not one call was permitted', async () => {
    const rules = [{ kind: 'access-denied' as const, operation: 'AdminCreateUser' }];
    const place = await openPlace({ faults: { rules } });
    const ended = await place.import(await place.write('f.csv', people(50)));
    expect(ended.code, ended.stderr).toBe(2);
    expect(place.pool.userCount).toBe(0);
    expect(ended.stdout + ended.stderr).toMatch('not authorized');
  });

  it('ends in good order at --max-duration, and resume goes on', async () => {
    const place = await openPlace({ latencyMs: 20 });
    await place.write('f.csv', people(300));
    const args = ['import', 'f.csv', '--run', 'r', '--rate', '50', '--max-duration', '4s'];
    const ended = await place.run(args);
    expect(ended.code, ended.stderr).toBe(3);
    expect(place.summary()).toMatchObject({ outcome: 'stopped', exitCode: 3 });
    const { created = 0, 'not-attempted': left = 0, ...others } = place.statuses();
    expect(others).toEqual({});
    expect(created).toBe(place.pool.userCount);
    expect(created + left).toBe(300);
    expect((await place.resume()).code).toBe(0);
    expect(place.statuses()).toEqual({ created: 300 });
    expect(place.calls('AdminCreateUser')).toBe(300);
  });

  it('says 2 and leaves nothing where --max-duration is over before anything was sent', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(300));
    const args = ['import', 'f.csv', '--run', 'r', ...fast, '--max-duration', '1ms'];
    const ended = await place.run(args);
    expect(ended.code, ended.stderr).toBe(2);
    expect(ended.stderr).toMatch('--max-duration');
    expect(ended.stderr).not.toMatch('This was not expected');
    expect(place.calls('AdminCreateUser')).toBe(0);
  });
});
