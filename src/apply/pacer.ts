import type { Clock } from './clock.js';
import type { Stop } from './stop.js';

/** Calls a second that no machine sends: what no limit means here. */
const fastest = 1_000_000;
/** How far below its rate a pacer goes however often it is throttled. */
const slowest = 0.02;
/** What a throttle leaves of the pace: one now and then is noise, one in fifty calls is not. */
const afterOne = 0.97;
const afterMore = 0.7;
/** Throttles closer than this are the echo of one: calls that were in flight already. */
const echoMs = 300;
/** Throttles within so many calls of the last are a sign that the rate is not ours to have. */
const soonCalls = 50;
/** How much of the rate comes back in a second without throttles. */
const recoveryPerSecond = 0.05;
/**
 * Where a high rate begins, in calls a second, and how fast it rises, in calls a second each second:
 * a cold process needs milliseconds of CPU for a call, so that calls let go evenly would leave in clumps.
 */
const coldRate = 50;
const warmingPerSecond = 4_000;
/** Calls that may go at once, as a share of the rate; the service is taken to allow 2 %. */
const burstShare = 0.01;
const leastBurst = 4;

/**
 * Lets calls go at an even rate: the generic cell rate algorithm with a small burst. The schedule
 * advances by the interval and not by when a timer fired, so it does not drift.
 */
export class Pacer {
  readonly rate: number;
  readonly #clock: Clock;
  readonly #stop: Stop;
  readonly #queue: (() => void)[] = [];
  #draining = false;
  /** The share of the rate that is used now, as of `#paceAt`. */
  #pace = 1;
  #paceAt: number;
  #throttledAt = -Infinity;
  /** Counted from far off, so that the first throttle of all is taken for noise. */
  #callsSinceThrottle = soonCalls;
  /** When the first call went. */
  #begunAt: number | undefined;
  /** When the next call would be due if calls came evenly. */
  #due: number;

  /** `rate` is in calls a second; Infinity lets everything through. */
  constructor(rate: number, clock: Clock, stop: Stop) {
    this.rate = Math.min(rate, fastest);
    this.#clock = clock;
    this.#stop = stop;
    this.#paceAt = this.#due = clock.monotonic();
  }

  /** Resolves when a call may go, in the order of asking. Rejects with `Stopped` when the run ends. */
  async take(): Promise<void> {
    this.#stop.throwIfRequested();
    if (this.#queue.length === 0 && this.#waitMs() <= 0) {
      this.#grant();
      return;
    }
    await new Promise<void>((resolve) => {
      this.#queue.push(resolve);
      if (!this.#draining) void this.#drain();
    });
    this.#stop.throwIfRequested();
  }

  /** As `take`, for a call that is to go although the run ends: no turn is lost, and none taken twice. */
  async takeEvenWhenStopped(): Promise<void> {
    try {
      await this.take();
    } catch {
      const wait = this.#waitMs();
      this.#grant();
      await this.#clock.sleep(Math.max(0, wait));
    }
  }

  /** The service said that it was too much. */
  throttled(): void {
    const now = this.#clock.monotonic();
    if (now - this.#throttledAt < echoMs) return;
    const left = this.#callsSinceThrottle < soonCalls ? afterMore : afterOne;
    this.#pace = Math.max(slowest, this.#paceNow() * left);
    this.#callsSinceThrottle = 0;
    this.#paceAt = this.#throttledAt = now;
    // The burst is spent as well, or the calls held back would go at once.
    this.#due = Math.max(this.#due, now + this.#burst() * this.#intervalMs());
  }

  async #drain(): Promise<void> {
    this.#draining = true;
    while (this.#queue.length > 0 && !this.#stop.signal.aborted) {
      const wait = this.#waitMs();
      if (wait > 0) await this.#clock.sleep(wait, this.#stop.signal);
      else {
        this.#grant();
        this.#queue.shift()?.();
      }
    }
    // On a stop everyone still waiting is let go, and finds the reason.
    for (const resolve of this.#queue.splice(0)) resolve();
    this.#draining = false;
  }

  #grant(): void {
    this.#begunAt ??= this.#clock.monotonic();
    this.#callsSinceThrottle++;
    this.#due = Math.max(this.#due, this.#clock.monotonic()) + this.#intervalMs();
  }

  #waitMs(): number {
    return this.#due - (this.#burst() - 1) * this.#intervalMs() - this.#clock.monotonic();
  }

  #intervalMs(): number {
    return 1_000 / (this.#warmRate() * this.#paceNow());
  }

  #burst(): number {
    return Math.max(leastBurst, burstShare * this.#warmRate());
  }

  #warmRate(): number {
    if (this.rate >= fastest) return this.rate;
    const warmMs = this.#begunAt === undefined ? 0 : this.#clock.monotonic() - this.#begunAt;
    return Math.min(this.rate, coldRate + (warmMs / 1_000) * warmingPerSecond);
  }

  #paceNow(): number {
    const seconds = (this.#clock.monotonic() - this.#paceAt) / 1_000;
    return Math.min(1, this.#pace + seconds * recoveryPerSecond);
  }
}
