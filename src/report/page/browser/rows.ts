import { rowsClass } from '../data.js';
import { rowsOf } from '../row-block.js';
import type { PageRow, RowBlock } from '../row-block.js';

/** A row of the page. */
export interface Row extends PageRow {
  /** What a search looks through, in small letters; made when it is first asked for. */
  searched?: string;
}

/** Reads all rows that are in the page. */
export function readRows(): Row[] {
  const rows: Row[] = [];
  for (const script of document.querySelectorAll(`script.${rowsClass}`)) {
    for (const row of rowsOf(JSON.parse(script.textContent) as RowBlock)) rows.push(row);
    // The text is not needed twice.
    script.remove();
  }
  return rows;
}

/** The text that a search looks through. */
export function searchText(row: Row): string {
  return (row.searched ??=
    `${row.line === 0 ? '' : row.line} ${row.username} ${row.status} ${row.code} ${row.message} ${row.steps}`.toLowerCase());
}
