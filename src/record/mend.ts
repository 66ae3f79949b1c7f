import type { Row } from '../source/source.js';
import { withFormulaGuard } from './formula-guard.js';
import type { Header } from './header.js';
import type { Problem } from './problem.js';
import { readRow } from './row.js';
import { isSafe } from './rules.js';

/** A cell that was changed: where, and by which rule. Never what was in it. */
export interface Change {
  readonly line: number;
  readonly column: string;
  readonly code: string;
}

interface MendedRow {
  readonly cells: readonly string[];
  readonly changes: readonly Change[];
}

/** A proposal may bring the next one to light: space first, then what the space hid. */
const mostRounds = 5;

/** Whether a problem's proposal is there and may be taken unasked. */
export function isMendable({ proposal, code }: Problem): boolean {
  return proposal !== undefined && isSafe(code);
}

/**
 * Puts the safe proposals into a row, and what they lead to, until there are none. All else stays as
 * it is, to the letter.
 *
 * @param problems what `readRow` found in the row.
 */
export function mendRow(row: Row, header: Header, problems: readonly Problem[]): MendedRow {
  let cells = row.cells;
  let found = problems;
  const changes: Change[] = [];
  for (let round = 0; round < mostRounds && found.some(isMendable); round++) {
    const next = [...cells];
    // One change a cell and round: the next proposal of the same cell was made without this one.
    const changed = new Set<number>();
    for (const problem of found) {
      const { column, code, proposal } = problem;
      if (column === undefined || proposal === undefined || !isMendable(problem)) continue;
      const place = header.columns.find((one) => one.header === column);
      // What a preset translates is proposed in Cognito's words, and the file has others.
      if (place === undefined || place.values || place.separator !== undefined) continue;
      const { index } = place;
      const cell = header.ours ? withFormulaGuard(proposal) : proposal;
      if (changed.has(index) || next[index] === cell) continue;
      next[index] = cell;
      changed.add(index);
      changes.push({ line: row.line, column, code });
    }
    if (changed.size === 0) break;
    cells = next;
    found = readRow({ line: row.line, cells }, header).problems;
  }
  return { cells, changes };
}
