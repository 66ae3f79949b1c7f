/** A row as the page shows it. */
export interface PageRow {
  /** 0 for a user who is in no row of the file. */
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

/** The value of each row of a block, or the one that all of them have. */
type Column<T extends number | null = number> = T | readonly T[];

/** Some rows one after the other, column by column, as they stand in the page: JSON of few bytes. */
export interface RowBlock {
  /** What `status`, `code`, `message` and `steps` stand for, by their place in here. */
  readonly words: readonly string[];
  /** How much more each row's line is than that of the row before; 0 stands before the first. */
  readonly line: Column;
  readonly username: readonly string[];
  readonly status: Column;
  readonly code: Column;
  readonly message: Column;
  readonly steps: Column;
  readonly attempts: Column;
  /** When the rows were done with, in seconds after `since`; `null` where that is not known. */
  readonly at: Column<number | null>;
  /** Seconds since 1970. */
  readonly since: number;
}

/** Puts rows into few bytes: the same words over and over are in it once. */
export function blockOf(rows: readonly PageRow[]): RowBlock {
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

/** The rows of a block, as they were put in. */
export function rowsOf(block: RowBlock): PageRow[] {
  const word = (column: Column, index: number): string => block.words[valueAt(column, index)] ?? '';
  let line = 0;
  return block.username.map((username, index) => {
    line += valueAt(block.line, index);
    const at = valueAt(block.at, index);
    return {
      line,
      username,
      status: word(block.status, index),
      code: word(block.code, index),
      message: word(block.message, index),
      steps: word(block.steps, index),
      attempts: valueAt(block.attempts, index),
      at: at === null ? undefined : block.since + at,
    };
  });
}

function valueAt<T extends number | null>(column: Column<T>, index: number): T {
  return typeof column === 'object' && column !== null ? (column[index] as T) : column;
}
