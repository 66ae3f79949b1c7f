import type { VerifyAction } from '../plan/verify-plan.js';
import { PoolError } from '../cognito/errors.js';
import type { Clock } from './clock.js';
import type { Earlier } from './ledger.js';
import { StepRefused } from './result.js';
import { Stopped } from './stop.js';

const hourMs = 3_600_000;
/** For each user and hour, and not to be raised. Source: "Quotas in Amazon Cognito". */
const mostAnHour = { 'send-code': 5, 'confirm-code': 15 } as const;

/** Counts what was tried for one user in the last hour, in this session and the ones before. */
export class HourlyLimit {
  readonly #most: number;
  readonly #clock: Clock;
  #triesAt: number[];

  constructor(step: VerifyAction['step']['name'], earlier: Earlier | undefined, clock: Clock) {
    this.#most = mostAnHour[step];
    this.#clock = clock;
    const { triedAt, result } = earlier ?? {};
    const tries = result?.triesAt ?? [];
    // A try whose session died before its result stands only for itself.
    const isCounted = triedAt === undefined || result?.unknownSince === triedAt;
    this.#triesAt = isCounted ? [...tries] : [...tries, triedAt];
  }

  /** Those of the last hour, in milliseconds since 1970. */
  get triesAt(): readonly number[] {
    const since = this.#clock.wall() - hourMs;
    this.#triesAt = this.#triesAt.filter((at) => at > since);
    return this.#triesAt;
  }

  /** Throws a `StepRefused` that says when to come back where the service would take no more. */
  check(): void {
    const [first] = this.triesAt;
    if (first === undefined || this.#triesAt.length < this.#most) return;
    throw new StepRefused(
      'too-many-tries',
      `${this.#most} tries an hour is all that the service takes for one user: come back after ${timeOfDay(first + hourMs)}`,
    );
  }

  /** Counts a call, unless it never left this machine. */
  async count<T>(call: () => Promise<T>): Promise<T> {
    this.check();
    const at = this.#clock.wall();
    this.#triesAt.push(at);
    try {
      return await call();
    } catch (error) {
      const isUnsent =
        error instanceof Stopped || (error instanceof PoolError && error.kind === 'unreachable');
      if (isUnsent) this.#triesAt.pop();
      throw error;
    }
  }
}

/** For example `14:05 UTC`. */
export function timeOfDay(at: number): string {
  // Rounded up, so that nobody comes back too early.
  return `${new Date(Math.ceil(at / 60_000) * 60_000).toISOString().slice(11, 16)} UTC`;
}
