import { describe, expect, it } from 'vitest';
import { applyAll } from '../../src/apply/engine.js';
import type { EngineSettings } from '../../src/apply/engine.js';
import type { RowResult } from '../../src/apply/result.js';
import { applyRow } from '../../src/apply/row.js';
import { planCreate } from '../../src/plan/import-plan.js';
import type { Action } from '../../src/plan/import-plan.js';
import { benchWith, importSettings, interruption, userOf } from '../support/apply-bench.js';
import type { Bench } from '../support/apply-bench.js';

const actionOf = (row: number): Action => planCreate(row, userOf(`user-${row}`), importSettings);

interface Read {
  /** How many actions were taken from the source. */
  count: number;
}

/** So many actions in batches, as a file gives them. */
async function* actions(count: number, read: Read = { count: 0 }): AsyncGenerator<Action[]> {
  for (let from = 0; from < count; from += 10) {
    await Promise.resolve();
    const batch = Array.from({ length: Math.min(10, count - from) }, (_, at) =>
      actionOf(from + at),
    );
    read.count = from + batch.length;
    yield batch;
  }
}

function run(
  bench: Bench,
  batches: AsyncIterable<readonly Action[]>,
  more: Partial<EngineSettings> = {},
): Promise<void> {
  const work = applyAll(
    batches,
    (action, earlier, effort) => applyRow(action, earlier, effort, bench),
    { rowsPerSecond: 1_000, earlier: () => undefined, onResult: () => undefined, ...more },
    bench,
  );
  return bench.clock.run(work);
}

const rowsOf = (results: readonly RowResult[]): number[] =>
  results.map(({ row }) => row).sort((a, b) => a - b);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, row) => row);

