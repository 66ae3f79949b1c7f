/** What else the page's script finds in the page, as JSON: see `row-block.ts` for the rows. */

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

/** The class and the id of the elements that hold data. */
export const rowsClass = 'data-rows';
export const timelinesId = 'data-timelines';
