import { searchText } from './rows.js';
import type { Row } from './rows.js';

/** The columns of the table, in their order. */
export const columns = [
  ['line', 'Line'],
  ['username', 'Username'],
  ['status', 'Status'],
  ['code', 'Code'],
  ['message', 'Message'],
  ['steps', 'Steps'],
  ['attempts', 'Tries'],
  ['at', 'Finished (UTC)'],
] as const;

export type ColumnId = (typeof columns)[number][0];
export function titleOf(wanted: ColumnId): string {
  return columns.find(([id]) => id === wanted)?.[1] ?? '';
}

export type Order = 'ascending' | 'descending' | 'none';

/** Rows with what is searched, filtered and sorted for. */
export class RowModel {
  readonly #all: readonly Row[];
  #search = '';
  readonly #filters: Record<'status' | 'code', string> = { status: '', code: '' };
  #sorted: { readonly column: ColumnId; readonly order: Order } = { column: 'line', order: 'none' };

  constructor(rows: readonly Row[]) {
    this.#all = rows;
  }

  /** The rows that are asked for, in the order that is asked for. */
  rows(): readonly Row[] {
    const { status, code } = this.#filters;
    const isAll = status === '' && code === '' && this.#search === '';
    const found = isAll
      ? this.#all
      : this.#all.filter(
          (row) =>
            (status === '' || row.status === status) &&
            (code === '' || row.code === code) &&
            (this.#search === '' || searchText(row).includes(this.#search)),
        );
    const { column, order } = this.#sorted;
    if (order === 'none') return found;
    const compare = comparison(column);
    const sign = order === 'ascending' ? 1 : -1;
    return [...found].sort((a, b) => compare(a, b, sign));
  }

  /** Only rows that hold this text, in small or capital letters. */
  search(text: string): void {
    this.#search = text.trim().toLowerCase();
  }

  /** Only rows with this value; all of them for the empty string. */
  filter(column: 'status' | 'code', value: string): void {
    this.#filters[column] = value;
  }

  /** Upwards, downwards, and then as in the file. */
  sort(column: ColumnId): void {
    const next = { none: 'ascending', ascending: 'descending', descending: 'none' } as const;
    this.#sorted = { column, order: next[this.sorted(column)] };
  }

  sorted(column: ColumnId): Order {
    return this.#sorted.column === column ? this.#sorted.order : 'none';
  }

  /** Takes back searching and filtering. */
  showAll(): void {
    this.#search = '';
    this.#filters.status = '';
    this.#filters.code = '';
  }
}

type Comparison = (a: Row, b: Row, sign: 1 | -1) => number;

/** What is empty comes last, upwards and downwards. */
function comparison(column: ColumnId): Comparison {
  if (column === 'line' || column === 'attempts' || column === 'at') {
    return (a, b, sign) => {
      const [one, other] = [a[column], b[column]];
      if (!one || !other) return Number(!one) - Number(!other);
      return sign * (one - other);
    };
  }
  const { compare } = new Intl.Collator('en', { numeric: true });
  return (a, b, sign) => {
    const [one, other] = [a[column], b[column]];
    if (one === '' || other === '') return Number(one === '') - Number(other === '');
    return sign * compare(one, other);
  };
}
