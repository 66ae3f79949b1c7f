import type { Column } from './columns.js';
import { withoutFormulaGuard } from './formula-guard.js';

/** The cells of a row in Cognito's terms, where another system's preset says what they mean. */
export type CellTranslation = (cells: readonly string[]) => readonly string[];

/** @returns undefined where every cell stands for itself, as in a file without a preset. */
export function cellTranslation(
  columns: readonly Column[],
  guarded: boolean,
): CellTranslation | undefined {
  const translated = columns.filter(
    ({ values, separator }) => values !== undefined || separator !== undefined,
  );
  if (translated.length === 0) return undefined;
  return (cells) => {
    const own = [...cells];
    for (const column of translated) {
      const cell = cells[column.index] ?? '';
      own[column.index] = translate(cell, guarded ? withoutFormulaGuard(cell) : cell, column);
    }
    return own;
  };
}

/** A cell that means nothing special stays as it is: what reads it judges it. */
function translate(cell: string, unguarded: string, { values, separator }: Column): string {
  const value = values?.get(unguarded.trim().toLowerCase()) ?? cell;
  return separator === undefined ? value : value.replaceAll(separator, ';');
}
