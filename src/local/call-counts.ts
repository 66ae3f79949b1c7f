import type { FaultKind } from './fault-plan.js';

/** What became of an operation's calls. A misfortune after the effect counts as failed. */
export interface CallCounts {
  readonly ok: number;
  readonly throttled: number;
  readonly failed: number;
}

export interface LocalPoolStats {
  readonly operations: Readonly<Record<string, CallCounts>>;
  /** Calls refused with TooManyRequestsException, by quota category. */
  readonly throttled: Readonly<Record<string, number>>;
  /** Misfortunes by kind since the plan in force was set. */
  readonly struck: Readonly<Partial<Record<FaultKind, number>>>;
}

/** Counts calls by operation. */
export class CallCounter {
  readonly #counts = new Map<string, { ok: number; throttled: number; failed: number }>();

  count(operation: string, outcome: keyof CallCounts): void {
    let counts = this.#counts.get(operation);
    if (counts === undefined) {
      counts = { ok: 0, throttled: 0, failed: 0 };
      this.#counts.set(operation, counts);
    }
    counts[outcome] += 1;
  }

  byOperation(): Record<string, CallCounts> {
    return Object.fromEntries([...this.#counts].map(([name, counts]) => [name, { ...counts }]));
  }
}
