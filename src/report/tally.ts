import type { RowResult, Status } from '../apply/result.js';

/** Counts rows by status and by code. */
export class Tally {
  readonly byStatus: Partial<Record<Status, number>> = {};
  readonly #byCode = new Map<string, number>();
  total = 0;

  /** Rows of each code, the commonest first. */
  get byCode(): Record<string, number> {
    return Object.fromEntries([...this.#byCode].sort(([, a], [, b]) => b - a));
  }

  add({ status, code }: Pick<RowResult, 'status' | 'code'>): void {
    this.total++;
    this.byStatus[status] = (this.byStatus[status] ?? 0) + 1;
    if (code !== undefined) this.#byCode.set(code, (this.#byCode.get(code) ?? 0) + 1);
  }
}
