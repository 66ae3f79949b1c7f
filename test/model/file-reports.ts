import { parse } from 'csv-parse/sync';
import { expect } from 'vitest';

import type { Summary } from '../../src/report/summary.js';
import { secretStart } from './file-case.js';
import type { MeantFile } from './file-case.js';
import type { MemoryDisk } from './memory-disk.js';
import { runFolder } from './run-life.js';

/** What results.csv says of a row, as it stands there. */
export interface Told {
  readonly line: string;
  readonly username: string;
  readonly status: string;
  readonly sub: string;
  readonly code: string;
  readonly message: string;
  readonly steps: string;
}

export const reportNames = ['rejects.csv', 'report.html', 'results.csv', 'summary.json'] as const;
type ReportName = (typeof reportNames)[number];

const notFine = ['invalid', 'failed', 'partial', 'not-attempted'];

/** The reports that are in a run's folder, held against its file and against each other. */
export class FileReports {
  readonly #disk: MemoryDisk;
  readonly #file: MeantFile;

  constructor(disk: MemoryDisk, file: MeantFile) {
    this.#disk = disk;
    this.#file = file;
  }

  /** What is in the folder. */
  get names(): readonly string[] {
    return this.#disk.paths.map((path) => path.replace(`${runFolder}/`, ''));
  }

  get texts(): readonly string[] {
    return reportNames.map((name) => this.#text(name));
  }

  get lines(): readonly Told[] {
    return parse(this.#text('results.csv'), { columns: true });
  }

  get #summary(): Summary {
    return JSON.parse(this.#text('summary.json')) as Summary;
  }

  /** Whatever became of the process: what is there by its name is whole, and without a secret. */
  holdWhole(): void {
    const { rows } = this.#file;
    for (const name of reportNames) {
      const text = this.#text(name);
      expect(text, name).not.toContain(secretStart);
      if (!this.#disk.has(`${runFolder}/${name}`)) continue;
      if (name === 'results.csv') {
        const lines = this.lines.map(({ line }) => line);
        expect(lines, 'each row once, in order').toEqual(rows.map(({ line }) => String(line)));
      } else if (name === 'rejects.csv') this.#rejected();
      else if (name === 'summary.json') expect(this.#summary.rows.total).toBe(rows.length);
      else expect(text.trimEnd(), name).toMatch(/<\/html>$/);
    }
  }

  /** Those of one process agree with each other. */
  holdTogether(sha256: string): void {
    const { lines, file } = { lines: this.lines, file: this.#file };
    const summary = this.#summary;
    expect(summary.rows.byStatus).toEqual(countsOf(lines.map(({ status }) => status)));
    expect(summary.byCode).toEqual(countsOf(lines.flatMap(({ code }) => code || [])));
    expect(summary.file).toEqual({ name: 'model.csv', sha256, rows: file.rows.length });
    const isFine = !lines.some(({ status }) => notFine.includes(status));
    const isComplete = summary.outcome === 'complete';
    expect(summary.reason === null, 'a reason where it did not run to its end').toBe(isComplete);
    if (isComplete) {
      expect(summary.exitCode).toBe(isFine ? 0 : 1);
      expect(summary.rows.byStatus['not-attempted']).toBeUndefined();
    } else
      expect(summary.outcome === 'interrupted' ? [3, 143] : [2, 3]).toContain(summary.exitCode);
    this.#holdRejects(lines);
  }

  /**
   * What a process told stays so until another one goes on with the run: `report` writes the same.
   *
   * @param earlier what was in the folder before that process.
   */
  holdSame(told: readonly string[], earlier: readonly string[]): void {
    reportNames.forEach((name, at) => {
      const text = told[at] ?? '';
      if (text !== '' && text !== earlier[at]) expect(this.#text(name), name).toBe(text);
    });
  }

  /** Each row that is not fine stands in rejects.csv with its own cells, but for the password. */
  #holdRejects(lines: readonly Told[]): void {
    const { header, rows } = this.#file;
    const secret = header.indexOf('password');
    const wanted = rows.flatMap(({ cells }, row) => {
      const { status, code, message } = lines[row] ?? {};
      if (status === undefined || !notFine.includes(status)) return [];
      // In which cell of such a row the password is, nobody can say; its width stays wrong.
      if (cells.length !== header.length && secret >= 0) return [undefined];
      const shown = cells.filter((_, index) => index !== secret || index >= header.length);
      return [[...shown.map(guarded), code === '' ? status : code, message]];
    });
    const shown = [...header.filter((name) => name !== 'password'), 'error_code', 'error_message'];
    const [first, ...rejected] = this.#rejected();
    expect(first).toEqual(shown);
    expect(rejected.length).toBe(wanted.length);
    rejected.forEach((cells, at) => {
      if (wanted[at]) expect(cells).toEqual(wanted[at]);
      else expect(cells.length).not.toBe(shown.length);
    });
  }

  #rejected(): string[][] {
    return parse(this.#text('rejects.csv'), { relax_column_count: true });
  }

  #text(name: ReportName): string {
    return this.#disk.text(`${runFolder}/${name}`);
  }
}

/** As a spreadsheet does not run it. */
const guarded = (cell: string): string => (/^'*[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell);

function countsOf(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
