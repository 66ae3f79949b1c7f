/** A line of a file, without its line feed. */
export interface WholeLine {
  readonly text: string;
  /** The byte at which it starts. */
  readonly offset: number;
  /** Bytes, with the line feed. */
  readonly length: number;
}

const lineFeed = 0x0a;

/** Cuts a file that comes in chunks into the lines that end in a line feed. */
export class LineCutter {
  #rest: Buffer = Buffer.alloc(0);
  #offset = 0;

  /** Bytes since the last line feed: a line that is not whole, or not yet. */
  get restBytes(): number {
    return this.#rest.length;
  }

  /** Bytes of the file so far. */
  get size(): number {
    return this.#offset + this.#rest.length;
  }

  /** The lines that are whole with this chunk; to be taken to the end before the next one. */
  *linesOf(chunk: Buffer): Generator<WholeLine, void, undefined> {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    let start = 0;
    for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, start)) {
      const text = bytes.toString('utf8', start, end);
      yield { text, offset: this.#offset + start, length: end - start + 1 };
      start = end + 1;
    }
    this.#rest = bytes.subarray(start);
    this.#offset += start;
  }
}