describe('the engine', () => {
  it('carries every action out once and tells each result', async () => {
    const bench = benchWith({ latencyMs: 80 });
    const told: RowResult[] = [];
    await run(bench, actions(200), { onResult: (result) => told.push(result) });
    expect(rowsOf(bench.ledger.results)).toEqual(upTo(200));
    expect(told).toEqual(bench.ledger.results);
    expect(bench.pool.users).toHaveLength(200);
    expect(bench.stop.reason).toBeUndefined();
  });

  it('starts rows in the order of the file', async () => {
    const bench = benchWith({ latencyMs: 80 });
    await run(bench, actions(100));
    expect(bench.ledger.tries.map(([row]) => row)).toEqual(upTo(100));
  });

  it.each([1, 3, 16])('works on %i rows at once and reads little ahead', async (concurrency) => {
    const bench = benchWith({ latencyMs: 80 });
    const read: Read = { count: 0 };
    let most = 0;
    let furthest = 0;
    bench.pool.onCall = () => {
      const inFlight = bench.pool.seen.length - bench.ledger.results.length;
      most = Math.max(most, inFlight);
      furthest = Math.max(furthest, read.count - bench.ledger.results.length);
    };
    await run(bench, actions(300, read), { concurrency });
    expect(most).toBe(concurrency);
    expect(furthest).toBeLessThanOrEqual(concurrency + 8 + 10);
  });

  it('hands each row what an earlier session knows of it', async () => {
    const bench = benchWith();
    const since = bench.clock.wall();
    bench.pool.put('user-1', { email: 'user-1@example.com' }, { createdAt: since });
    await run(bench, actions(3), {
      earlier: (row) => (row === 1 ? { triedAt: since } : undefined),
    });
    expect(bench.ledger.results.map(({ status }) => status)).toEqual([
      'created',
      'created',
      'created',
    ]);
    expect(bench.pool.count('AdminCreateUser')).toBe(2);
  });

  it('begins nothing after the run was asked to end, and finishes what it began', async () => {
    const bench = benchWith({ latencyMs: 80 });
    bench.pool.onCall = () => {
      if (bench.pool.seen.length === 20) bench.stop.request(interruption);
    };
    await run(bench, actions(200), { concurrency: 4 });
    expect(bench.pool.seen).toHaveLength(20);
    const { results, tries } = bench.ledger;
    // Each create that was written ahead has its result.
    expect(rowsOf(results)).toEqual(expect.arrayContaining(tries.map(([row]) => row)));
    expect(new Set(rowsOf(results)).size).toBe(results.length);
    expect(results.filter(({ status }) => status === 'created')).toHaveLength(20);
  });

  it('ends by itself where fifty rows fail with one code', async () => {
    const bench = benchWith({ latencyMs: 80 });
    bench.pool.always('AdminCreateUser', { code: 'UserLambdaValidationException' });
    await run(bench, actions(500), { concurrency: 5 });
    expect(bench.stop.reason).toMatchObject({ outcome: 'stopped', code: 'same-error' });
    expect(bench.ledger.results.length).toBeLessThan(60);
  });

  it('ends by itself past --max-errors', async () => {
    const bench = benchWith();
    bench.pool.always('AdminCreateUser', { code: 'InvalidPasswordException' });
    await run(bench, actions(500), { concurrency: 1, errorLimit: { rows: 3 } });
    expect(bench.stop.reason).toMatchObject({ code: 'max-errors' });
    expect(bench.pool.seen).toHaveLength(4);
  });

  it('ends at once where no row can succeed', async () => {
    const bench = benchWith({ latencyMs: 80 });
    bench.pool.always('AdminCreateUser', { code: 'ExpiredTokenException' });
    await run(bench, actions(500), { concurrency: 5 });
    expect(bench.stop.reason).toMatchObject({ code: 'ExpiredTokenException' });
    expect(bench.pool.seen.length).toBeLessThanOrEqual(5);
  });

  it('rejects where the ledger can’t be written, and sends nothing on its word', async () => {
    const bench = benchWith({ latencyMs: 80 });
    const full = new Error('no space left on device');
    bench.pool.onCall = () => {
      if (bench.pool.seen.length === 20) bench.ledger.failure = full;
    };
    await expect(run(bench, actions(200), { concurrency: 4 })).rejects.toBe(full);
    expect(bench.pool.seen.length).toBeLessThan(25);
    // No call is in flight when it rejects.
    expect(bench.ledger.results.filter(({ status }) => status === 'created')).toHaveLength(
      bench.pool.seen.length,
    );
    expect(bench.clock.sleeping).toBe(0);
  });

  it('rejects where the source breaks off, once what it began has ended', async () => {
    const bench = benchWith({ latencyMs: 80 });
    const broken = new Error('the disk is gone');
    async function* breaking(): AsyncGenerator<Action[]> {
      yield* actions(10);
      throw broken;
    }
    await expect(run(bench, breaking())).rejects.toBe(broken);
    expect(bench.stop.reason).toMatchObject({ outcome: 'stopped', code: 'broken-off' });
    expect(rowsOf(bench.ledger.results)).toEqual(upTo(10));
  });

  it('rejects where a listener throws', async () => {
    const bench = benchWith();
    const onResult = (): void => {
      throw new Error('a listener of ours');
    };
    await expect(run(bench, actions(50), { onResult })).rejects.toThrow('a listener of ours');
  });

  it('is bound by the slowest category, whatever the steps', async () => {
    const rates = { UserCreation: 50, UserAccountRecovery: 30, UserUpdate: 25 };
    const bench = benchWith({ latencyMs: 80, rates });
    const settings = { ...importSettings, passwordMode: 'permanent' } as const;
    async function* mixed(): AsyncGenerator<Action[]> {
      for (let row = 0; row < 500; row++) {
        await Promise.resolve();
        const user = userOf(`user-${row}`, { password: 'Passw0rd!', groups: ['a'] });
        yield [planCreate(row, user, settings)];
      }
    }
    await run(bench, mixed(), { rowsPerSecond: 50 });
    expect(bench.ledger.results.every(({ status }) => status === 'created')).toBe(true);
    expect(500 / (bench.clock.monotonic() / 1_000)).toBeGreaterThan(0.95 * 25);
  });
});
