import type { RowResult } from '../apply/result.js';
import type { Category, Operation } from '../cognito/quotas.js';
import type { Foretold } from '../plan/forecast.js';
import type { Position } from '../source/index.js';

/** What the journal's lines say: one JSON object each, told apart by `t`. */
export type Entry =
  | BeginEntry
  | CheckedEntry
  | TryEntry
  | RowEntry
  | FiguresEntry
  | SessionEntry
  | EndEntry
  | FlushedEntry;

/** The first line: what the run is. Holds no password, token or secret. */
export interface BeginEntry {
  readonly t: 'run';
  readonly version: 1;
  readonly run: string;
  readonly command: string;
  readonly at: number;
  readonly file: { readonly name: string; readonly path: string | undefined };
  readonly pool: { readonly id: string; readonly region: string };
  readonly rehearsal?: true;
  /** The options that `resume` goes on with. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** The whole file was read; nothing is sent before this line is on the disk. */
export interface CheckedEntry {
  readonly t: 'checked';
  readonly rows: number;
  readonly sha256: string;
  /** Groups that rows name and the pool has not. */
  readonly missingGroups: readonly string[];
  /** Places in the file, in order, from one of which `resume` reads on. */
  readonly places?: readonly Position[];
}

/** Rows whose create, message or code may be sent from now on; written for a group of rows at once. */
export interface TryEntry {
  readonly t: 'try';
  /** Pairs of row and milliseconds since 1970 by the service's clock. */
  readonly rows: readonly (readonly [row: number, at: number])[];
}

/** What became of a row; the last line of a row counts. */
export interface RowEntry extends RowResult {
  readonly t: 'row';
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What was called since the last such line. */
export interface FiguresEntry {
  readonly t: 'figures';
  readonly at: number;
  /** Seconds that these figures cover. */
  readonly seconds: number;
  readonly calls: Readonly<Partial<Record<Operation, CallCounts>>>;
  readonly rates: Readonly<Partial<Record<Category, { limit: number; share: number }>>>;
  /** Of accepted calls; absent in journals of versions that did not measure them. */
  readonly latencies?: Readonly<Partial<Record<Operation, LatencyCounts>>>;
}

/** How long calls took, as a histogram. */
export interface LatencyCounts {
  /** Milliseconds of the slowest. */
  readonly max: number;
  /** Calls by bucket, on a logarithmic scale of milliseconds. */
  readonly buckets: readonly (readonly [bucket: number, calls: number])[];
}

export interface CallCounts {
  readonly ok: number;
  readonly throttled: number;
  readonly retried: number;
  readonly failed: number;
}

/** A session of the run begins: the first, or a resumed one. */
interface SessionEntry {
  readonly t: 'session';
  readonly at: number;
}

/** A session ended in good order. */
export interface EndEntry {
  readonly t: 'end';
  readonly at: number;
  readonly outcome: 'complete' | 'stopped' | 'interrupted';
  readonly reason?: string;
  /** What the session had to say beside its figures. */
  readonly notices?: readonly string[];
  /** Only of a dry run. */
  readonly foretold?: Foretold;
  readonly exitCode: number;
}

/**
 * Ends each group of lines that is written at once. A line in front of `to` that can't be read was
 * not torn by a crash, since it was on the disk before this one was written: the journal is damaged.
 */
interface FlushedEntry {
  readonly t: 'flushed';
  /** Bytes of the journal. */
  readonly to: number;
}
