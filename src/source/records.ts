import type { SourceError } from './error.js';
import { textAfterQuote, tooLong, unclosedQuote } from './record-faults.js';

const CR = 0x0d;
const LF = 0x0a;
const QUOTE = 0x22;

/** What a byte means outside quotes. */
const PLAIN = 0;
const DELIMITER = 1;
const BREAK = 2;
const OPENING = 3;

/** Where in a record the next byte stands. */
type State = 'cell-start' | 'in-cell' | 'in-quotes' | 'after-quotes';

/** Whole records, one after another, as bytes. */
export interface RecordBlock {
  /** UTF-8; blank lines may stand between the records. */
  readonly bytes: Buffer;
  /** The place of its first byte in the decoded text. */
  readonly offset: number;
  /** The line on which its first byte stands. */
  readonly line: number;
  /** For every record that is no blank line: the line on which it starts. */
  readonly lines: readonly number[];
  /** For every record: the index in `bytes` after its line break. */
  readonly ends: readonly number[];
}

/** What cutting needs to know. */
interface CutOptions {
  /** One ASCII character. */
  readonly delimiter: string;
  /** Whether `"` quotes; otherwise it is a character like any other. */
  readonly quotes: boolean;
  /** The most bytes that one record may have. */
  readonly recordBytes: number;
  /** For messages, as `shownName` gives it. */
  readonly name: string;
  readonly offset?: number;
  readonly line?: number;
}

/**
 * Cuts text into blocks of whole records, and counts lines while it does: a line break is CRLF,
 * LF or a lone CR, inside quotes as outside, wherever the chunks happen to end.
 *
 * It reads quotes as RFC 4180 does, with one leave: a quote inside a cell that does not begin with
 * one is a character (`John "Jack" Smith`), since it can be understood in one way only. Text after
 * a closing quote is a fault: whatever one makes of it, rows may be merged or split.
 *
 * A fault does not throw: it stands in `fault`, after the whole records before it were handed out,
 * so that what comes out does not depend on how the bytes were divided into chunks.
 */
export class RecordCutter {
  readonly #options: CutOptions;
  readonly #outside: Uint8Array;
  readonly #inside: Uint8Array;
  readonly #endsCell: Uint8Array;
  /** From the start of the record that is not yet complete. */
  #pending: Buffer = Buffer.alloc(0);
  /** How much of `#pending` was looked at. */
  #looked = 0;
  #state: State = 'cell-start';
  #cell = 1;
  #offset: number;
  #line: number;
  #recordLine: number;
  #fault: SourceError | undefined;

  constructor(options: CutOptions) {
    this.#options = options;
    this.#offset = options.offset ?? 0;
    this.#line = options.line ?? 1;
    this.#recordLine = this.#line;
    this.#outside = new Uint8Array(256);
    this.#outside[CR] = BREAK;
    this.#outside[LF] = BREAK;
    this.#outside[options.delimiter.charCodeAt(0)] = DELIMITER;
    this.#endsCell = this.#outside.map((kind) => (kind === PLAIN ? 0 : 1));
    this.#inside = new Uint8Array(256);
    this.#inside[CR] = BREAK;
    this.#inside[LF] = BREAK;
    this.#inside[QUOTE] = OPENING;
    if (options.quotes) this.#outside[QUOTE] = OPENING;
  }

  /** Why the text cannot be read any further; once it is there, nothing more is cut. */
  get fault(): SourceError | undefined {
    return this.#fault;
  }

  /** The line on which the next byte stands. */
  get line(): number {
    return this.#pending[this.#looked] === CR ? this.#line + 1 : this.#line;
  }

  /** The line on which the next record starts. */
  get recordLine(): number {
    return this.#recordLine;
  }

  /** Takes more text and gives the records that are complete with it. */
  feed(chunk: Buffer): RecordBlock {
    return this.#cut(
      this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]),
      false,
    );
  }

  /** The text is at its end: gives the last record, if it has no line break. */
  end(): RecordBlock {
    return this.#cut(this.#pending, true);
  }

  #cut(bytes: Buffer, final: boolean): RecordBlock {
    const outside = this.#outside;
    const inside = this.#inside;
    const endsCell = this.#endsCell;
    const { recordBytes } = this.#options;
    const length = bytes.length;
    const lines: number[] = [];
    const ends: number[] = [];
    const firstLine = this.#recordLine;
    let state = this.#state;
    let line = this.#line;
    let recordLine = this.#recordLine;
    let cell = this.#cell;
    let start = 0;
    let at = this.#looked;

    while (at < length && this.#fault === undefined) {
      if (state === 'in-quotes') {
        while (at < length && inside[bytes[at] ?? 0] === PLAIN) at++;
        if (at === length) break;
        const next = at + 1;
        // Whether a CR is followed by LF, or a quote by another, shows with the next chunk.
        if (next === length && !final && bytes[at] !== LF) break;
        if (bytes[at] !== QUOTE) {
          at = bytes[at] === CR && bytes[next] === LF ? at + 2 : next;
          line++;
        } else if (bytes[next] === QUOTE && next < length) {
          at += 2;
        } else if (next === length || endsCell[bytes[next] ?? 0] === 1) {
          at = next;
          state = 'after-quotes';
        } else {
          this.#fault =
            at - start > recordBytes
              ? tooLong(recordLine, this.#options)
              : textAfterQuote({ line, recordLine, cell }, this.#options.name);
        }
        continue;
      }
      if (state === 'in-cell') {
        while (at < length && endsCell[bytes[at] ?? 0] === 0) at++;
        if (at === length) break;
      }
      const kind = outside[bytes[at] ?? 0];
      if (kind === BREAK) {
        const next = at + 1;
        if (next === length && !final && bytes[at] === CR) break;
        const end = bytes[at] === CR && bytes[next] === LF ? at + 2 : next;
        if (at > start) {
          if (at - start > recordBytes) {
            this.#fault = tooLong(recordLine, this.#options);
            break;
          }
          lines.push(recordLine);
          ends.push(end);
        }
        at = end;
        start = end;
        line++;
        recordLine = line;
        cell = 1;
        state = 'cell-start';
      } else if (kind === DELIMITER) {
        at++;
        cell++;
        state = 'cell-start';
      } else if (kind === OPENING) {
        // Only at the start of a cell: within one the loop above goes past it.
        at++;
        state = 'in-quotes';
      } else {
        at++;
        state = 'in-cell';
      }
    }

    // A CR that waits for what follows is not part of the record's length.
    if (this.#fault === undefined && at - start > recordBytes) {
      this.#fault = tooLong(recordLine, this.#options);
    }
    if (final && this.#fault === undefined && length > start) {
      if (state === 'in-quotes') {
        this.#fault = unclosedQuote(recordLine, this.#options.name);
      } else {
        lines.push(recordLine);
        ends.push(length);
        start = length;
        at = length;
      }
    }

    const block = {
      bytes: bytes.subarray(0, start),
      offset: this.#offset,
      line: firstLine,
      lines,
      ends,
    };
    this.#pending = bytes.subarray(start);
    this.#looked = at - start;
    this.#offset += start;
    this.#state = state;
    this.#line = line;
    this.#recordLine = recordLine;
    this.#cell = cell;
    return block;
  }
}

/** The number of line breaks: CRLF, LF or a lone CR, each counting as one. */
export function countLineBreaks(bytes: Buffer): number {
  let count = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === LF || (bytes[at] === CR && bytes[at + 1] !== LF)) count++;
  }
  return count;
}
