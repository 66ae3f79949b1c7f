/** The most rows at once, as the contract says. */
export const mostRowsAtOnce = 256;

const fewestRowsAtOnce = 8;
/** Rows at once where no rate bounds them: more only costs memory. */
const rowsAtOnceWithoutRate = 64;
/** Room for calls that take longer than the mean, and for rows that wait for a slower category. */
const headroom = 1.25;

/**
 * How many rows to work on at once: what the rate and the seen latency need (Little's law), so that
 * the pacer and not the concurrency decides the speed.
 */
export class Concurrency {
  readonly #rowsPerSecond: number;
  /** Mean milliseconds that a row's calls take, waiting for a turn not counted. */
  #busyMs: number | undefined;

  constructor(rowsPerSecond: number) {
    this.#rowsPerSecond = rowsPerSecond;
  }

  get rows(): number {
    if (this.#rowsPerSecond === Infinity) return rowsAtOnceWithoutRate;
    const needed = this.#rowsPerSecond * ((this.#busyMs ?? 200) / 1_000) * headroom;
    return Math.min(mostRowsAtOnce, fewestRowsAtOnce + Math.ceil(needed));
  }

  seen(busyMs: number): void {
    this.#busyMs =
      this.#busyMs === undefined ? busyMs : this.#busyMs + (busyMs - this.#busyMs) / 32;
  }
}
