import type { Column, RowBlock } from './data.js';

/** A row as the page shows it. */
export interface PageRow {
  readonly line: number;
  readonly username: string;
  readonly status: string;
  readonly code: string;
  readonly message: string;
  readonly steps: string;
  readonly attempts: number;
  /** Seconds since 1970; undefined where nothing was carried out. */
  readonly at: number | undefined;
}

/** Puts rows into few bytes: the same words over and over are in it once. */
export function rowBlock(rows: readonly PageRow[]): RowBlock {
  const words = new Map<string, number>();
  const numberOf = (word: string): number => {
    const known = words.get(word);
    if (known !== undefined) return known;
    words.set(word, words.size);
    return words.size - 1;
  };
  const column = <T extends number | null>(value: (row: PageRow, index: number) => T): Column<T> =>
    shortest(rows.map(value));
  const since = rows.find(({ at }) => at !== undefined)?.at ?? 0;
  const columns = {
    line: column(({ line }, index) => line - (rows[index - 1]?.line ?? 0)),
    username: rows.map(({ username }) => username),
    status: column(({ status }) => numberOf(status)),
    code: column(({ code }) => numberOf(code)),
    message: column(({ message }) => numberOf(message)),
    steps: column(({ steps }) => numberOf(steps)),
    attempts: column(({ attempts }) => attempts),
    at: column(({ at }) => (at === undefined ? null : at - since)),
    since,
  };
  return { words: [...words.keys()], ...columns };
}

function shortest<T extends number | null>(values: readonly T[]): Column<T> {
  const [first] = values;
  return first !== undefined && values.every((value) => value === first) ? first : values;
}
