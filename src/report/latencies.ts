import type { LatencyCounts } from '../journal/entries.js';

/** Each bucket ends 2^(1/4) above the one below, so that its middle is right to a tenth. */
const bucketsPerDoubling = 4;

/** How long calls took: milliseconds, as half of them, 95 of 100 and the slowest were. */
interface Latency {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** Counts how long calls took, in a few numbers however many they are. */
export class LatencyTally {
  #max = 0;
  readonly #buckets = new Map<number, number>();

  /** Takes the milliseconds of one call. */
  add(milliseconds: number): void {
    this.#max = Math.max(this.#max, milliseconds);
    this.#count(bucketOf(milliseconds), 1);
  }

  /** Takes what another tally counted. */
  addCounts({ max, buckets }: LatencyCounts): void {
    this.#max = Math.max(this.#max, max);
    for (const [bucket, count] of buckets) this.#count(bucket, count);
  }

  /** As the journal keeps it. */
  get counts(): LatencyCounts {
    return {
      max: Math.round(this.#max),
      buckets: [...this.#buckets].sort(([a], [b]) => a - b),
    };
  }

  /** Undefined where nothing was counted. */
  get latency(): Latency | undefined {
    const { max, buckets } = this.counts;
    if (buckets.length === 0) return undefined;
    const total = buckets.reduce((sum, [, count]) => sum + count, 0);
    const below = (part: number): number => {
      let seen = 0;
      const found = buckets.find(([, count]) => (seen += count) >= total * part);
      return Math.round(Math.min(max, middleOf(found?.[0] ?? 0)));
    };
    return { p50: below(0.5), p95: below(0.95), max };
  }

  #count(bucket: number, count: number): void {
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + count);
  }
}

/** Bucket 0 is all up to a millisecond. */
function bucketOf(milliseconds: number): number {
  return milliseconds <= 1 ? 0 : Math.ceil(Math.log2(milliseconds) * bucketsPerDoubling);
}

/** In milliseconds. */
function middleOf(bucket: number): number {
  return 2 ** ((bucket - 0.5) / bucketsPerDoubling);
}
