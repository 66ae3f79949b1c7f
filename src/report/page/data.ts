/**
 * What the page's script finds in the page, as JSON. Read by the script in `browser/`, which shares
 * nothing with the rest but these types.
 */

/** The value of each row of a block, or the one that all of them have. */
export type Column<T extends number | null = number> = T | readonly T[];

/** Some rows one after the other, column by column. */
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

/** The calls of one category over time; a list for each figure, with a place for each moment. */
export interface CategoryTimeline {
  readonly category: string;
  /** Seconds since 1970, each the end of the span that the figures are of. */
  readonly at: readonly number[];
  /** Accepted calls a second; null where the run did not work. */
  readonly calls: readonly (number | null)[];
  /** Calls a second that the quota allows. */
  readonly quota: readonly (number | null)[];
  /** Throttled calls a second. */
  readonly throttled: readonly (number | null)[];
}

/** The ids of the elements that hold data. */
export const rowsClass = 'data-rows';
export const timelinesId = 'data-timelines';
