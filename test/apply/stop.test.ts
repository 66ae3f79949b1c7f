import { describe, expect, it } from 'vitest';

import { benchWith, interruption, newEffort } from '../support/apply-bench.js';

const stopped = { outcome: 'stopped', code: 'x', message: 'x' } as const;

describe('a run that is asked to end', () => {
  it('keeps its first reason, and still learns that somebody lost patience', () => {
    const { stop } = benchWith();
    stop.request(stopped);
    expect(stop.interrupted.aborted).toBe(false);
    stop.request(interruption);
    expect(stop.reason).toBe(stopped);
    expect(stop.interrupted.aborted).toBe(true);
  });

  it('waits for no answer that belongs to no row, once the process is to end', async () => {
    const { stop, calls, pool } = benchWith();
    const hanging = calls.ask('DescribeUserPool', () => new Promise(() => undefined));
    stop.request(stopped);
    stop.request(interruption);
    await expect(hanging).rejects.toThrow('x');
    await expect(calls.ask('AdminGetUser', () => pool.adminGetUser('ada'))).rejects.toThrow('x');
    expect(pool.seen).toEqual([]);
  });

  it('paces also the look-ups that it still needs', async () => {
    const bench = benchWith({ rates: { UserRead: 10 } });
    bench.pool.put('ada');
    bench.stop.request(stopped);
    const looks = Array.from({ length: 30 }, () =>
      bench.calls.once('AdminGetUser', newEffort(), () => bench.pool.adminGetUser('ada'), {
        evenWhenStopped: true,
      }),
    );
    await bench.clock.run(Promise.all(looks));
    const times = bench.pool.seen.map(({ at }) => at);
    const [first = 0, last = 0] = [times[0], times.at(-1)];
    // A few at once, and then ten a second.
    expect(last - first).toBeGreaterThanOrEqual(2_500);
    expect(last - first).toBeLessThan(3_000);
  });
});
