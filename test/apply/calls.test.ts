import { describe, expect, it } from 'vitest';
import { Calls } from '../../src/apply/calls.js';
import { Stop, Stopped } from '../../src/apply/stop.js';
import { PoolError } from '../../src/cognito/errors.js';
import { benchWith, interruption, newEffort, ratesOf } from '../support/apply-bench.js';
import { lost } from '../support/scripted-pool.js';
import type { Fate } from '../support/scripted-pool.js';
import { quiet, seeded } from '../support/virtual-clock.js';

const throttledFate: Fate = { code: 'TooManyRequestsException' };
const fault: Fate = { code: 'InternalErrorException' };
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

function password(bench: ReturnType<typeof benchWith>, effort = newEffort()): Promise<void> {
  return bench.calls.repeatable('AdminSetUserPassword', effort, () =>
    bench.pool.adminSetUserPassword('ada', 'Passw0rd!', true),
  );
}

/** A pool with the user that `password` is about. */
function bench(options: Parameters<typeof benchWith>[0] = {}): ReturnType<typeof benchWith> {
  const made = benchWith(options);
  made.pool.put('ada');
  return made;
}

describe('a call that is throttled', () => {
  it('is sent again as often as it takes, and none of it is a try', async () => {
    const one = bench({ maxAttempts: 1 });
    one.pool.next('AdminSetUserPassword', ...times(500, throttledFate));
    const effort = newEffort();
    await one.clock.run(password(one, effort));
    expect(one.pool.count('AdminSetUserPassword')).toBe(501);
    expect(effort.attempts).toBe(1);
    expect(one.outcomes.map(({ outcome }) => outcome)).toEqual([...times(500, 'throttled'), 'ok']);
  });

  it('slows its own category and no other', async () => {
    const one = bench({ rates: { UserAccountRecovery: 100, UserRead: 100 } });
    one.pool.next('AdminSetUserPassword', throttledFate);
    await one.clock.run(password(one));
    const startedAt = one.clock.monotonic();
    await one.clock.run(
      Promise.all(
        times(4, 0).map(() =>
          one.calls.once('AdminGetUser', newEffort(), () => one.pool.adminGetUser('ada')),
        ),
      ),
    );
    expect(one.clock.monotonic()).toBe(startedAt);
    await one.clock.run(password(one));
    expect(one.clock.monotonic()).toBeGreaterThan(startedAt);
  });

  it('waits no more once the run ends, and sends nothing', async () => {
    const one = bench({ rates: { UserAccountRecovery: 1 } });
    one.pool.always('AdminSetUserPassword', throttledFate);
    const work = password(one);
    const ended = expect(work).rejects.toBeInstanceOf(Stopped);
    await one.clock.advance(30_000);
    const sent = one.pool.seen.length;
    expect(sent).toBeGreaterThan(1);
    one.stop.request(interruption);
    await ended;
    expect(one.pool.seen).toHaveLength(sent);
    expect(one.clock.sleeping).toBe(0);
  });
});

