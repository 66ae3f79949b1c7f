import { visible } from './element.js';
import type { ColumnId } from './model.js';
import type { Row } from './rows.js';

/** What a column says of a row. */
export function cellText(row: Row, id: ColumnId): string {
  if (id === 'at') return row.at === undefined ? '' : timeText(row.at);
  if (id === 'line') return row.line === 0 ? '–' : String(row.line);
  return visible(String(row[id]));
}

function timeText(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(0, 19).replace('T', ' ');
}
