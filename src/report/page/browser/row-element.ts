import { notFine } from '../../not-fine.js';
import { cellText } from './cell-text.js';
import { element } from './element.js';
import type { ColumnId } from './model.js';
import type { Row } from './rows.js';

/** What the active row is told by to a screen reader. */
export function rowId(index: number): string {
  return `row-${index}`;
}

/** A row of the table, by its place among those that are shown. */
export function rowElement(
  row: Row,
  index: number,
  columns: readonly ColumnId[],
  marks: Readonly<Record<'named' | 'active', boolean>>,
): HTMLElement {
  const all = { ...marks, long: hasMore(row) };
  const names = Object.entries(all).flatMap(([name, isSo]) => (isSo ? [name] : []));
  return element(
    'tr',
    {
      id: rowId(index),
      role: 'row',
      'data-index': String(index),
      'aria-rowindex': String(index + 2),
      'aria-selected': String(marks.active),
      class: names.join(' '),
    },
    ...columns.map((id) => cellOf(row, id)),
  );
}

function cellOf(row: Row, id: ColumnId): HTMLElement {
  const text = cellText(row, id);
  if (id === 'line' && row.line > 0) {
    const link = element('a', { href: `#line-${row.line}`, tabindex: '-1' }, text);
    return element('td', { role: 'gridcell', class: id }, link);
  }
  return element(
    'td',
    {
      role: 'gridcell',
      class: `${id} ${id === 'status' ? (notFine.has(row.status) ? 'bad' : 'good') : ''}`,
      title: text,
    },
    shownOf(id, text),
  );
}

/** The year stands in the details: a column is narrow. */
function shownOf(id: ColumnId, text: string): Node | string {
  if (id === 'status') return element('span', { class: 'status' }, text);
  return id === 'at' ? text.slice('2026-'.length) : text;
}

/** What holds the place of rows that can't be seen, so that the scroll bar is right. */
export function space(height: number, columnCount: number): HTMLElement[] {
  if (height <= 0) return [];
  const row = element('tr', { class: 'space', 'aria-hidden': 'true' });
  const cell = element('td', { colspan: String(columnCount) });
  cell.style.height = `${height}px`;
  row.append(cell);
  return [row];
}

/** Pixels; the style says them: on a phone a row has more lines where it has more to say. */
export function heightsOf(
  table: HTMLElement,
  rowAt: (index: number) => Row | undefined,
): (index: number) => number {
  const style = getComputedStyle(table);
  const pixels = (name: string): number => Number.parseFloat(style.getPropertyValue(name)) || 36;
  const [short, long] = [pixels('--row-height'), pixels('--long-row-height')];
  return (index) => (hasMore(rowAt(index)) ? long : short);
}

function hasMore(row: Row | undefined): boolean {
  return row !== undefined && (row.code !== '' || row.message !== '');
}
