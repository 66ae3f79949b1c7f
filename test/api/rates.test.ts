import { describe, expect, it } from 'vitest';
import { Figures } from '../../src/api/run/figures.js';
import { defaultRates, findRates, perSecond } from '../../src/api/run/rates.js';
import type { CallOptions } from '../../src/api/options.js';
import { benchWith } from '../support/apply-bench.js';

interface Found {
  readonly rates: Awaited<ReturnType<typeof findRates>>;
  readonly notices: readonly string[];
  /** How often GetProvisionedLimit was called. */
  readonly asked: number;
}

async function found(
  options: CallOptions,
  limit: (category: string) => number,
  failure?: string,
): Promise<Found> {
  const { pool, calls, clock } = benchWith();
  pool.limit = limit;
  if (failure !== undefined) pool.always('GetProvisionedLimit', { code: failure });
  const notices: string[] = [];
  const asked = ['UserCreation', 'UserUpdate', 'UserRead'] as const;
  const rates = await clock.run(
    findRates(options, asked, pool, calls, (message) => notices.push(message)),
  );
  return { rates, notices, asked: pool.count('GetProvisionedLimit') };
}

describe('the rates of a run', () => {
  it('leave a fifth of the published defaults to live traffic', () => {
    const rates = defaultRates({});
    expect(rates.UserCreation).toEqual({ limit: 50, share: 0.8 });
    expect(perSecond(rates)).toMatchObject({ UserCreation: 40, UserUpdate: 20 });
  });

  it('are what was given, all of it unless said otherwise', () => {
    const rates = defaultRates({ rate: { UserCreation: 200 } });
    expect(rates.UserCreation).toEqual({ limit: 200, share: 1 });
    expect(rates.UserUpdate).toEqual({ limit: 25, share: 0.8 });
    expect(defaultRates({ rate: { UserCreation: 200 }, rateShare: 0.5 }).UserCreation).toEqual({
      limit: 200,
      share: 0.5,
    });
  });

  it('are what the account has, asked only where it can differ', async () => {
    const { rates, asked } = await found({}, (category) => (category === 'UserCreation' ? 300 : 0));
    expect(rates.UserCreation).toEqual({ limit: 300, share: 0.8 });
    // 0 says nothing; UserUpdate can't be raised and is not asked for.
    expect(rates.UserRead.limit).toBe(120);
    expect(asked).toBe(2);
  });

  it('are not asked for where they were given', async () => {
    const { asked } = await found({ rate: { UserCreation: 10, UserRead: 10 } }, () => 1);
    expect(asked).toBe(0);
  });

  it('are the published ones where nobody says more, and that is told once', async () => {
    const { rates, notices, asked } = await found({}, () => 1, 'AccessDeniedException');
    expect(rates.UserCreation).toEqual({ limit: 50, share: 0.8 });
    expect(notices).toHaveLength(1);
    expect(notices[0]).toContain('AccessDeniedException');
    expect(asked).toBe(1);
  });
});

describe('the figures of a session', () => {
  it('are what was counted since the last time', async () => {
    const { clock } = benchWith();
    const figures = new Figures(defaultRates({}), clock);
    figures.count('AdminCreateUser', 'ok', 40);
    figures.count('AdminCreateUser', 'ok', 400);
    figures.count('AdminCreateUser', 'throttled', 5);
    figures.count('ListUsers', 'failed', 9);
    await clock.advance(2_500);
    expect(figures.take()).toEqual({
      t: 'figures',
      at: clock.wall(),
      seconds: 2.5,
      calls: {
        AdminCreateUser: { ok: 2, throttled: 1, retried: 0, failed: 0 },
        ListUsers: { ok: 0, throttled: 0, retried: 0, failed: 1 },
      },
      rates: { UserCreation: { limit: 50, share: 0.8 }, UserList: { limit: 30, share: 0.8 } },
      latencies: {
        AdminCreateUser: {
          max: 400,
          buckets: [
            [22, 1],
            [35, 1],
          ],
        },
      },
    });
    await clock.advance(500);
    expect(figures.take()).toMatchObject({ seconds: 0.5, calls: {}, rates: {}, latencies: {} });
  });
});
