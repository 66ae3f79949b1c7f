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

/** The state of every row and where its last result stands in the journal: nine bytes a row. */
export class RowStates {
  #state = new Uint8Array(1_024);
  /** The byte at which the row's last result starts, plus one; 0 for none. */
  #offset = new Float64Array(1_024);

  #rows = 0;

  /** One more than the last row that anything was written about. */
  get rows(): number {
    return this.#rows;
  }

  stateOf(row: number): RowState {
    return states[this.#state[row] ?? 0] ?? 'untouched';
  }

  /** Where the row's last result starts in the journal; undefined where it has none. */
  offsetOf(row: number): number | undefined {
    const offset = this.#offset[row] ?? 0;
    return offset === 0 ? undefined : offset - 1;
  }

  set(row: number, state: RowState, offset?: number): void {
    if (row >= this.#state.length) this.#grow(row + 1);
    if (row >= this.#rows) this.#rows = row + 1;
    this.#state[row] = states.indexOf(state);
    if (offset !== undefined) this.#offset[row] = offset + 1;
  }

  #grow(rows: number): void {
    const length = Math.max(rows, this.#state.length * 2);
    const state = new Uint8Array(length);
    const offset = new Float64Array(length);
    state.set(this.#state);
    offset.set(this.#offset);
    this.#state = state;
    this.#offset = offset;
  }
}
