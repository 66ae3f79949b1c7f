/** One record of the file. */
export interface Row {
  /** The line of the file on which the record starts; the first line is 1. */
  readonly line: number;
  /** The cells as they are, however many there are. */
  readonly cells: readonly string[];
}

/**
 * A place in the file where a record (or blank lines before one) starts: what `read({ from })`
 * takes. It holds as long as the file's content does: keep it together with the sha256.
 */
export interface Position {
  /** Bytes of the decoded text (UTF-8, decompressed, after the byte-order mark) before it. */
  readonly offset: number;
  /** The line at that place; the first line of the file is 1. */
  readonly line: number;
  /** The number of rows before it; the header is not a row. */
  readonly row: number;
}

/** Rows that were read at one go; never empty. */
export interface RowBatch {
  /** Where the batch starts: `read({ from: start })` begins with this batch's first row. */
  readonly start: Position;
  /** Where the batch ends: `read({ from: end })` begins with the row after its last one. */
  readonly end: Position;
  readonly rows: readonly Row[];
}

/** How the file is written, as found or as given. */
export interface Dialect {
  /** `utf-8`, `utf-16le`, `utf-16be`, or the name that was given. */
  readonly encoding: string;
  /** Whether a byte-order mark stands first. */
  readonly byteOrderMark: boolean;
  readonly gzip: boolean;
  /** One ASCII character. */
  readonly delimiter: string;
  /** Whether Excel's `sep=` line comes before the header (it counts as a line). */
  readonly separatorLine: boolean;
  /**
   * `csv`: cells may be quoted (RFC 4180). `aws-import`: the form of Cognito's own import jobs,
   * without quoting, a comma inside a value written as `\,`.
   * https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-using-import-tool.html
   */
  readonly form: 'csv' | 'aws-import';
}

/** What is known once a pass went from the first byte to the last. */
export interface Totals {
  /** Rows without the header and blank lines. */
  readonly rows: number;
  /** The sha256 of the bytes as they are on disk (compressed, if they are), in hex. */
  readonly sha256: string;
}

/**
 * One reading of the file, to be iterated once. Passes are independent of each other: two may be
 * under way at once. Leaving the loop early releases what the pass holds.
 * Iterating throws a SourceError; all whole records before the fault come first.
 */
export interface Pass extends AsyncIterable<RowBatch> {
  /** Bytes on disk that were read so far, to be held against `Source.size`. */
  readonly bytesRead: number;
  /** Rows that were handed out so far. */
  readonly rows: number;
}

/** Where a pass begins. */
export interface ReadOptions {
  /** Default: the first row after the header. */
  readonly from?: Position;
}

/** A file of rows that can be read more than once. */
export interface Source {
  /** The path or address as it was given, or `-`. */
  readonly name: string;
  /** Bytes on disk (compressed, if they are). */
  readonly size: number;
  /** Whether a later process can read the same rows again: false for standard input and FIFOs. */
  readonly resumable: boolean;
  readonly dialect: Dialect;
  /** The first record that is not blank; or the names that were given, with that record's line. */
  readonly header: Row;
  /** Known after the first complete pass, else undefined. */
  readonly totals: Totals | undefined;
  /**
   * Begins a pass over the rows. Nothing is read before the first batch is asked for.
   * @throws RangeError where `from` is no position; iterating throws one where it lies beyond the
   *   end of the file
   */
  read(options?: ReadOptions): Pass;
  /**
   * The sha256 of the bytes on disk, in hex. Costs nothing after a complete pass, else reads the
   * file without parsing it.
   */
  digest(): Promise<string>;
  close(): Promise<void>;
}

/** Bounds against files that would eat the machine. */
export interface Limits {
  /** Bytes (as UTF-8) of one record. Default 1 MiB: 30 times what a Cognito user can hold. */
  readonly recordBytes: number;
  /**
   * A gzip file is refused once it is larger than this, decompressed, *and* has grown by more
   * than `gzipRatio`. Default 1 GiB: a file of people shrinks to a tenth or so, a decompression
   * bomb to less than a five-hundredth.
   */
  readonly gzipBytes: number;
  /** Default 200. */
  readonly gzipRatio: number;
}

export const DEFAULT_LIMITS: Limits = {
  recordBytes: 1024 * 1024,
  gzipBytes: 1024 ** 3,
  gzipRatio: 200,
};
