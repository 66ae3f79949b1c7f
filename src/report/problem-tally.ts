import { isMendable } from '../record/mend.js';
import type { Problem } from '../record/problem.js';

/** How often one rule struck. */
export interface CodeCount {
  readonly severity: Problem['severity'];
  readonly count: number;
  /** By the file's own header names; what concerns a row as a whole is in none. */
  readonly byColumn: Readonly<Record<string, number>>;
}

/** All that was found, warnings and several errors of one row included. */
export interface ProblemCounts {
  readonly errors: number;
  readonly warnings: number;
  /** Those that `--fix` would mend. */
  readonly mendable: number;
  /** Errors first, then by how often. */
  readonly byCode: Readonly<Record<string, CodeCount>>;
}

/** Counts problems by code, column and severity. Memory grows with the rules and columns, not with the rows. */
export class ProblemTally {
  #mendable = 0;
  readonly #byCode = new Map<
    string,
    { severity: Problem['severity']; count: number; byColumn: Map<string, number> }
  >();

  add(problem: Problem): void {
    const { code, severity, column } = problem;
    let counted = this.#byCode.get(code);
    if (counted === undefined) {
      counted = { severity, count: 0, byColumn: new Map() };
      this.#byCode.set(code, counted);
    }
    counted.count++;
    if (column !== undefined) {
      counted.byColumn.set(column, (counted.byColumn.get(column) ?? 0) + 1);
    }
    if (isMendable(problem)) this.#mendable++;
  }

  get counts(): ProblemCounts {
    const sum = (wanted: Problem['severity']): number =>
      [...this.#byCode.values()]
        .filter(({ severity }) => severity === wanted)
        .reduce((total, { count }) => total + count, 0);
    const sorted = [...this.#byCode].sort(
      ([, a], [, b]) => a.severity.localeCompare(b.severity) || b.count - a.count,
    );
    return {
      errors: sum('error'),
      warnings: sum('warning'),
      mendable: this.#mendable,
      byCode: Object.fromEntries(
        sorted.map(([code, { severity, count, byColumn }]) => [
          code,
          { severity, count, byColumn: Object.fromEntries(byColumn) },
        ]),
      ),
    };
  }
}
