import { WholeFile } from '../../files/whole-file.js';
import type { Header } from '../../record/header.js';
import { mendRow } from '../../record/mend.js';
import type { Change } from '../../record/mend.js';
import type { Problem } from '../../record/problem.js';
import { csvLine } from '../../record/csv-line.js';
import type { Dialect, Row, Source } from '../../source/index.js';
import { onNewFile } from '../run/new-file.js';

/** What `--fix` changed: never what was in a cell. */
export interface Changes {
  readonly file: string;
  /** Cells by the code of the rule. */
  readonly byCode: Readonly<Record<string, number>>;
  /** The first of them, in file order. */
  readonly first: readonly Change[];
}

const mostShown = 20;

/**
 * The user's file with the safe proposals applied: the same columns, passwords included, and the
 * same rows in the same order, in the same form of CSV, but always UTF-8 and without blank lines.
 * A row with a wrong number of cells stays as it was.
 *
 * Unlike our reports it has no formula guard: it is the user's own data on its way into the pool,
 * and an apostrophe before each phone number would make every one of them wrong.
 */
export class FixedFile {
  readonly #file: WholeFile;
  readonly #header: Header;
  readonly #dialect: Dialect;
  readonly #byCode = new Map<string, number>();
  readonly #first: Change[] = [];

  private constructor(file: WholeFile, source: Source, header: Header) {
    this.#file = file;
    this.#header = header;
    this.#dialect = source.dialect;
    const { encoding, byteOrderMark, separatorLine, delimiter } = source.dialect;
    // Who had a mark, or another encoding, may open it in Excel, which needs the mark.
    if (byteOrderMark || encoding !== 'utf-8') file.add('\ufeff');
    if (separatorLine) file.add(`sep=${delimiter}\n`);
    file.add(this.#lineOf(source.header.cells));
  }

  /** Throws a `Refusal` where something is there by that name. */
  static async create(path: string, source: Source, header: Header): Promise<FixedFile> {
    const file = await onNewFile(path, '--fix', () => WholeFile.createNew(path));
    return new FixedFile(file, source, header);
  }

  get changes(): Changes {
    return {
      file: this.#file.path,
      byCode: Object.fromEntries([...this.#byCode].sort(([, a], [, b]) => b - a)),
      first: this.#first,
    };
  }

  /** Takes the file's next row, with what `readRow` found in it. */
  add(row: Row, problems: readonly Problem[]): void {
    const { cells, changes } = mendRow(row, this.#header, problems);
    if (!this.#canHold(cells)) {
      this.#file.add(this.#lineOf(row.cells));
      return;
    }
    this.#file.add(this.#lineOf(cells));
    for (const change of changes) {
      this.#byCode.set(change.code, (this.#byCode.get(change.code) ?? 0) + 1);
      if (this.#first.length < mostShown) this.#first.push(change);
    }
  }

  drain(): Promise<void> {
    return this.#file.drain();
  }

  /** Throws a `Refusal` where something came to be there by its name. */
  finish(): Promise<void> {
    return onNewFile(this.#file.path, '--fix', () => this.#file.finish());
  }

  abandon(): Promise<void> {
    return this.#file.abandon();
  }

  /** A backslash before the delimiter would join two cells in the form of AWS's own import. */
  #canHold(cells: readonly string[]): boolean {
    if (this.#dialect.form === 'csv') return true;
    return cells.slice(0, -1).every((cell) => !cell.endsWith('\\'));
  }

  #lineOf(cells: readonly string[]): string {
    if (this.#dialect.form === 'csv') return csvLine(cells, this.#dialect.delimiter);
    return `${cells.map((cell) => cell.replaceAll(',', '\\,')).join(',')}\n`;
  }
}
