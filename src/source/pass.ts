import { createHash } from 'node:crypto';

import type { Bytes } from './bytes.js';
import { rowsOf } from './cells.js';
import { decoderOf } from './decode.js';
import { gunzip } from './gunzip.js';
import { invalidBytes } from './invalid-bytes.js';
import { RecordCutter } from './records.js';
import type { RecordBlock } from './records.js';
import type { Dialect, Limits, Pass, Position, RowBatch, Totals } from './source.js';
import { beyondTheEnd, textsOf } from './texts.js';

/** All that a pass needs to know about the file. */
interface PassPlan {
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
    const { bytes, dialect, from, limits, markBytes, name, whole } = this.#plan;
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
    const start = seek ? markBytes + from.offset : 0;
    if (start > bytes.size) throw beyondTheEnd();
    this.#bytesRead = start;
    const chunks = this.#plain(start, whole ? hash : undefined);
    const texts = seek
      ? textsOf(chunks, decoder, 0, 0)
      : textsOf(chunks, decoder, markBytes, from.offset);

    for await (const text of texts) {
      yield* this.#batches(cutter.feed(text.bytes), cutter);
      if (!text.broken) continue;
      throw await invalidBytes(text.broken, cutter.line, dialect.encoding, name);
    }
    yield* this.#batches(cutter.end(), cutter);
    if (whole) this.#plan.onTotals({ rows: this.#rows, sha256: hash.digest('hex') });
  }

  /** The rows of a block, if it has any. Throws what the cutter stopped at, after the rows before. */
  *#batches(block: RecordBlock, cutter: RecordCutter): Generator<RowBatch, void, undefined> {
    const { dialect, from, name } = this.#plan;
    const rows = rowsOf(block, dialect, name);
    if (rows.length > 0) {
      const row = from.row + this.#rows;
      this.#rows += rows.length;
      yield {
        start: { offset: block.offset, line: block.line, row },
        end: {
          offset: block.offset + block.bytes.length,
          line: cutter.recordLine,
          row: row + rows.length,
        },
        rows,
      };
    }
    if (cutter.fault) throw cutter.fault;
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
