import type { Pass, ReadOptions, Row, Source, Totals } from '../../src/source/index.js';

const rowsAtOnce = 3;

/** A file that is in memory, and read without waiting for anything but its turn. */
export class ModelFile implements Source {
  readonly name = 'model.csv';
  readonly resumable = true;
  readonly header: Row;
  readonly #rows: readonly Row[];
  #totals: Totals | undefined;

  constructor(header: readonly string[], rows: readonly (readonly string[])[]) {
    this.header = { line: 1, cells: header };
    this.#rows = rows.map((cells, index) => ({ line: index + 2, cells }));
  }

  get dialect(): Source['dialect'] {
    const form = { delimiter: ',', form: 'csv' } as const;
    return { ...form, encoding: 'utf-8', byteOrderMark: false, gzip: false, separatorLine: false };
  }

  /** A byte for each row and for the header. */
  get size(): number {
    return this.#rows.length + 1;
  }

  get totals(): Totals | undefined {
    return this.#totals;
  }

  read({ from }: ReadOptions = {}): Pass {
    const rows = this.#rows;
    let at = from?.row ?? 0;
    const end = (): void => {
      this.#totals = { rows: rows.length, sha256: 'model' };
    };
    return {
      get bytesRead() {
        return at + 1;
      },
      get rows() {
        return at;
      },
      async *[Symbol.asyncIterator]() {
        while (at < rows.length) {
          const batch = rows.slice(at, at + rowsAtOnce);
          const start = { offset: at, line: at + 2, row: at };
          at += batch.length;
          await Promise.resolve();
          yield { rows: batch, start, end: { offset: at, line: at + 2, row: at } };
        }
        end();
      },
    };
  }

  digest(): Promise<string> {
    return Promise.resolve('model');
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
