import type { CallOutcome } from '../../apply/calls.js';
import type { Clock } from '../../apply/clock.js';
import { categoryOf } from '../../cognito/quotas.js';
import type { Category, Operation } from '../../cognito/quotas.js';
import type { CallCounts, FiguresEntry } from '../../journal/entries.js';
import { LatencyTally } from '../../report/latencies.js';
import type { Rate } from './rates.js';

/** Counts calls, and gives what was counted since the last time as an entry of the journal. */
export class Figures {
  readonly #clock: Clock;
  readonly #rates: Readonly<Record<Category, Rate>>;
  #calls: Partial<Record<Operation, { -readonly [outcome in keyof CallCounts]: number }>> = {};
  #latencies = new Map<Operation, LatencyTally>();
  #since: number;

  constructor(rates: Readonly<Record<Category, Rate>>, clock: Clock) {
    this.#rates = rates;
    this.#clock = clock;
    this.#since = clock.monotonic();
  }

  count(operation: Operation, outcome: CallOutcome, milliseconds: number): void {
    const counts = (this.#calls[operation] ??= { ok: 0, throttled: 0, retried: 0, failed: 0 });
    counts[outcome]++;
    if (outcome !== 'ok') return;
    const latency = this.#latencies.get(operation) ?? new LatencyTally();
    latency.add(milliseconds);
    this.#latencies.set(operation, latency);
  }

  take(): FiguresEntry {
    const now = this.#clock.monotonic();
    const calls = this.#calls;
    const used = new Set(Object.keys(calls).map((name) => categoryOf(name as Operation)));
    const entry: FiguresEntry = {
      t: 'figures',
      at: this.#clock.wall(),
      seconds: (now - this.#since) / 1_000,
      calls,
      rates: Object.fromEntries([...used].map((category) => [category, this.#rates[category]])),
      latencies: Object.fromEntries(
        [...this.#latencies].map(([operation, { counts }]) => [operation, counts]),
      ),
    };
    this.#calls = {};
    this.#latencies = new Map();
    this.#since = now;
    return entry;
  }
}
