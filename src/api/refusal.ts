import type { Problem } from '../record/problem.js';
import { shownText } from '../source/shown-text.js';

/**
 * What was asked for can't be begun: wrong usage, a file or a pool that won't do. Nothing was written
 * to the pool. The message is one or two sentences: what is wrong, and what to do.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** 2, or what ended the work before anything was sent: 130, 143. */
  readonly exitCode: number;

  constructor(message: string, exitCode = 2) {
    // Names that others chose stand in it: those of files, columns and groups.
    super(shownText(message));
    this.exitCode = exitCode;
  }
}

/** The header line won't do; its problems are told one by one beside the message. */
export class HeaderRefusal extends Refusal {
  readonly problems: readonly Problem[];

  constructor(message: string, problems: readonly Problem[]) {
    super(message);
    this.problems = problems;
  }
}
