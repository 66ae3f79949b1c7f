import { element, visible } from './element.js';
import type { Row } from './rows.js';

/** Milliseconds that a search waits for the next letter. */
const typingMs = 120;

export type FilteredColumn = 'status' | 'code';

/** What is done when somebody asks for other rows. */
interface SearchListener {
  readonly onSearch: (text: string) => void;
  readonly onFilter: (column: FilteredColumn, value: string) => void;
  readonly onShowAll: () => void;
}

/** A field to search with, a choice of statuses and codes, and a way back to all rows. */
export class SearchForm {
  readonly element = element('div', { class: 'controls', role: 'search' });
  readonly #search = element('input', { type: 'search', id: 'rows-search', autocomplete: 'off' });
  readonly #filters: Readonly<Record<FilteredColumn, HTMLSelectElement>>;

  constructor(rows: readonly Row[], listener: SearchListener) {
    this.#filters = { status: filterOf(rows, 'status'), code: filterOf(rows, 'code') };
    const all = element('button', { type: 'button' }, 'Show all');
    all.addEventListener('click', listener.onShowAll);
    this.element.append(
      element('label', { for: 'rows-search' }, 'Search'),
      this.#search,
      element('label', { for: 'rows-status' }, 'Status'),
      this.#filters.status,
      element('label', { for: 'rows-code' }, 'Code'),
      this.#filters.code,
      all,
    );
    this.#listen(listener);
  }

  /** Shows what is filtered for, where something else than this form asked for it. */
  show(column: FilteredColumn, value: string): void {
    this.#filters[column].value = value;
  }

  clear(): void {
    this.#search.value = '';
    this.show('status', '');
    this.show('code', '');
  }

  /** Whether rows have this code. */
  hasCode(code: string): boolean {
    return [...this.#filters.code.options].some(({ value }) => value === code);
  }

  #listen({ onSearch, onFilter }: SearchListener): void {
    let typing: ReturnType<typeof setTimeout> | undefined;
    this.#search.addEventListener('input', () => {
      clearTimeout(typing);
      typing = setTimeout(() => {
        onSearch(this.#search.value);
      }, typingMs);
    });
    for (const column of ['status', 'code'] as const) {
      const select = this.#filters[column];
      select.addEventListener('change', () => {
        onFilter(column, select.value);
      });
    }
  }
}

function filterOf(rows: readonly Row[], column: FilteredColumn): HTMLSelectElement {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(row[column], (counts.get(row[column]) ?? 0) + 1);
  counts.delete('');
  const options = [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([value, count]) =>
      element('option', { value }, `${visible(value)} (${count.toLocaleString('en')})`),
    );
  const all = element('option', { value: '' }, 'all');
  return element('select', { id: `rows-${column}` }, all, ...options);
}
