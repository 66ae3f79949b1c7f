import type { Column, RowBlock } from '../data.js';
import { rowsClass } from '../data.js';

/** A row of the file, as the page has it. */
export interface Row {
  /** 0 for a user who is in no row of the file. */
  readonly line: number;
  readonly username: string;
  readonly status: string;
  readonly code: string;
  readonly message: string;
  readonly steps: string;
  readonly attempts: number;
  /** Seconds since 1970. */
  readonly at: number | undefined;
  /** What a search looks through, in small letters; made when it is first asked for. */
  searched?: string;
}

/** Reads all rows that are in the page. */
export function readRows(): Row[] {
  const rows: Row[] = [];
  for (const script of document.querySelectorAll(`script.${rowsClass}`)) {
    addBlock(rows, JSON.parse(script.textContent) as RowBlock);
    // The text is not needed twice.
    script.remove();
  }
  return rows;
}

function addBlock(rows: Row[], block: RowBlock): void {
  const word = (column: Column, index: number): string => block.words[valueAt(column, index)] ?? '';
  let line = 0;
  block.username.forEach((username, index) => {
    line += valueAt(block.line, index);
    const at = valueAt(block.at, index);
    rows.push({
      line,
      username,
      status: word(block.status, index),
      code: word(block.code, index),
      message: word(block.message, index),
      steps: word(block.steps, index),
      attempts: valueAt(block.attempts, index),
      at: at === null ? undefined : block.since + at,
    });
  });
}

function valueAt<T extends number | null>(column: Column<T>, index: number): T {
  return typeof column === 'object' && column !== null ? (column[index] as T) : column;
}

/** The text that a search looks through. */
export function searchText(row: Row): string {
  return (row.searched ??=
    `${row.line === 0 ? '' : row.line} ${row.username} ${row.status} ${row.code} ${row.message} ${row.steps}`.toLowerCase());
}
