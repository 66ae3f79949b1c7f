import { withFormulaGuard } from '../record/formula-guard.js';

/** What has to stand in quotes: a delimiter, a quote, and every line break that readers know. */
const needsQuotes = /[",\r\n]/;
/** Cells that are neither quoted nor guarded: most of them. Asked first, since it answers both. */
const isPlain = /^[^",\r\n'=+\-@\t][^",\r\n]*$/;

/** Cells as a line of CSV (RFC 4180), with its line feed and without any guard. */
export function csvLine(cells: readonly string[], delimiter = ','): string {
  let line = '';
  for (let index = 0; index < cells.length; index++) {
    if (index > 0) line += delimiter;
    line += quoted(cells[index] ?? '', delimiter);
  }
  return `${line}\n`;
}

/** The same for a file that people open: what a spreadsheet would run as a formula is guarded. */
export function guardedCsvLine(cells: readonly string[]): string {
  let line = '';
  for (let index = 0; index < cells.length; index++) {
    if (index > 0) line += ',';
    const cell = cells[index] ?? '';
    if (cell === '') continue;
    line += isPlain.test(cell) ? cell : quoted(withFormulaGuard(cell), ',');
  }
  return `${line}\n`;
}

function quoted(cell: string, delimiter: string): string {
  if (!needsQuotes.test(cell) && (delimiter === ',' || !cell.includes(delimiter))) return cell;
  return `"${cell.replaceAll('"', '""')}"`;
}
