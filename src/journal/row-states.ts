/** How a row stands, as far as the next session needs to know. */
export type RowState =
  /** Nothing was written about it. */
  | 'untouched'
  /** A create may have been sent, and no result is known. */
  | 'tried'
  /** It has a result, and is to be gone on with. */
  | 'open'
  /** It has a result that `--retry-failed` tries again. */
  | 'failed'
  /** It has a result that stands. */
  | 'done'
  /** It never can be sent as it is. */
  | 'invalid';

const states: readonly RowState[] = ['untouched', 'tried', 'open', 'failed', 'done', 'invalid'];

/** Rows that share a page, so that a journal of a few far rows does not take the room of all between. */
const rowsPerPage = 1_024;

/** Some rows' states, and the byte at which each's last result starts, plus one; 0 for none. */
interface StatePage {
  readonly states: Uint8Array;
  readonly offsets: Float64Array;
}

/** The state of every row and where its last result stands in the journal: nine bytes a row. */
export class RowStates {
  readonly #pages: (StatePage | undefined)[] = [];
  #rows = 0;

  /** One more than the last row that anything was written about. */
  get rows(): number {
    return this.#rows;
  }

  stateOf(row: number): RowState {
    const page = this.#pages[Math.floor(row / rowsPerPage)];
    return states[page?.states[row % rowsPerPage] ?? 0] ?? 'untouched';
  }

  /** Where the row's last result starts in the journal; undefined where it has none. */
  offsetOf(row: number): number | undefined {
    const page = this.#pages[Math.floor(row / rowsPerPage)];
    const offset = page?.offsets[row % rowsPerPage] ?? 0;
    return offset === 0 ? undefined : offset - 1;
  }

  set(row: number, state: RowState, offset?: number): void {
    if (row >= this.#rows) this.#rows = row + 1;
    const { states: ofPage, offsets } = this.#page(Math.floor(row / rowsPerPage));
    ofPage[row % rowsPerPage] = states.indexOf(state);
    if (offset !== undefined) offsets[row % rowsPerPage] = offset + 1;
  }

  #page(number: number): StatePage {
    return (this.#pages[number] ??= {
      states: new Uint8Array(rowsPerPage),
      offsets: new Float64Array(rowsPerPage),
    });
  }
}
