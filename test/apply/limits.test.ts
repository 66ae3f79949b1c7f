import { describe, expect, it } from 'vitest';
import { Concurrency, mostRowsAtOnce } from '../../src/apply/concurrency.js';
import { Invitations } from '../../src/apply/invitations.js';
import { PoolError } from '../../src/cognito/errors.js';
import type { RowResult, Status } from '../../src/apply/result.js';
import { StopRules } from '../../src/apply/stop-rules.js';
import type { ErrorLimit } from '../../src/apply/stop-rules.js';
import { Stop, Stopped } from '../../src/apply/stop.js';
import { interruption } from '../support/apply-bench.js';
import { quiet, seeded } from '../support/virtual-clock.js';

const refused = new PoolError('AdminCreateUser', 'InvalidPasswordException', 'refused', 400);
const sent = (): Promise<void> => Promise.resolve();

describe('the limit of invitations', () => {
  it('is met exactly, whatever is in flight and however many fail', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = seeded(seed);
      const stop = new Stop();
      const invitations = new Invitations(10, stop);
      let sent = 0;
      let inFlight = 0;
      let most = 0;
      const row = async (): Promise<void> => {
        await invitations.sendOne(async () => {
          most = Math.max(most, sent + ++inFlight);
          await quiet();
          if (random() < 0.5) await quiet();
          inFlight--;
          if (random() >= 0.6) throw refused;
          sent++;
        });
      };
      const results = await Promise.allSettled(Array.from({ length: 60 }, row));
      expect({ sent, most }).toEqual({ sent: 10, most: 10 });
      expect(stop.reason).toMatchObject({ outcome: 'stopped', code: 'invite-limit' });
      const reasons = results.flatMap((one) =>
        one.status === 'rejected' && one.reason !== refused ? [one.reason as unknown] : [],
      );
      expect(reasons.length).toBeGreaterThan(0);
      expect(reasons.every((reason) => reason instanceof Stopped)).toBe(true);
    }
  });

  it('is not met by as many as it allows', async () => {
    const stop = new Stop();
    const invitations = new Invitations(2, stop);
    for (let row = 0; row < 2; row++) await invitations.sendOne(sent);
    expect(stop.reason).toBeUndefined();
    await expect(invitations.sendOne(sent)).rejects.toBeInstanceOf(Stopped);
  });

  it('lets those go who wait for a place when the run ends', async () => {
    const stop = new Stop();
    const invitations = new Invitations(1, stop);
    let answer = (): void => undefined;
    const inFlight = invitations.sendOne(() => new Promise<void>((resolve) => (answer = resolve)));
    const waiting = expect(invitations.sendOne(sent)).rejects.toBeInstanceOf(Stopped);
    stop.request(interruption);
    await waiting;
    answer();
    await inFlight;
    expect(stop.reason).toBe(interruption);
  });
});

const result = (status: Status, code?: string): RowResult => ({
  row: 0,
  line: 2,
  username: 'ada',
  status,
  ...(code !== undefined && { code }),
  steps: [],
  attempts: 1,
  final: true,
});

/** At which result the rules stop the run, counted from 1. */
function stoppedAt(
  limit: ErrorLimit | undefined,
  results: Iterable<RowResult>,
): [number, string] | undefined {
  const rules = new StopRules(limit);
  let count = 0;
  for (const one of results) {
    count++;
    const reason = rules.after(one);
    if (reason) return [count, reason.code];
  }
  return undefined;
}

const repeat = (count: number, ...some: RowResult[]): RowResult[] =>
  Array.from({ length: count }, () => some).flat();

