import type { Problem } from '../../record/problem.js';

/** Keeps the first problems of a file, errors and warnings apart, so that neither hides the other. */
export class FirstProblems {
  readonly errors: Problem[] = [];
  readonly warnings: Problem[] = [];
  readonly #most: number;

  /** @param most how many are kept of either kind. */
  constructor(most: number) {
    this.#most = most;
  }

  readonly add = (problem: Problem): void => {
    const list = problem.severity === 'error' ? this.errors : this.warnings;
    if (list.length < this.#most) list.push(problem);
  };

  /** As many as are kept of one kind, in file order; warnings only where errors leave room. */
  get shown(): Problem[] {
    const room = this.#most - this.errors.length;
    return [...this.errors, ...this.warnings.slice(0, room)].sort((a, b) => a.line - b.line);
  }
}
