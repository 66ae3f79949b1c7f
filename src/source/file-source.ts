import { createHash } from 'node:crypto';

import type { Bytes } from './bytes.js';
import { shownName, SourceError } from './error.js';
import type { Beginning } from './inspect.js';
import { FilePass } from './pass.js';
import type { Dialect, Limits, Pass, ReadOptions, Row, Source, Totals } from './source.js';

/** A source over bytes at rest. */
export class FileSource implements Source {
  readonly name: string;
  readonly resumable: boolean;
  readonly dialect: Dialect;
  readonly header: Row;
  readonly #bytes: Bytes;
  readonly #beginning: Beginning;
  readonly #limits: Limits;
  readonly #chunkSize: number;
  #sha256: string | undefined;
  #totals: Totals | undefined;

  constructor(
    name: string,
    bytes: Bytes,
    resumable: boolean,
    beginning: Beginning,
    limits: Limits,
    chunkSize: number,
  ) {
    const { encoding, gzip, layout } = beginning;
    this.name = name;
    this.resumable = resumable;
    this.header = layout.header;
    this.dialect = {
      encoding: encoding.name,
      byteOrderMark: encoding.markBytes > 0,
      gzip,
      delimiter: layout.delimiter,
      separatorLine: layout.separatorLine,
      form: layout.form,
    };
    this.#bytes = bytes;
    this.#beginning = beginning;
    this.#limits = limits;
    this.#chunkSize = chunkSize;
  }

  get size(): number {
    return this.#bytes.size;
  }

  get totals(): Totals | undefined {
    return this.#totals;
  }

  read(options: ReadOptions = {}): Pass {
    const { from } = options;
    if (
      from &&
      ![from.offset, from.line, from.row].every((n) => Number.isSafeInteger(n) && n >= 0)
    ) {
      throw new RangeError('the position to read from is none');
    }
    return new FilePass({
      bytes: this.#bytes,
      name: shownName(this.name),
      dialect: this.dialect,
      markBytes: this.#beginning.encoding.markBytes,
      limits: this.#limits,
      chunkSize: this.#chunkSize,
      from: from ?? this.#beginning.layout.dataStart,
      whole: from === undefined,
      onTotals: (totals) => {
        this.#sameAsBefore(totals.sha256);
        this.#totals = totals;
      },
    });
  }

  async digest(): Promise<string> {
    if (this.#sha256 !== undefined) return this.#sha256;
    const hash = createHash('sha256');
    for await (const chunk of this.#bytes.chunks(0)) hash.update(chunk);
    const sha256 = hash.digest('hex');
    this.#sameAsBefore(sha256);
    return sha256;
  }

  async close(): Promise<void> {
    await this.#bytes.close();
  }

  /** Size and time of change can be made to look the same; the content can't. */
  #sameAsBefore(sha256: string): void {
    this.#sha256 ??= sha256;
    if (this.#sha256 === sha256) return;
    throw new SourceError(
      'file-changed',
      `${shownName(this.name)} was changed since it was read before. Beginning again once nothing writes to it any more.`,
    );
  }
}