describe('what stops a run', () => {
  const failed = result('failed', 'X');
  const fine = result('created');

  it.each<[string, ErrorLimit | undefined, RowResult[], [number, string] | undefined]>([
    ['fifty with one code', undefined, repeat(60, failed), [50, 'same-error']],
    [
      'forty-nine of them',
      undefined,
      [...repeat(49, failed), fine, ...repeat(49, failed)],
      undefined,
    ],
    [
      'failed and partial alike',
      undefined,
      repeat(25, failed, result('partial', 'X')),
      [50, 'same-error'],
    ],
    ['two codes in turn', undefined, repeat(100, failed, result('failed', 'Y')), undefined],
    [
      'a code that comes anew',
      undefined,
      [...repeat(30, failed), result('failed', 'Y'), ...repeat(49, failed)],
      undefined,
    ],
    ['users who are there', undefined, repeat(200, result('exists', 'X')), undefined],
    ['as many as are allowed', { rows: 5 }, [...repeat(5, fine, failed)], undefined],
    ['one more', { rows: 5 }, repeat(6, fine, failed), [12, 'max-errors']],
    ['none allowed', { rows: 0 }, [fine, failed], [2, 'max-errors']],
    [
      'a percentage of the first hundred',
      { percent: 10 },
      [...repeat(10, failed, result('failed', 'Y')), ...repeat(79, fine)],
      undefined,
    ],
    [
      'more than the percentage, from the hundredth on',
      { percent: 10 },
      [...repeat(10, failed, result('failed', 'Y')), ...repeat(80, fine)],
      [100, 'max-errors'],
    ],
    ['exactly the percentage', { percent: 10 }, repeat(100, ...repeat(9, fine), failed), undefined],
    [
      'more than it later',
      { percent: 10 },
      [...repeat(100, fine), ...repeat(12, failed)],
      [112, 'max-errors'],
    ],
  ])('%s', (_, limit, results, stops) => {
    expect(stoppedAt(limit, results)).toEqual(stops);
  });

  it('says with what the rows failed', () => {
    const rules = new StopRules(undefined);
    const last = repeat(50, { ...failed, message: 'no such group' })
      .map((one) => rules.after(one))
      .at(-1);
    expect(last?.message).toContain('X: no such group');
  });
});

describe('the reason why a run ends', () => {
  it('is the first', () => {
    const stop = new Stop();
    expect(() => {
      stop.throwIfRequested();
    }).not.toThrow();
    stop.request(interruption);
    stop.request({ outcome: 'stopped', code: 'later', message: 'later' });
    expect(stop.reason).toBe(interruption);
    expect(stop.signal.aborted).toBe(true);
    expect(() => {
      stop.throwIfRequested();
    }).toThrow(Stopped);
  });
});

describe('how many rows at once', () => {
  const after = (rate: number, ...latencies: number[]): number => {
    const concurrency = new Concurrency(rate);
    for (const latency of latencies) concurrency.seen(latency);
    return concurrency.rows;
  };

  it.each([
    [40, 80],
    [160, 80],
    [800, 80],
    [160, 300],
  ])('are enough for %i/s at %i ms, and not many more', (rate, latency) => {
    const needed = (rate * latency) / 1_000;
    const rows = after(rate, ...Array.from({ length: 500 }, () => latency));
    expect(rows).toBeGreaterThanOrEqual(needed * 1.25);
    expect(rows).toBeLessThanOrEqual(needed * 1.25 + 9);
  });

  it('are 256 at most, and some where no rate bounds them', () => {
    expect(after(100_000, 1_000)).toBe(mostRowsAtOnce);
    expect(mostRowsAtOnce).toBe(256);
    expect(after(Infinity, 1_000)).toBe(64);
    expect(after(0.1)).toBeGreaterThanOrEqual(1);
  });

  it('follow the latency slowly: one slow row changes little', () => {
    const usual = Array.from({ length: 100 }, () => 80);
    expect(after(400, ...usual, 10_000) - after(400, ...usual)).toBeLessThan(200);
    expect(after(400, ...usual, ...Array.from({ length: 200 }, () => 200))).toBeGreaterThanOrEqual(
      107,
    );
  });
});
