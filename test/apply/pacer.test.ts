import { describe, expect, it } from 'vitest';
import { Pacer } from '../../src/apply/pacer.js';
import { Stop, Stopped } from '../../src/apply/stop.js';
import { VirtualClock, quiet, seeded } from '../support/virtual-clock.js';
import { interruption } from '../support/apply-bench.js';

interface Reached {
  readonly throttled: number;
  readonly seconds: number;
}

/** Takes turns for so many calls at once, and says when each had its turn. */
async function turns(pacer: Pacer, clock: VirtualClock, calls: number): Promise<number[]> {
  const times: number[] = [];
  const one = async (): Promise<void> => {
    await pacer.take();
    times.push(clock.monotonic());
  };
  await clock.run(Promise.all(Array.from({ length: calls }, one)));
  return times;
}

describe('a pacer', () => {
  it('lets calls go evenly, after a burst of four', async () => {
    const clock = new VirtualClock();
    const times = await turns(new Pacer(50, clock, new Stop()), clock, 24);
    expect(times.slice(0, 4)).toEqual([0, 0, 0, 0]);
    expect(times.slice(4)).toEqual(Array.from({ length: 20 }, (_, index) => 20 * (index + 1)));
  });

  it('bursts by 2 % of a high rate at most, after a pause as well', async () => {
    const clock = new VirtualClock();
    const pacer = new Pacer(1_000, clock, new Stop());
    for (let wave = 0; wave < 4; wave++) {
      const times = await turns(pacer, clock, 1_000);
      const most = times.map((from) => times.filter((at) => at >= from && at < from + 0.9).length);
      expect(Math.max(...most)).toBeLessThanOrEqual(21);
      await clock.advance(60_000);
    }
  });

  it('stays under its rate and burst in every window', async () => {
    const clock = new VirtualClock();
    const pacer = new Pacer(50, clock, new Stop());
    const random = seeded(7);
    const times: number[] = [];
    const one = async (): Promise<void> => {
      await clock.sleep(random() * 10_000);
      await pacer.take();
      times.push(clock.monotonic());
    };
    await clock.run(Promise.all(Array.from({ length: 400 }, one)));
    const excess = times.flatMap((since, from) =>
      times.slice(from).map((until, after) => after + 1 - (4 + (until - since) / 20)),
    );
    expect(excess.reduce((worst, one) => Math.max(worst, one))).toBeLessThanOrEqual(1e-6);
  });

  it.each([50, 1_000])(
    'does not drift at %i/s, over 10,000 calls with late timers',
    async (rate) => {
      const random = seeded(1);
      // As Node's timers: up to a millisecond and a half late, and now and then far more.
      const clock = new VirtualClock(0, () => random() * 1.5 + (random() < 0.01 ? 6 : 0));
      const times = await turns(new Pacer(rate, clock, new Stop()), clock, 12_000);
      // The first second or two may be slower, and has the burst.
      const seconds = ((times[11_999] ?? 0) - (times[1_999] ?? 0)) / 1_000;
      expect(10_000 / seconds / rate).toBeGreaterThan(0.999);
      expect(10_000 / seconds / rate).toBeLessThan(1.001);
    },
  );

  it('serves in the order of asking', async () => {
    const clock = new VirtualClock();
    const pacer = new Pacer(50, clock, new Stop());
    const order: number[] = [];
    const one = async (index: number): Promise<void> => {
      await clock.sleep(index);
      await pacer.take();
      order.push(index);
    };
    await clock.run(Promise.all(Array.from({ length: 30 }, (_, index) => one(index))));
    expect(order).toEqual(Array.from({ length: 30 }, (_, index) => index));
  });

  it('slows at once when throttled, more where throttles are frequent, and recovers', async () => {
    const clock = new VirtualClock();
    const pacer = new Pacer(100, clock, new Stop());
    await turns(pacer, clock, 10);
    const gap = async (): Promise<number> => {
      const [first = 0, second = 0] = await turns(pacer, clock, 2);
      return second - first;
    };
    pacer.throttled();
    expect(await gap()).toBeCloseTo(1_000 / 97, 1);
    await clock.advance(400);
    pacer.throttled();
    // Two of a dozen calls: (0.97 + what came back meanwhile) x 0.7
    const slow = await gap();
    expect(slow).toBeGreaterThan(13.9);
    expect(slow).toBeLessThan(14.8);
    await clock.advance(7_000);
    const times = await turns(pacer, clock, 30);
    expect((times[29] ?? 0) - (times[28] ?? 0)).toBeCloseTo(10, 5);
  });

  it('spends its burst when throttled: what was held back does not go at once', async () => {
    const clock = new VirtualClock();
    const pacer = new Pacer(100, clock, new Stop());
    await clock.advance(1_000);
    pacer.throttled();
    const times = await turns(pacer, clock, 5);
    expect(new Set(times).size).toBe(5);
    expect((times[0] ?? 0) - 1_000).toBeGreaterThan(0);
  });

  it('takes throttles that come together for one', async () => {
    const clock = new VirtualClock();
    const pacer = new Pacer(100, clock, new Stop());
    for (let call = 0; call < 50; call++) pacer.throttled();
    const times = await turns(pacer, clock, 4);
    expect((times[3] ?? 0) - (times[2] ?? 0)).toBeCloseTo(1_000 / 97, 0);
  });

  it('never stops altogether, however often it is throttled', async () => {
    const clock = new VirtualClock();
    const pacer = new Pacer(100, clock, new Stop());
    for (let call = 0; call < 200; call++) {
      pacer.throttled();
      await clock.advance(301);
    }
    const times = await turns(pacer, clock, 3);
    expect((times[2] ?? 0) - (times[1] ?? 0)).toBeLessThanOrEqual(500);
    expect((times[2] ?? 0) - (times[1] ?? 0)).toBeGreaterThan(40);
  });

  it('lets all who wait go when the run ends, and nobody afterwards', async () => {
    const clock = new VirtualClock();
    const stop = new Stop();
    const pacer = new Pacer(1, clock, stop);
    const waiting = Array.from({ length: 10 }, () => pacer.take());
    const settled = Promise.allSettled(waiting);
    await quiet();
    stop.request(interruption);
    const results = await clock.run(settled);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    expect(
      results.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : [])),
    ).toEqual(Array.from({ length: 6 }, () => expect.any(Stopped) as unknown));
    expect(clock.sleeping).toBe(0);
    await expect(pacer.take()).rejects.toBeInstanceOf(Stopped);
    expect(clock.monotonic()).toBe(0);
  });

  it('lets everything through without a rate, and still slows when it is throttled', async () => {
    const clock = new VirtualClock();
    const pacer = new Pacer(Infinity, clock, new Stop());
    const times = await turns(pacer, clock, 5_000);
    expect(times.at(-1)).toBe(0);
    pacer.throttled();
    const [next = 0] = await turns(pacer, clock, 1);
    expect(next).toBeGreaterThan(0);
  });
});

