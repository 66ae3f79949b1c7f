import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from '@tanstack/virtual-core';

import { showDetails } from './details.js';
import { element } from './element.js';
import { titleOf } from './model.js';
import type { ColumnId, Order } from './model.js';
import { heightsOf, rowElement, rowId, space } from './row-element.js';
import type { Row } from './rows.js';

/** A table in a box that scrolls, with as many of its rows as can be seen. */
export class RowsTable {
  readonly #scroller = element('div', {
    class: 'scroller',
    tabindex: '0',
    role: 'grid',
    'aria-label': 'Table of rows: the arrow keys move, Enter shows a row in full',
  });
  readonly #table = element('table', { class: 'rows', role: 'presentation' });
  readonly #body = element('tbody', { role: 'rowgroup' });
  readonly #columns: readonly ColumnId[];
  readonly #virtualizer: Virtualizer<HTMLElement, HTMLElement>;
  #rows: readonly Row[] = [];
  /** The line that a link named. */
  #named = 0;
  /** The row that the arrow keys move, by its place. */
  #active = 0;
  #isPrinting = false;

  /**
   * @param place where the table goes; it can be seen.
   * @param shown its columns, with the most signs that a cell of each has.
   */
  constructor(
    place: HTMLElement,
    shown: ReadonlyMap<ColumnId, number>,
    onSort: (column: ColumnId) => void,
  ) {
    this.#columns = [...shown.keys()];
    for (const [id, signs] of shown) this.#table.style.setProperty(`--${id}-signs`, String(signs));
    this.#table.append(headOf(this.#columns, onSort), this.#body);
    this.#scroller.append(this.#table);
    place.append(this.#scroller);
    this.#virtualizer = new Virtualizer(this.#virtualOptions());
    this.#virtualizer._didMount();
    this.#listen();
  }

  /** Shows these rows from the first one on, in the order that each column is in. */
  show(rows: readonly Row[], orderOf: (column: ColumnId) => Order): void {
    this.#rows = rows;
    this.#active = 0;
    this.#isPrinting = false;
    this.#scroller.scrollTop = 0;
    for (const cell of this.#table.querySelectorAll<HTMLElement>('th[data-column]')) {
      cell.setAttribute('aria-sort', orderOf(cell.dataset['column'] as ColumnId));
    }
    this.#scroller.setAttribute('aria-rowcount', String(rows.length + 1));
    this.#virtualizer.setOptions(this.#virtualOptions());
    this.#virtualizer._willUpdate();
    this.#draw();
  }

  /** Goes to the row of a line; false where that is not among the rows that are shown. */
  goTo(line: number): boolean {
    this.#named = line;
    const index = this.#rows.findIndex((row) => row.line === line);
    if (index < 0) return false;
    this.#scroller.scrollIntoView({ block: 'nearest' });
    this.#moveTo(index, 'center');
    this.#scroller.focus({ preventScroll: true });
    return true;
  }

  /** On paper there is nothing to scroll: so many of the first rows, all of them, until `show`. */
  print(count: number): void {
    this.#isPrinting = true;
    this.#body.replaceChildren(...Array.from({ length: count }, (_, index) => this.#rowAt(index)));
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

  #listen(): void {
    window.addEventListener('resize', () => {
      this.#virtualizer.setOptions(this.#virtualOptions());
      this.#virtualizer.measure();
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

  /** Puts the rows that can be seen into the table, and empty space for the others. */
  #draw(): void {
    if (this.#isPrinting) return;
    const items = this.#virtualizer.getVirtualItems();
    const [first, last] = [items[0], items.at(-1)];
    const below = last ? this.#virtualizer.getTotalSize() - last.end : 0;
    const hadFocus = this.#body.contains(document.activeElement);
    this.#body.replaceChildren(
      ...space(first?.start ?? 0, this.#columns.length),
      ...items.map(({ index }) => this.#rowAt(index)),
      ...space(below, this.#columns.length),
    );
    this.#tellActive();
    if (hadFocus) this.#scroller.focus({ preventScroll: true });
  }

  /** To a screen reader, which can only be told of a row that is there. */
  #tellActive(): void {
    const id = rowId(this.#active);
    if (document.getElementById(id)) this.#scroller.setAttribute('aria-activedescendant', id);
    else this.#scroller.removeAttribute('aria-activedescendant');
  }

  #rowAt(index: number): HTMLElement {
    const row = this.#rows[index];
    if (!row) return element('tr');
    const isNamed = row.line > 0 && row.line === this.#named;
    const marks = { named: isNamed, active: index === this.#active };
    return rowElement(row, index, this.#columns, marks);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { startIndex = 0, endIndex = 0 } = this.#virtualizer.range ?? {};
    const page = Math.max(1, endIndex - startIndex - 1);
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
}

function headOf(shown: readonly ColumnId[], onSort: (column: ColumnId) => void): HTMLElement {
  const cells = shown.map((id) => {
    const button = element('button', { type: 'button' }, titleOf(id));
    button.addEventListener('click', () => {
      onSort(id);
    });
    return element('th', { role: 'columnheader', class: id, 'data-column': id }, button);
  });
  const row = element('tr', { role: 'row', 'aria-rowindex': '1' }, ...cells);
  return element('thead', { role: 'rowgroup' }, row);
}
