import type { RowResult } from '../../apply/result.js';

/** Lines that are named beside each code. */
const mostLines = 3;

/** Rows that are not fine for the same reason. */
export interface Trouble {
  /** A code, or the status of rows that have none. */
  readonly code: string;
  readonly count: number;
  readonly statuses: readonly string[];
  /** What the first of them says. */
  readonly message: string;
  /** The first few. */
  readonly lines: readonly number[];
}

/** Groups rows that are not fine by their code. */
export class TroubleTally {
  readonly #byCode = new Map<
    string,
    { count: number; statuses: Set<string>; message: string; lines: number[] }
  >();

  /** @param message what the page shows of the row's own. */
  add({ code, status, line }: RowResult, message: string): void {
    const key = code ?? status;
    let trouble = this.#byCode.get(key);
    if (!trouble) {
      trouble = { count: 0, statuses: new Set(), message, lines: [] };
      this.#byCode.set(key, trouble);
    }
    trouble.count++;
    trouble.statuses.add(status);
    if (trouble.lines.length < mostLines && line > 0) trouble.lines.push(line);
  }

  /** The most frequent first. */
  get troubles(): readonly Trouble[] {
    return [...this.#byCode]
      .map(([code, trouble]) => ({ code, ...trouble, statuses: [...trouble.statuses] }))
      .sort((a, b) => b.count - a.count);
  }
}
