import { describe, expect, it, vi } from 'vitest';

import type { FaultRule } from '../../src/local/index.js';
import { fast, openPlace, people, until } from '../support/place.js';
import { expectStaff, staff } from '../support/truth.js';

// Most of the time these wait for each other's clock, not for the processor.
vi.setConfig({ maxConcurrency: 8 });

describe.concurrent('answers that are none', () => {
  interface Case {
    readonly rule: FaultRule;
    /** The most calls that it takes to create 20 users. */
    readonly creates: number;
    readonly args?: readonly string[];
  }

  const cases: Readonly<Record<string, Case>> = {
    'that trickle without end': {
      rule: { kind: 'trickle', operation: 'AdminCreateUser', every: 6 },
      args: ['--timeout', '4s'],
      creates: 30,
    },
    'that trickle without end, and nothing was done': {
      rule: { kind: 'trickle', operation: 'AdminCreateUser', every: 6, effect: false },
      args: ['--timeout', '4s'],
      creates: 35,
    },
    'that pour without end': { rule: { kind: 'endless', every: 5, after: 2 }, creates: 20 },
    'that pour without end, and nothing was done': {
      rule: { kind: 'endless', every: 5, after: 2, effect: false },
      creates: 40,
    },
    'that are empty': { rule: { kind: 'empty', every: 5, after: 2 }, creates: 40 },
    'that are empty, and yet it was done': {
      rule: { kind: 'empty', every: 5, after: 2, effect: true },
      creates: 20,
    },
  };

  it.for(Object.entries(cases))('%s: every row is created once, and says so', async ([, given]) => {
    const { rule, creates, args = [] } = given;
    const place = await openPlace({
      faults: { rules: [rule] },
      local: { DailyEmailLimit: 0 },
    });
    const file = await place.write('f.csv', staff(20));
    const ended = await place.import(file, '--invite', 'email', ...args);
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    expectStaff(place, 20);
    expect(place.pool.messages.length, 'everybody is told').toBe(20);
    expect(place.calls('AdminCreateUser')).toBeLessThanOrEqual(creates);
    const { AdminCreateUser: told } = place.summary().calls;
    expect(told?.retried, 'the misfortune was met').toBeGreaterThan(0);
  });

  it.for([
    ['trickle', true],
    ['endless', true],
    ['empty', true],
    ['empty', false],
  ] as const)(
    '%s to every create and look-up (effect: %s): no row is said to be created, and resume finds out',
    async ([kind, effect]) => {
      const operation = ['AdminCreateUser', 'ListUsers'];
      const place = await openPlace({ faults: { rules: [{ kind, operation, effect }] } });
      const file = await place.write('f.csv', people(5));
      const ended = await place.import(file, '--timeout', '2s', '--max-attempts', '2');
      expect(ended.code, ended.stdout + ended.stderr).toBe(1);
      expect(place.statuses()).toEqual({ failed: 5 });
      for (const { message, sub } of place.results()) {
        expect([message, sub]).toEqual([expect.stringContaining('its answer is not known'), '']);
      }
      expect(place.pool.userCount).toBe(effect ? 5 : 0);
      place.pool.setFaults({ rules: [] });
      const resumed = await place.resume();
      expect(resumed.code, resumed.stdout + resumed.stderr).toBe(0);
      expect(place.statuses()).toEqual({ created: 5 });
      expect(place.pool.userCount).toBe(5);
    },
  );

  it('says 2 where the pool itself never answers with an end', async () => {
    const place = await openPlace({ faults: { rules: [{ kind: 'trickle' }] } });
    const file = await place.write('f.csv', people(5));
    const ended = await place.import(file, '--timeout', '500ms');
    expect(ended.code, ended.stdout + ended.stderr).toBe(2);
    expect(ended.stderr).toMatch('(TimeoutError) Check the network');
    expect(place.pool.userCount).toBe(0);
  });

  it('ends on SIGTERM while bodies pour', async () => {
    const rules: FaultRule[] = [{ kind: 'endless', operation: 'AdminCreateUser', after: 2 }];
    const place = await openPlace({ faults: { rules } });
    const file = await place.write('f.csv', people(200));
    const args = ['import', file, '--run', 'r', ...fast, '--max-attempts', '1000'];
    const { child, ended } = place.start(args);
    await until(() => place.calls('AdminCreateUser') > 20 || child.exitCode !== null);
    child.kill('SIGTERM');
    const { code, stdout, stderr } = await ended;
    expect(code, stdout + stderr).toBe(143);
    expect(place.statuses()['created'] ?? 0).toBeLessThanOrEqual(place.pool.userCount);
  });
});
