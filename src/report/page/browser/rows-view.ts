import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from '@tanstack/virtual-core';

import { showDetails } from './details.js';
import { element } from './element.js';
import { columns, RowModel } from './model.js';
import type { ColumnId } from './model.js';
import { heightsOf, rowElement, space } from './row-element.js';
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
  readonly #scroller = element('div', {
    class: 'scroller',
    tabindex: '0',
    role: 'region',
    'aria-label': 'Table of rows: the arrow keys move, Enter shows a row in full',
  });
  readonly #table = element('table', { class: 'rows', 'aria-labelledby': 'rows-title' });
  readonly #body = element('tbody');
  readonly #virtualizer: Virtualizer<HTMLElement, HTMLElement>;
  #rows: readonly Row[] = [];
  /** The line that a link named. */
  #line = 0;
  /** The row that the arrow keys move, by its place. */
  #active = 0;
  #isPrinting = false;

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
    this.#table.classList.add(...emptyColumns(data).map((id) => `without-${id}`));
    this.#table.append(this.#head(), this.#body);
    this.#scroller.append(this.#table);
    place.append(this.#form.element, this.#told, this.#scroller);
    place.hidden = false;
    this.#virtualizer = new Virtualizer(this.#virtualOptions());
    this.#virtualizer._didMount();
    this.#listen();
    this.#refresh();
    this.#followHash();
  }

  #virtualOptions(): ConstructorParameters<typeof Virtualizer<HTMLElement, HTMLElement>>[0] {
    return {
      count: this.#rows.length,
      getScrollElement: () => this.#scroller,
      estimateSize: heightsOf(this.#table, (index) => this.#rows[index]),
      overscan: 12,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      onChange: () => {
        this.#draw();
      },
    };
  }

  #head(): HTMLElement {
    const cells = columns.map(([id, title]) => {
      const button = element('button', { type: 'button' }, title);
      button.addEventListener('click', () => {
        this.#model.sort(id);
        this.#refresh();
      });
      return element('th', { scope: 'col', class: id, 'data-column': id }, button);
    });
    return element('thead', {}, element('tr', { 'aria-rowindex': '1' }, ...cells));
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
    window.addEventListener('resize', () => {
      this.#virtualizer.setOptions(this.#virtualOptions());
      this.#virtualizer.measure();
    });
    window.addEventListener('beforeprint', () => {
      this.#print(true);
    });
    window.addEventListener('afterprint', () => {
      this.#print(false);
    });
    this.#body.addEventListener('click', (event) => {
      const target = event.target as HTMLElement;
      const row = target.closest<HTMLElement>('tr[data-index]');
      if (row && !target.closest('a')) this.#open(Number(row.dataset['index']));
    });
    this.#scroller.addEventListener('keydown', (event) => {
      this.#onKey(event);
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
    this.#active = 0;
    this.#scroller.scrollTop = 0;
    for (const cell of this.#table.querySelectorAll<HTMLElement>('th[data-column]')) {
      cell.setAttribute('aria-sort', this.#model.sorted(cell.dataset['column'] as ColumnId));
    }
    const [shown, all] = [this.#rows.length, this.#data.length];
    this.#told.textContent =
      shown === all ? rowsText(all) : `${shown.toLocaleString('en')} of ${rowsText(all)}`;
    this.#table.setAttribute('aria-rowcount', String(shown + 1));
    this.#update();
  }

  #update(): void {
    this.#virtualizer.setOptions(this.#virtualOptions());
    this.#virtualizer._willUpdate();
    this.#draw();
  }

  /** Puts the rows that can be seen into the table, and empty space for the others. */
  #draw(): void {
    if (this.#isPrinting) return;
    const items = this.#virtualizer.getVirtualItems();
    const [first, last] = [items[0], items.at(-1)];
    const below = last ? this.#virtualizer.getTotalSize() - last.end : 0;
    const hadFocus = this.#body.contains(document.activeElement);
    this.#body.replaceChildren(
      ...space(first?.start ?? 0),
      ...items.map(({ index }) => this.#rowAt(index)),
      ...space(below),
    );
    if (hadFocus) this.#scroller.focus({ preventScroll: true });
  }

  #rowAt(index: number): HTMLElement {
    const row = this.#rows[index];
    if (!row) return element('tr');
    const isNamed = row.line > 0 && row.line === this.#line;
    return rowElement(row, index, { named: isNamed, active: index === this.#active });
  }

  /** Shows the row of the line that the address names, whatever is searched and filtered for. */
  #followHash(): void {
    const line = Number(/^#line-(\d+)$/.exec(location.hash)?.[1] ?? 0);
    if (line === 0) return;
    this.#line = line;
    const indexOf = (): number => this.#rows.findIndex((row) => row.line === line);
    if (indexOf() < 0) this.#showAll();
    const index = indexOf();
    if (index < 0) {
      this.#told.textContent = `Line ${line} is not in this page: results.csv has it.`;
      return;
    }
    this.#scroller.scrollIntoView({ block: 'nearest' });
    this.#moveTo(index, 'center');
    this.#scroller.focus({ preventScroll: true });
  }

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(
      1,
      (this.#virtualizer.range?.endIndex ?? 0) - (this.#virtualizer.range?.startIndex ?? 0) - 1,
    );
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: this.#active + 1,
      ArrowUp: this.#active - 1,
      PageDown: this.#active + page,
      PageUp: this.#active - page,
      Home: 0,
      End: this.#rows.length - 1,
    };
    const to = moves[event.key];
    if (to !== undefined) {
      event.preventDefault();
      this.#moveTo(Math.min(this.#rows.length - 1, Math.max(0, to)), 'auto');
    } else if (event.key === 'Enter' && event.target === this.#scroller) {
      event.preventDefault();
      this.#open(this.#active);
    }
  }

  #moveTo(index: number, align: 'auto' | 'center'): void {
    this.#active = index;
    this.#virtualizer.scrollToIndex(index, { align });
    this.#draw();
  }

  #open(index: number): void {
    const row = this.#rows[index];
    if (!row) return;
    this.#active = index;
    this.#draw();
    showDetails(row, this.#scroller);
  }

  /** On paper there is nothing to scroll: the first rows, all of them. */
  #print(isPrinting: boolean): void {
    this.#isPrinting = isPrinting;
    if (!isPrinting) {
      this.#refresh();
      return;
    }
    const count = Math.min(mostPrinted, this.#rows.length);
    this.#body.replaceChildren(...Array.from({ length: count }, (_, index) => this.#rowAt(index)));
    if (count < this.#rows.length) {
      this.#told.textContent = `The first ${count.toLocaleString('en')} of ${rowsText(this.#rows.length)}; results.csv has all.`;
    }
  }
}

/** What a validation or a dry run has nothing to say of. */
function emptyColumns(rows: readonly Row[]): readonly ColumnId[] {
  return (['code', 'message', 'steps', 'attempts', 'at'] as const).filter(
    (id) => !rows.some((row) => Boolean(row[id])),
  );
}

function rowsText(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'row' : 'rows'}`;
}
