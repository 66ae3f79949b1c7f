import { counted } from '../../../record/counted.js';
import { element } from './element.js';
import { columns, RowModel } from './model.js';
import type { ColumnId } from './model.js';
import { RowsTable } from './rows-table.js';
import type { Row } from './rows.js';
import { SearchForm } from './search-form.js';
import type { FilteredColumn } from './search-form.js';

/** Rows that are printed: more would be a book. */
const mostPrinted = 1_000;

/** Builds the table of all rows with its search, filters and sorting. */
export function showRows(place: HTMLElement, data: readonly Row[]): void {
  new RowsView(place, data);
}

class RowsView {
  readonly #data: readonly Row[];
  readonly #model: RowModel;
  readonly #form: SearchForm;
  readonly #told = element('p', { role: 'status', class: 'told' });
  readonly #table: RowsTable;
  #rows: readonly Row[] = [];

  constructor(place: HTMLElement, data: readonly Row[]) {
    this.#data = data;
    this.#model = new RowModel(data);
    this.#form = new SearchForm(data, {
      onSearch: (text) => {
        this.#model.search(text);
        this.#refresh();
      },
      onFilter: (column, value) => {
        this.#filter(column, value);
      },
      onShowAll: () => {
        this.#showAll();
      },
    });
    place.append(this.#form.element, this.#told);
    place.hidden = false;
    this.#table = new RowsTable(place, shownColumns(data), (column) => {
      this.#model.sort(column);
      this.#refresh();
    });
    this.#listen();
    this.#refresh();
    this.#followHash();
  }

  #listen(): void {
    // Links elsewhere in the page that show the rows of a status or a code.
    for (const link of document.querySelectorAll<HTMLElement>('a[data-status], a[data-code]')) {
      const { status, code } = link.dataset;
      link.addEventListener('click', () => {
        this.#showAll();
        if (status !== undefined) this.#filter('status', status);
        if (code !== undefined) this.#filterByCode(code);
      });
    }
    window.addEventListener('hashchange', () => {
      this.#followHash();
    });
    window.addEventListener('beforeprint', () => {
      this.#print();
    });
    window.addEventListener('afterprint', () => {
      this.#refresh();
    });
  }

  /** Rows without a code stand under their status where failures are grouped. */
  #filterByCode(code: string): void {
    this.#filter(this.#form.hasCode(code) ? 'code' : 'status', code);
  }

  #filter(column: FilteredColumn, value: string): void {
    this.#form.show(column, value);
    this.#model.filter(column, value);
    this.#refresh();
  }

  #showAll(): void {
    this.#form.clear();
    this.#model.showAll();
    this.#refresh();
  }

  /** Takes over what is searched, filtered and sorted for. */
  #refresh(): void {
    this.#rows = this.#model.rows();
    const [shown, all] = [this.#rows.length, this.#data.length];
    this.#told.textContent =
      shown === all ? rowsText(all) : `${shown.toLocaleString('en')} of ${rowsText(all)}`;
    this.#table.show(this.#rows, (column) => this.#model.sorted(column));
  }

  /** Shows the row of the line that the address names, whatever is searched and filtered for. */
  #followHash(): void {
    const line = Number(/^#line-(\d+)$/.exec(location.hash)?.[1] ?? 0);
    if (line === 0 || this.#table.goTo(line)) return;
    this.#showAll();
    if (this.#table.goTo(line)) return;
    this.#told.textContent = `Line ${line} is not in this page: results.csv has it.`;
  }

  #print(): void {
    const all = this.#rows.length;
    const count = Math.min(mostPrinted, all);
    this.#table.print(count);
    if (count === all) return;
    this.#told.textContent = `The first ${count.toLocaleString('en')} of ${rowsText(all)}; results.csv has all.`;
  }
}

/** Shown also where no row has anything in them. */
const lasting: ReadonlySet<ColumnId> = new Set(['line', 'username', 'status']);

/**
 * The columns with the most signs that a cell of each has: a validation or a dry run has nothing to
 * say in some of them.
 */
function shownColumns(rows: readonly Row[]): ReadonlyMap<ColumnId, number> {
  const shown = columns.map(([id]): [ColumnId, number] => [
    id,
    rows.reduce((most, row) => Math.max(most, signsIn(row[id])), 0),
  ]);
  return new Map(shown.filter(([id, signs]) => signs > 0 || lasting.has(id)));
}

function signsIn(value: string | number | undefined): number {
  return value === undefined || value === 0 ? 0 : String(value).length;
}

function rowsText(count: number): string {
  return counted(count, 'row', 'rows');
}
