import { shownText } from '../source/shown-text.js';
import type { Problem } from './problem.js';
import type { Rule } from './rule.js';

/** More than a message has, whatever the names of two columns; a header cell may be a page long. */
const mostOfMessage = 1_000;

const NONE: readonly Problem[] = Object.freeze([]);

/** Gathers what is wrong with one row. Most rows have nothing, so the list is made with its first problem. */
export class Findings {
  readonly line: number;
  /** Whether an error was found. */
  invalid = false;
  #problems: Problem[] | undefined;

  constructor(line: number) {
    this.line = line;
  }

  /** @param message one sentence without any value of the row. */
  add(rule: Rule, column: string | undefined, message: string, proposal?: string): void {
    if (rule.severity === 'error') this.invalid = true;
    this.#problems ??= [];
    this.#problems.push({
      line: this.line,
      ...(column === undefined ? {} : { column }),
      severity: rule.severity,
      code: rule.code,
      message: shown(message),
      ...(proposal === undefined ? {} : { proposal }),
    });
  }

  get problems(): readonly Problem[] {
    return this.#problems ?? NONE;
  }
}

/**
 * Checks one cell that is not empty and has no surrounding space, and gives the value to send.
 * After an error what it gives is not used.
 */
export type CellReader = (value: string, findings: Findings) => string;

/** A header cell may hold an escape sequence or turn a line around, and messages go to terminals. */
function shown(message: string): string {
  const clean = shownText(message);
  return clean.length > mostOfMessage ? `${clean.slice(0, mostOfMessage)}…` : clean;
}
