import type { Planned } from '../../plan/planned.js';
import type { Row, Source } from '../../source/index.js';
import { plannedRows } from './plan-lines.js';

/** A row of the file, and what is planned for it: nothing where the row is invalid. */
export interface PlannedRow {
  readonly row: number;
  readonly raw: Row;
  readonly planned: Planned | undefined;
}

/** Some of a plan, in its order. */
export interface PlannedBatch {
  readonly rows: readonly PlannedRow[];
  /** Rows of the file so far. */
  readonly done: number;
}

/**
 * Reads file and plan side by side: both are in file order, and neither is held in memory.
 *
 * @param rows how many the file has.
 */
export async function* rowsWithPlan(
  source: Source,
  path: string,
  rows: number,
): AsyncGenerator<PlannedBatch> {
  const lines = plannedRows(path, rows);
  const plan = new PlanCursor(lines);
  try {
    for await (const batch of source.read()) {
      const withPlan: PlannedRow[] = [];
      for (const [index, raw] of batch.rows.entries()) {
        const row = batch.start.row + index;
        if (!plan.isFilled) await plan.fill();
        withPlan.push({ row, raw, planned: plan.take(row) });
      }
      yield { rows: withPlan, done: batch.end.row };
    }
  } finally {
    await lines.return(undefined);
  }
}

/** Hands out the plan of one row after the other, reading on only where it has to. */
class PlanCursor {
  readonly #batches: AsyncGenerator<readonly Planned[]>;
  #batch: readonly Planned[] = [];
  #at = 0;

  constructor(batches: AsyncGenerator<readonly Planned[]>) {
    this.#batches = batches;
  }

  /** Whether the next plan is already in memory. */
  get isFilled(): boolean {
    return this.#at < this.#batch.length;
  }

  async fill(): Promise<void> {
    while (!this.isFilled) {
      const read = await this.#batches.next();
      if (read.done === true) return;
      this.#batch = read.value;
      this.#at = 0;
    }
  }

  /** The plan of this row, if the next one is that. */
  take(row: number): Planned | undefined {
    const next = this.#batch[this.#at];
    if (next?.row !== row) return undefined;
    this.#at++;
    return next;
  }
}