/** A service that lets `rate` calls a second pass, and a few more at once. */
async function against(rate: number, calls: number, serviceRate = rate): Promise<Reached> {
  const random = seeded(42);
  const clock = new VirtualClock(0, () => random() * 1.2);
  const pacer = new Pacer(rate, clock, new Stop());
  const capacity = Math.max(5, 0.02 * serviceRate);
  let tokens = capacity;
  let filledAt = 0;
  let throttled = 0;
  let last = 0;
  const arrive = (): boolean => {
    const now = clock.monotonic();
    tokens = Math.min(capacity, tokens + ((now - filledAt) / 1_000) * serviceRate);
    filledAt = now;
    if (tokens < 1) return false;
    tokens--;
    return true;
  };
  const one = async (): Promise<void> => {
    for (;;) {
      await pacer.take();
      await clock.sleep(40 + random() * 2);
      const accepted = arrive();
      await clock.sleep(40);
      last = clock.monotonic();
      if (accepted) return;
      throttled++;
      pacer.throttled();
    }
  };
  let left = calls;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await one();
  };
  const workers = Math.ceil(rate * 0.08 * 1.25) + 16;
  await clock.run(Promise.all(Array.from({ length: workers }, worker)));
  return { throttled, seconds: last / 1_000 };
}

describe('the rate that a pacer reaches', () => {
  it.each([
    [50, 3_000],
    [200, 6_000],
    [1_000, 12_000],
  ])('is 0.98 of a quota of %i/s and more, with hardly a throttle', async (rate, calls) => {
    const { throttled, seconds } = await against(rate, calls);
    expect(calls / seconds / rate).toBeGreaterThan(0.98);
    expect(throttled / calls).toBeLessThan(0.001);
  });

  it('settles where somebody else uses half of the quota', async () => {
    const { throttled, seconds } = await against(100, 3_000, 50);
    // All are done, none is lost, and the service is not hammered.
    expect(3_000 / seconds).toBeGreaterThan(0.7 * 50);
    expect(throttled / 3_000).toBeLessThan(0.25);
  });
});
