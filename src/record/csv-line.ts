import { withFormulaGuard } from './formula-guard.js';

const quoteOrBreak = /["\r\n]/;

/** Cells as a line of CSV (RFC 4180), with its line feed and without any guard. */
export function csvLine(cells: readonly string[], delimiter = ','): string {
  // Most lines need no quotes, which one look at the whole of them tells.
  if (!cells.some((cell) => cell.includes(delimiter))) {
    const line = cells.join(delimiter);
    if (!quoteOrBreak.test(line)) return `${line}\n`;
  }
  return `${cells.map((cell) => quoted(cell, delimiter)).join(delimiter)}\n`;
}

/** The same for a file that people open: what a spreadsheet would run as a formula is guarded. */
export function guardedCsvLine(cells: readonly string[]): string {
  return csvLine(cells.map(withFormulaGuard));
}

function quoted(cell: string, delimiter: string): string {
  if (!quoteOrBreak.test(cell) && !cell.includes(delimiter)) return cell;
  return `"${cell.replaceAll('"', '""')}"`;
}