describe('a call without an answer', () => {
  it('is sent again, with full jitter under a bound that doubles up to twenty seconds', async () => {
    const random = seeded(3);
    const drawn: number[] = [];
    const one = bench({
      maxAttempts: 12,
      random: () => {
        const value = random();
        drawn.push(value);
        return value;
      },
    });
    one.pool.next('AdminSetUserPassword', ...times(11, fault));
    await one.clock.run(password(one));
    const sent = one.pool.seen.map(({ at }) => at);
    const waits = sent.slice(1).map((at, index) => at - (sent[index] ?? 0));
    const bounds = [200, 400, 800, 1_600, 3_200, 6_400, 12_800, 20_000, 20_000, 20_000, 20_000];
    expect(drawn).toHaveLength(11);
    waits.forEach((wait, index) => {
      expect(wait).toBeCloseTo((bounds[index] ?? 0) * (drawn[index] ?? 0), 3);
    });
  });

  it.each([
    [1, 1],
    [3, 3],
    [8, 8],
  ])('is given up after %i tries while the service answers', async (maxAttempts, sent) => {
    const one = bench({ maxAttempts });
    one.pool.always('AdminSetUserPassword', fault);
    const effort = newEffort();
    await expect(one.clock.run(password(one, effort))).rejects.toMatchObject({
      code: 'InternalErrorException',
    });
    expect(one.pool.count('AdminSetUserPassword')).toBe(sent);
    expect(effort.attempts).toBe(sent);
  });

  it('is given up as well where nothing was ever answered: the address may be wrong', async () => {
    const one = bench({ maxAttempts: 4 });
    one.pool.always('AdminSetUserPassword', { code: 'ECONNREFUSED' });
    await expect(one.clock.run(password(one))).rejects.toMatchObject({ kind: 'unreachable' });
    expect(one.pool.seen).toHaveLength(4);
    expect(one.stop.reason).toBeUndefined();
  });

  it('is no try while nobody is answered, for up to a quarter of an hour', async () => {
    const one = bench({ maxAttempts: 2, random: () => 0.999 });
    await one.clock.run(password(one));
    await one.clock.advance(10);
    one.pool.always('AdminSetUserPassword', lost);
    const work = password(one);
    await one.clock.advance(14 * 60_000);
    expect(one.stop.reason).toBeUndefined();
    expect(one.pool.seen.length).toBeGreaterThan(30);
    one.pool.always('AdminSetUserPassword', 'ok');
    await one.clock.run(work);
  });

  it('ends the run where nobody was answered for a quarter of an hour', async () => {
    const one = bench({ maxAttempts: 2 });
    await one.clock.run(password(one));
    await one.clock.advance(10);
    one.pool.always('AdminSetUserPassword', lost);
    await expect(one.clock.run(password(one))).rejects.toBeInstanceOf(Stopped);
    expect(one.stop.reason).toMatchObject({ outcome: 'stopped', code: 'no-answer' });
    expect(one.clock.monotonic()).toBeGreaterThan(15 * 60_000);
    expect(one.clock.monotonic()).toBeLessThan(16 * 60_000);
  });

  it('is a try where a look at the service says that it is there', async () => {
    let probes = 0;
    const one = bench({ maxAttempts: 5, probe: () => Promise.resolve(probes++) });
    await one.clock.run(password(one));
    await one.clock.advance(10);
    one.pool.always('AdminSetUserPassword', lost);
    await expect(one.clock.run(password(one))).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(one.pool.seen).toHaveLength(1 + 5);
    expect(probes).toBeGreaterThan(0);
    expect(one.stop.reason).toBeUndefined();
  });

  it('is a try where that look is refused by name, and none where it gets no answer', async () => {
    const probeThat = (code: string, status?: number) => () =>
      Promise.reject(new PoolError('DescribeUserPool', code, 'said so', status));
    const refused = bench({ maxAttempts: 5, probe: probeThat('AccessDeniedException', 400) });
    await refused.clock.run(password(refused));
    await refused.clock.advance(10);
    refused.pool.always('AdminSetUserPassword', lost);
    await expect(refused.clock.run(password(refused))).rejects.toBeInstanceOf(PoolError);

    const silent = bench({ maxAttempts: 5, probe: probeThat('ECONNRESET') });
    await silent.clock.run(password(silent));
    await silent.clock.advance(10);
    silent.pool.always('AdminSetUserPassword', lost);
    await expect(silent.clock.run(password(silent))).rejects.toBeInstanceOf(Stopped);
  });

  it('is looked at once by all who wonder at the same time', async () => {
    let probes = 0;
    const one = bench({
      maxAttempts: 2,
      probe: async () => {
        probes++;
        await one.clock.sleep(50);
      },
    });
    await one.clock.run(password(one));
    await one.clock.advance(10);
    one.pool.always('AdminSetUserPassword', lost);
    const all = await one.clock.run(Promise.allSettled(times(20, 0).map(() => password(one))));
    expect(all.every(({ status }) => status === 'rejected')).toBe(true);
    expect(probes).toBeLessThanOrEqual(2);
  });

  it.each([
    ['while it waited for its own', 80],
    ['between one try and the next', 0],
  ])('is a try again once others are answered %s', async (_, latencyMs) => {
    const one = bench({ maxAttempts: 3, latencyMs });
    await one.clock.run(password(one));
    one.pool.always('AdminSetUserPassword', lost);
    const ends: unknown[] = [];
    void password(one).catch((error: unknown) => ends.push(error));
    await one.clock.advance(60_000);
    expect(ends).toEqual([]);
    for (let second = 0; second < 1_200; second++) {
      void one.calls.once('AdminGetUser', newEffort(), () => one.pool.adminGetUser('ada'));
      await one.clock.advance(latencyMs / 2 + 50);
    }
    expect(ends).toEqual([expect.objectContaining({ code: 'ECONNRESET' })]);
    expect(one.stop.reason).toBeUndefined();
  });

  // A fault by the service's own name is an answer: the network is there.
  it.each(['InternalErrorException', 'UnexpectedLambdaException'])(
    'is no outage where %s is the answer',
    async (code) => {
      const one = bench({ maxAttempts: 5 });
      await one.clock.run(password(one));
      one.pool.always('AdminSetUserPassword', { code });
      await expect(one.clock.run(password(one))).rejects.toMatchObject({ code });
      expect(one.stop.reason).toBeUndefined();
      expect(one.pool.seen).toHaveLength(1 + 5);
    },
  );

  it('waits no more once the run ends, and sends nothing', async () => {
    const one = bench({ random: () => 0.999 });
    one.pool.always('AdminSetUserPassword', fault);
    const ended = expect(password(one)).rejects.toBeInstanceOf(Stopped);
    await quiet();
    one.stop.request(interruption);
    await ended;
    expect(one.pool.seen).toHaveLength(1);
    expect(one.clock.sleeping).toBe(0);
  });
});

