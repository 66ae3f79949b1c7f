import type { Address } from './pool-facts.js';

/** What is known of the files of another system, as the data files in `presets/` say it. */
export interface Preset {
  /** What `--from` calls it. */
  readonly name: string;
  /** The names of the columns in files without a header line; an empty one is no column. */
  readonly header?: readonly string[];
  /**
   * Header name to attribute. Where two columns are the same attribute, the first one in this list
   * that the file has is taken.
   */
  readonly columns: Readonly<Record<string, string>>;
  /** By header name: what a cell says, in any case, and what that means to Cognito. */
  readonly values: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** By header name: what stands between the names of a cell, should the column be the groups. */
  readonly separators: Readonly<Record<string, string>>;
  /** Which attribute is the username of a row without one, where people choose their own. */
  readonly usernameFrom: readonly Address[];
  /** Attribute values for every row that has none. */
  readonly defaults: Readonly<Record<string, string>>;
  /** Columns that Cognito has no place for, with what to say about them. */
  readonly dropped: readonly DroppedColumns[];
  /** What to say about columns that are taken. */
  readonly remarks: readonly Remark[];
}

export interface DroppedColumns {
  readonly columns: readonly string[];
  /** The end of the sentence that begins "… are not carried over:", without its full stop. */
  readonly because: string;
  /** Whether they hold what opens accounts, and must not stand in a report. */
  readonly secret: boolean;
}

export interface Remark {
  readonly columns: readonly string[];
  /** A sentence without its full stop. */
  readonly remark: string;
}
