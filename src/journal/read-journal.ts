import { createReadStream } from 'node:fs';

import type { RowResult } from '../apply/result.js';
import { mostBytesUnflushed } from '../files/append-file.js';
import type { BeginEntry, CheckedEntry, EndEntry, Entry, FiguresEntry } from './entries.js';
import { readEntry } from './read-entry.js';
import { RowStates } from './row-states.js';
import type { RowState } from './row-states.js';
import { LineCutter } from './whole-lines.js';
import type { WholeLine } from './whole-lines.js';

/** The journal is not one, or something in its middle can't be read. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
}

/** All that a journal says, the results of rows left where they are. */
export interface JournalContents {
  readonly begin: BeginEntry;
  readonly checked: CheckedEntry | undefined;
  readonly states: RowStates;
  /** When a create was sent whose result is not known, by row. */
  readonly tried: Map<number, number>;
  readonly figures: readonly FiguresEntry[];
  /** How the last session ended; undefined where it did not end in good order. */
  readonly end: EndEntry | undefined;
  /** The last time that a line tells, in milliseconds since 1970. */
  readonly lastAt: number;
  /** Bytes up to the end of the last whole line; what follows was torn by a crash. */
  readonly length: number;
}

/** Longer than any line of ours: a record of 1 MiB as JSON may write it, or the names of all groups. */
const mostBytesOfLine = 16 * (1 << 20);

/**
 * Reads a journal up to the first line that can't be read: a crash may tear the group that was being
 * written, on whose word nothing was sent. Rejects with `JournalError` where the line was on the disk
 * already, as a later one says, or where more is lost than is ever written at once.
 */
export async function readJournal(path: string): Promise<JournalContents> {
  const reading = new Reading(path);
  const cutter = new LineCutter();
  const chunks: AsyncIterable<Buffer> = createReadStream(path, { highWaterMark: 1 << 20 });
  for await (const chunk of chunks) {
    for (const line of cutter.linesOf(chunk)) reading.line(line);
    if (cutter.restBytes > mostBytesOfLine) reading.tooLong();
  }
  return reading.contents(cutter.size);
}

class Reading {
  readonly #path: string;
  #begin: BeginEntry | undefined;
  #checked: CheckedEntry | undefined;
  #end: EndEntry | undefined;
  #lastAt = 0;
  #length = 0;
  #lines = 0;
  #unreadable: number | undefined;
  readonly #states = new RowStates();
  readonly #tried = new Map<number, number>();
  readonly #figures: FiguresEntry[] = [];

  constructor(path: string) {
    this.#path = path;
  }

  line({ text, offset, length }: WholeLine): void {
    if (this.#unreadable !== undefined) {
      const later = readEntry(text);
      if (later?.t === 'flushed' && later.to > this.#length) throw this.#damaged(this.#unreadable);
      return;
    }
    this.#lines++;
    const entry = readEntry(text);
    if (!entry || !this.#fits(entry)) {
      this.#unreadable = this.#lines;
      return;
    }
    this.#length = offset + length;
    this.#take(entry, offset);
  }

  /** Throws: the line that comes next is none of ours, and is not to be read to its end. */
  tooLong(): never {
    throw this.#damaged(this.#unreadable ?? this.#lines + 1);
  }

  contents(size: number): JournalContents {
    if (this.#unreadable !== undefined && size - this.#length > mostBytesUnflushed) {
      throw this.#damaged(this.#unreadable);
    }
    if (!this.#begin) {
      throw new JournalError(
        `${this.#path} is not the journal of a run, or nothing was begun in it`,
      );
    }
    return {
      begin: this.#begin,
      checked: this.#checked,
      states: this.#states,
      tried: this.#tried,
      figures: this.#figures,
      end: this.#end,
      lastAt: this.#lastAt,
      length: this.#length,
    };
  }

  #damaged(line: number): JournalError {
    return new JournalError(
      `${this.#path} is damaged in line ${line}: put back a copy, or start a new run`,
    );
  }

  /** Whether the rows it names are in the file; a sync and an undo name users who are in no row, too. */
  #fits(entry: Entry): boolean {
    const { rows = Infinity } = this.#checked ?? {};
    const command = this.#begin?.command;
    if (command === 'sync' || command === 'undo') return true;
    if (entry.t === 'row') return entry.row < rows;
    return entry.t !== 'try' || entry.rows.every(([row]) => row < rows);
  }

  #take(entry: Entry, offset: number): void {
    if (entry.t !== 'run' && !this.#begin) return;
    if ('at' in entry) this.#lastAt = entry.at;
    switch (entry.t) {
      case 'run':
        this.#begin ??= entry;
        break;
      case 'checked':
        this.#checked = entry;
        break;
      case 'try':
        for (const [row, at] of entry.rows) {
          this.#tried.set(row, at);
          this.#states.set(row, 'tried');
        }
        break;
      case 'row':
        this.#tried.delete(entry.row);
        this.#states.set(entry.row, stateOf(entry), offset);
        break;
      case 'figures':
        this.#figures.push(entry);
        break;
      case 'session':
        this.#end = undefined;
        break;
      case 'end':
        this.#end = entry;
        break;
      case 'flushed':
    }
  }
}

/** How a row with this result stands for the next session. */
export function stateOf(result: RowResult): RowState {
  if (result.status === 'invalid') return 'invalid';
  if (!result.final) return 'open';
  return result.status === 'failed' || result.status === 'partial' ? 'failed' : 'done';
}
