import pRetry from 'p-retry';

import { PoolError } from '../cognito/errors.js';
import { categories, categoryOf } from '../cognito/quotas.js';
import type { Category, Operation } from '../cognito/quotas.js';
import type { Clock } from './clock.js';
import { Pacer } from './pacer.js';
import { Stopped } from './stop.js';
import type { Stop } from './stop.js';

/** Waits between tries: full jitter under a doubling bound, so that rows do not come back in step. */
const firstWaitMs = 200;
const longestWaitMs = 20_000;
/** Tries for the first call of all. */
const firstTries = 4;
/** How long nothing at all may be answered before the run gives up and waits to be resumed. */
const outageMs = 15 * 60_000;

/** How one request ended. `retried`: no answer, or a fault, and it is sent again if tries are left. */
export type CallOutcome = 'ok' | 'throttled' | 'retried' | 'failed';

/** Counts what one row's calls cost, for the report. */
export interface Effort {
  /** The most tries that any one call needed. */
  attempts: number;
  /** Milliseconds spent waiting for a turn, which is not the service's latency. */
  pacedMs: number;
  /** Whether an answer was lost and no call was accepted since, so that it may have been done. */
  unanswered?: boolean;
}

/** Nothing spent yet. */
export function newEffort(): Effort {
  return { attempts: 0, pacedMs: 0 };
}

export interface CallSettings {
  /** Calls a second for each category; Infinity for no limit. */
  readonly rates: Readonly<Record<Category, number>>;
  /** Tries for one call; being throttled is not a try. */
  readonly maxAttempts: number;
  /** Asks the service anything that costs nothing: tells an outage from one call that never succeeds. */
  readonly probe?: () => Promise<unknown>;
  readonly onCall?: (operation: Operation, outcome: CallOutcome, milliseconds: number) => void;
}

/** Sends calls: each at its category's pace, and again as often as its error allows. */
export class Calls {
  readonly #settings: CallSettings;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #stop: Stop;
  readonly #pacers: ReadonlyMap<Category, Pacer>;
  /** When the service last answered anything, by the monotonic clock. */
  #answeredAt: number | undefined;
  #probing: Promise<void> | undefined;