describe('a call that is answered', () => {
  it.each(['InvalidPasswordException', 'NotAuthorizedException', 'UserNotFoundException'])(
    'with %s is not sent again',
    async (code) => {
      const one = bench();
      one.pool.next('AdminSetUserPassword', { code });
      await expect(one.clock.run(password(one))).rejects.toMatchObject({ code });
      expect(one.pool.seen).toHaveLength(1);
      expect(one.outcomes).toEqual([{ operation: 'AdminSetUserPassword', outcome: 'failed' }]);
    },
  );

  it('is sent again where its caller says so, within the tries', async () => {
    const one = bench({ maxAttempts: 3 });
    one.pool.always('AdminSetUserPassword', { code: 'UserNotFoundException' });
    const work = one.calls.repeatable(
      'AdminSetUserPassword',
      newEffort(),
      () => one.pool.adminSetUserPassword('ada', 'x', true),
      (error) => error.code === 'UserNotFoundException',
    );
    await expect(one.clock.run(work)).rejects.toBeInstanceOf(PoolError);
    expect(one.pool.seen).toHaveLength(3);
  });

  it('keeps its result when the run is asked to end meanwhile', async () => {
    const one = bench({ latencyMs: 80 });
    const work = one.calls.repeatable('AdminGetUser', newEffort(), () =>
      one.pool.adminGetUser('ada'),
    );
    await quiet();
    one.stop.request(interruption);
    await expect(one.clock.run(work)).resolves.toMatchObject({ username: 'ada' });
  });

  it('tells how long it took, waiting for its turn not counted', async () => {
    const { clock, pool } = bench({ latencyMs: 80 });
    const told: number[] = [];
    const calls = new Calls(
      {
        rates: ratesOf(10),
        maxAttempts: 1,
        onCall: (_operation, _outcome, milliseconds) => told.push(milliseconds),
      },
      clock,
      Math.random,
      new Stop(),
    );
    const effort = newEffort();
    const all = times(6, 0).map(() =>
      calls.once('AdminGetUser', effort, () => pool.adminGetUser('ada')),
    );
    await clock.run(Promise.all(all));
    expect(told).toEqual(times(6, 80));
    expect(effort.pacedMs).toBe(100 + 200);
  });

  it('passes on what is no failure of the pool', async () => {
    const one = bench();
    const broken = (): Promise<never> => Promise.reject(new TypeError('a bug of ours'));
    await expect(
      one.clock.run(one.calls.repeatable('AdminGetUser', newEffort(), broken)),
    ).rejects.toThrow('a bug of ours');
    expect(one.outcomes).toEqual([]);
  });
});
