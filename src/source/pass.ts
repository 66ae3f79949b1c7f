import { createHash } from 'node:crypto';
import type { Bytes } from './bytes.js';
import { rowsOf } from './cells.js';
import { BrokenBytes, type Decoder, decoderOf } from './decode.js';
import { SourceError } from './error.js';
import { type Guess, guessEncoding } from './guess.js';
import { gunzip } from './gunzip.js';
import { type RecordBlock, RecordCutter } from './records.js';
import type { Dialect, Limits, Pass, Position, RowBatch, Totals } from './source.js';

/** All that a pass needs to know about the file. */
export interface PassPlan {
  readonly bytes: Bytes;
  /** For messages, as `shownName` gives it. */
  readonly name: string;
  readonly dialect: Dialect;
  readonly markBytes: number;
  readonly limits: Limits;
  readonly chunkSize: number;
  readonly from: Position;
  /** Whether it begins with the first row; only then are there totals. */
  readonly whole: boolean;
  /** Called at the end of a pass over the whole file. */
  readonly onTotals: (totals: Totals) => void;
}

/** Reads the file once: bytes, decompressed, decoded, cut into records, divided into cells. */
export class FilePass implements Pass {
  readonly #plan: PassPlan;
  #bytesRead = 0;
  #rows = 0;

  constructor(plan: PassPlan) {
    this.#plan = plan;
  }

  get bytesRead(): number {
    return this.#bytesRead;
  }

  get rows(): number {
    return this.#rows;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RowBatch, void, undefined> {
    const { dialect, from, limits, name, whole } = this.#plan;
    const hash = createHash('sha256');
    const decoder = await decoderOf(dialect.encoding);
    const cutter = new RecordCutter({
      delimiter: dialect.delimiter,
      quotes: dialect.form === 'csv',
      recordBytes: limits.recordBytes,
      name,
      offset: from.offset,
      line: from.line,
    });
    // Plain UTF-8 can be entered anywhere; anything else is decoded from its beginning.
    const seek = !whole && dialect.encoding === 'utf-8' && !dialect.gzip;
    const markBytes = this.#plan.markBytes;
    const start = seek ? markBytes + from.offset : 0;
    if (start > this.#plan.bytes.size) throw beyondTheEnd();
    this.#bytesRead = start;
    const text = new TextFrom(decoder, seek ? 0 : markBytes, seek ? 0 : from.offset);
    let row = from.row;

    const batch = (block: RecordBlock): RowBatch | undefined => {
      const rows = rowsOf(block, dialect, name);
      if (rows.length === 0) return undefined;
      const first = row;
      row += rows.length;
      this.#rows += rows.length;
      return {
        start: { offset: block.offset, line: block.line, row: first },
        end: { offset: block.offset + block.bytes.length, line: cutter.recordLine, row },
        rows,
      };
    };

    for await (const chunk of this.#plain(start, whole ? hash : undefined)) {
      const { bytes, broken } = text.write(chunk);
      const found = batch(cutter.feed(bytes));
      if (found) yield found;
      if (cutter.fault) throw cutter.fault;
      if (broken) throw await brokenBytes(broken, cutter.line, dialect.encoding, name);
    }
    const { bytes, broken } = text.end();
    const found = batch(cutter.feed(bytes));
    if (found) yield found;
    if (!cutter.fault && broken)
      throw await brokenBytes(broken, cutter.line, dialect.encoding, name);
    const last = cutter.fault ? undefined : batch(cutter.end());
    if (last) yield last;
    if (cutter.fault) throw cutter.fault;
    if (text.missing > 0) throw beyondTheEnd();
    if (whole) this.#plan.onTotals({ rows: row, sha256: hash.digest('hex') });
  }

  /** The bytes from `start`, decompressed if they are compressed; `hash` gets them as they are. */
  #plain(start: number, hash: { update(bytes: Buffer): unknown } | undefined) {
    const { bytes, dialect, name, limits, chunkSize } = this.#plan;
    const counted = async function* (this: FilePass): AsyncGenerator<Buffer> {
      for await (const chunk of bytes.chunks(start)) {
        hash?.update(chunk);
        this.#bytesRead += chunk.length;
        yield chunk;
      }
    }.call(this);
    return dialect.gzip ? gunzip(counted, name, limits, chunkSize) : counted;
  }
}

function beyondTheEnd(): RangeError {
  return new RangeError('the position to read from lies beyond the end of the file');
}

/** Decoded text without the byte-order mark and without what comes before the wanted place. */
export class TextFrom {
  readonly #decoder: Decoder;
  #mark: number;
  #skip: number;

  constructor(decoder: Decoder, markBytes: number, skip: number) {
    this.#decoder = decoder;
    this.#mark = markBytes;
    this.#skip = skip;
  }

  /** How much of what is to be left out has not come yet. */
  get missing(): number {
    return this.#skip;
  }

  write(chunk: Buffer): Text {
    const mark = Math.min(this.#mark, chunk.length);
    this.#mark -= mark;
    return this.#text(() => this.#decoder.write(chunk.subarray(mark)));
  }

  end(): Text {
    return this.#text(() => this.#decoder.end());
  }

  #text(decode: () => Buffer): Text {
    let bytes: Buffer;
    let broken: BrokenBytes | undefined;
    try {
      bytes = decode();
    } catch (error) {
      if (!(error instanceof BrokenBytes)) throw error;
      broken = error;
      bytes = error.before;
    }
    const skipped = Math.min(this.#skip, bytes.length);
    this.#skip -= skipped;
    return { bytes: bytes.subarray(skipped), broken };
  }
}

/** Text, and what came after it if that was none. */
export interface Text {
  readonly bytes: Buffer;
  readonly broken: BrokenBytes | undefined;
}

/** The error for bytes that are not valid in the encoding, with the likely one. */
export async function brokenBytes(
  broken: BrokenBytes,
  line: number,
  encoding: string,
  name: string,
): Promise<SourceError> {
  const advice = adviceFor(await guessEncoding(broken, encoding));
  return new SourceError(
    'invalid-bytes',
    `Line ${line} of ${name} has bytes that are not valid ${encoding.toUpperCase()}. ${advice}`,
    line,
  );
}

function adviceFor(guess: Guess | undefined): string {
  const other = guess?.encoding;
  const verb = guess?.sure === true ? 'looks like' : 'may be';
  if (guess?.lineOnly === true) {
    const line = other === undefined ? '' : `, this line ${verb} ${other}`;
    return `The lines before are right${line}: mend it, or save the file as UTF-8 again.`;
  }
  return other === undefined
    ? 'Say how the file is written with --encoding, or save it as UTF-8.'
    : `It ${verb} ${other}: try --encoding ${other}, or save the file as UTF-8.`;
}