  constructor(settings: CallSettings, clock: Clock, random: () => number, stop: Stop) {
    this.#settings = settings;
    this.#clock = clock;
    this.#random = random;
    this.#stop = stop;
    this.#pacers = new Map(
      categories.map((category) => [category, new Pacer(settings.rates[category], clock, stop)]),
    );
  }

  /**
   * Sends a request once it is its turn. Being throttled is never a result: the request goes again
   * when its category's slower pace allows. Any other failure rejects with its `PoolError`.
   * `evenWhenStopped` lets a look-up go that a row needs to be true about itself.
   */
  async once<T>(
    operation: Operation,
    effort: Effort,
    send: () => Promise<T>,
    { evenWhenStopped = false } = {},
  ): Promise<T> {
    const pacer = this.#pacers.get(categoryOf(operation));
    for (let hasFailed = false; ; hasFailed = true) {
      const asked = this.#clock.monotonic();
      await (evenWhenStopped && !hasFailed ? pacer?.takeEvenWhenStopped() : pacer?.take());
      const sent = this.#clock.monotonic();
      effort.pacedMs += sent - asked;
      const tell = (outcome: CallOutcome): void =>
        this.#settings.onCall?.(operation, outcome, this.#clock.monotonic() - sent);
      try {
        const answer = await send();
        effort.unanswered = false;
        this.#answeredAt = this.#clock.monotonic();
        tell('ok');
        return answer;
      } catch (error) {
        if (!(error instanceof PoolError)) throw error;
        const outcome = outcomeOf(error);
        tell(outcome);
        if (error.kind === 'lost') effort.unanswered = true;
        if (error.answered) this.#answeredAt = this.#clock.monotonic();
        if (outcome !== 'throttled') throw error;
        pacer?.throttled();
      }
    }
  }

  /**
   * `repeatable`, for what belongs to no row: no report counts what it costs, and nobody waits for
   * its answer once the process is to end.
   */
  ask<T>(operation: Operation, send: () => Promise<T>): Promise<T> {
    return this.#stop.unlessInterrupted(() => this.repeatable(operation, newEffort(), send));
  }

  /** `once`, again after a lost answer or a fault: for calls that do no harm when done twice. */
  repeatable<T>(
    operation: Operation,
    effort: Effort,
    send: () => Promise<T>,
    alsoRetried: (error: PoolError) => boolean = () => false,
  ): Promise<T> {
    return this.retrying(effort, () => this.once(operation, effort, send), alsoRetried);
  }

  /**
   * Runs an attempt again while its `PoolError` says that no answer came. p-retry gets no signal:
   * it would throw a finished attempt's result away when the run is asked to stop meanwhile.
   */
  retrying<T>(
    effort: Effort,
    attempt: () => Promise<T>,
    alsoRetried: (error: PoolError) => boolean = () => false,
  ): Promise<T> {
    let counted = 0;
    let triedAt = this.#clock.monotonic();
    let triedBefore = triedAt;
    return pRetry(
      (attemptNumber) => {
        effort.attempts = Math.max(effort.attempts, attemptNumber);
        triedBefore = triedAt;
        triedAt = this.#clock.monotonic();
        return attempt();
      },
      {
        retries: Infinity,
        minTimeout: 0,
        shouldRetry: async ({ error, attemptNumber }) => {
          if (!(error instanceof PoolError)) return false;
          if (outcomeOf(error) !== 'retried' && !alsoRetried(error)) return false;
          // A try may fail at once, so the time since the one before it counts too.
          if (this.#isOutage(triedBefore)) await this.#probe();
          if (!this.#isOutage(triedBefore)) counted++;
          if (counted >= this.#mostTries()) return false;
          await this.#backOff(attemptNumber);
          return true;
        },
      },
    );
  }

  /** One look for all who wonder at the same time. */
  async #probe(): Promise<void> {
    const { probe } = this.#settings;
    if (!probe) return;
    this.#probing ??= probe()
      .then(() => {
        this.#answeredAt = this.#clock.monotonic();
      })
      .catch((error: unknown) => {
        if (error instanceof PoolError && error.answered)
          this.#answeredAt = this.#clock.monotonic();
      })
      .finally(() => (this.#probing = undefined));
    await this.#probing;
  }

  /** Where nothing was ever answered, the address is wrong more often than the network is slow. */
  #mostTries(): number {
    const { maxAttempts } = this.#settings;
    return this.#answeredAt === undefined ? Math.min(maxAttempts, firstTries) : maxAttempts;
  }

  /**
   * While nobody is answered, the network is at fault and not one call: such tries do not count.
   * Before the first answer of all they do, or a wrong address would be tried for a long time.
   */
  #isOutage(since: number): boolean {
    if (this.#answeredAt === undefined || this.#answeredAt >= since) return false;
    if (this.#clock.monotonic() - this.#answeredAt > outageMs) {
      const message = `the service has not answered for ${outageMs / 60_000} minutes: check the network, then resume`;
      this.#stop.request({ outcome: 'stopped', code: 'no-answer', message });
      throw new Stopped(message);
    }
    return true;
  }

  async #backOff(attemptNumber: number): Promise<void> {
    const bound = Math.min(longestWaitMs, firstWaitMs * 2 ** (attemptNumber - 1));
    await this.#clock.sleep(this.#random() * bound, this.#stop.signal);
    this.#stop.throwIfRequested();
  }
}

function outcomeOf({ kind }: PoolError): CallOutcome {
  if (kind === 'throttled') return 'throttled';
  return kind === 'lost' || kind === 'unreachable' ? 'retried' : 'failed';
}
