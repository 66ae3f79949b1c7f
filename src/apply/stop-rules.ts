import type { RowResult } from './result.js';
import type { StopReason } from './stop.js';

/** `--max-errors`: so many rows, or so many of a hundred. */
export type ErrorLimit = { readonly rows: number } | { readonly percent: number };

/** So many rows failing one after another with one code mean that the cause is not in the rows. */
const sameInARow = 50;
/** A share of fewer rows than this says nothing. */
const percentFrom = 100;

/** Watches the results for a run that should not go on. */
export class StopRules {
  readonly #limit: ErrorLimit | undefined;
  #rows = 0;
  #failed = 0;
  #code: string | undefined;
  #inARow = 0;

  constructor(limit: ErrorLimit | undefined) {
    this.#limit = limit;
  }

  /** The reason to stop after this result, if there is one. */
  after(result: RowResult): StopReason | undefined {
    this.#rows++;
    if (result.status !== 'failed' && result.status !== 'partial') {
      this.#inARow = 0;
      return this.#overPercentage();
    }
    this.#failed++;
    this.#inARow = result.code === this.#code ? this.#inARow + 1 : 1;
    this.#code = result.code;
    if (this.#inARow >= sameInARow) {
      return stopped(
        'same-error',
        `${sameInARow} rows in a row failed with ${this.#code ?? 'one error'}: ${result.message ?? 'mend the cause'}`,
      );
    }
    if (this.#limit && 'rows' in this.#limit && this.#failed > this.#limit.rows) {
      return stopped(
        'max-errors',
        `more than ${this.#limit.rows} rows failed, as --max-errors allows`,
      );
    }
    return this.#overPercentage();
  }

  #overPercentage(): StopReason | undefined {
    if (!this.#limit || !('percent' in this.#limit) || this.#rows < percentFrom) return undefined;
    const { percent } = this.#limit;
    if (this.#failed <= (this.#rows * percent) / 100) return undefined;
    return stopped(
      'max-errors',
      `more than ${percent}% of the rows failed, as --max-errors allows`,
    );
  }
}

function stopped(code: string, message: string): StopReason {
  return { outcome: 'stopped', code, message };
}
