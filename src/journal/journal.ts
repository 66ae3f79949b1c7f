import type { Earlier, Ledger } from '../apply/ledger.js';
import type { RowResult } from '../apply/result.js';
import { AppendFile } from '../files/append-file.js';
import type { GroupEnd } from '../files/append-file.js';
import type {
  BeginEntry,
  CheckedEntry,
  EndEntry,
  Entry,
  FiguresEntry,
  RowEntry,
} from './entries.js';
import { readJournal, stateOf } from './read-journal.js';
import type { JournalContents } from './read-journal.js';
import { ResultReader } from './result-reader.js';
import { RowStates } from './row-states.js';
import type { RowState } from './row-states.js';

/** A result with the time at which the row was done with, in milliseconds since 1970. */
export type TimedResult = RowResult & { readonly at: number };

/**
 * The append-only ledger of a run. What is pending is all rows less those that are done; memory is
 * a few bytes a row, since results are read back from the file where they stand.
 */
export class Journal implements Ledger {
  readonly begin: BeginEntry;
  #checked: CheckedEntry | undefined;
  readonly #end: EndEntry | undefined;
  readonly #lastAt: number;
  readonly #file: AppendFile;
  readonly #now: () => number;
  #sealed = false;
  readonly #figures: FiguresEntry[];
  readonly #results: ResultReader;
  readonly #states: RowStates;
  readonly #tried: Map<number, number>;
  readonly #unwrittenTries: [row: number, at: number][];

  private constructor(
    contents: JournalContents,
    file: AppendFile,
    unwrittenTries: [row: number, at: number][],
    now: () => number,
  ) {
    this.begin = contents.begin;
    this.#checked = contents.checked;
    this.#end = contents.end;
    this.#lastAt = contents.lastAt;
    this.#file = file;
    this.#figures = [...contents.figures];
    this.#states = contents.states;
    this.#tried = contents.tried;
    this.#unwrittenTries = unwrittenTries;
    this.#now = now;
    this.#results = new ResultReader(file.path);
  }

  /** Starts the journal of a new run. Rejects when the file is there already. */
  static async create(path: string, begin: BeginEntry, now: () => number): Promise<Journal> {
    const tries: [number, number][] = [];
    const file = await AppendFile.open(path, 'create', groupEndOf(tries));
    file.append(JSON.stringify(begin));
    await file.flush();
    const contents: JournalContents = {
      begin,
      checked: undefined,
      states: new RowStates(),
      tried: new Map(),
      figures: [],
      end: undefined,
      lastAt: begin.at,
      length: 0,
    };
    return new Journal(contents, file, tries, now);
  }

  /** Goes on with the journal of an earlier session; a line that a crash tore is cut off. */
  static async resume(path: string, now: () => number): Promise<Journal> {
    const contents = await readJournal(path);
    const tries: [number, number][] = [];
    const file = await AppendFile.open(path, { length: contents.length }, groupEndOf(tries));
    return new Journal(contents, file, tries, now);
  }

  willTry(row: number, at: number): Promise<void> {
    this.#unwrittenTries.push([row, at]);
    this.#tried.set(row, at);
    this.#states.set(row, 'tried');
    return this.#file.flush();
  }

  /**
   * Takes no more results, so that what is read back stands still. A call that comes back later is
   * one whose outcome is not known, which `resume` looks up.
   */
  async seal(): Promise<void> {
    this.#sealed = true;
    await this.#file.flush();
  }

  done(result: RowResult): void {
    if (this.#sealed) return;
    const offset = this.#file.append(rowLine(result, this.#now()));
    this.#tried.delete(result.row);
    this.#states.set(result.row, stateOf(result), offset);
  }

  /** What the check of the whole file found; undefined while it was not checked to its end. */
  get whole(): CheckedEntry | undefined {
    return this.#checked;
  }

  /** How the last session ended; undefined where it did not, or did without a word. */
  get end(): EndEntry | undefined {
    return this.#end;
  }

  /** When the last line with a time was written, in milliseconds since 1970. */
  get lastAt(): number {
    return this.#lastAt;
  }

  /** Says that the whole file was read. */
  checked(entry: CheckedEntry): void {
    this.#checked = entry;
    this.note(entry);
  }

  /** What was called, in this session and the ones before. */
  get figures(): readonly FiguresEntry[] {
    return this.#figures;
  }

  /** Adds any other line. */
  note(entry: Exclude<Entry, RowEntry>): void {
    if (entry.t === 'figures') this.#figures.push(entry);
    this.#file.append(JSON.stringify(entry));
  }

  /** One more than the last row that anything is known about. */
  get rows(): number {
    return this.#states.rows;
  }

  /** How the row stands. */
  stateOf(row: number): RowState {
    return this.#states.stateOf(row);
  }

  flush(): Promise<void> {
    return this.#file.flush();
  }

  close(): Promise<void> {
    this.#results.close();
    return this.#file.close();
  }

  /** What is known of a row; undefined where nothing is. */
  earlier(row: number): Earlier | undefined {
    const state = this.#states.stateOf(row);
    if (state === 'untouched') return undefined;
    const result = this.resultOf(row);
    const triedAt = state === 'tried' ? this.#tried.get(row) : result?.unknownSince;
    return { ...(triedAt !== undefined && { triedAt }), ...(result && { result }) };
  }

  /** The row's last result, read back from the file. */
  resultOf(row: number): TimedResult | undefined {
    const offset = this.#states.offsetOf(row);
    return offset === undefined ? undefined : this.#results.read(offset);
  }
}

function rowLine(result: RowResult, at: number): string {
  const entry: RowEntry = { t: 'row', ...result, at };
  return JSON.stringify(entry);
}

/** Ends each group with the tries that wait, and with what of the journal is on the disk by then. */
function groupEndOf(tries: [number, number][]): GroupEnd {
  return (flushed, isEmpty) => {
    if (isEmpty && tries.length === 0) return undefined;
    const mark: Entry = { t: 'flushed', to: flushed };
    if (tries.length === 0) return JSON.stringify(mark);
    const entry: Entry = { t: 'try', rows: tries.splice(0) };
    return `${JSON.stringify(entry)}\n${JSON.stringify(mark)}`;
  };
}
