import { join } from 'node:path';

import type { Problem } from '../record/problem.js';
import { CsvWriter } from './csv-writer.js';

const columns = ['line', 'column', 'severity', 'code', 'message', 'proposal'];

/**
 * `problems.csv` of a validation: one line for each problem, warnings and the second error of a row
 * included, which results.csv has no room for. Its proposals may be personal data.
 */
export class ProblemsFile {
  readonly #file: CsvWriter;

  private constructor(file: CsvWriter) {
    this.#file = file;
  }

  static async create(folder: string): Promise<ProblemsFile> {
    return new ProblemsFile(await CsvWriter.create(join(folder, 'problems.csv'), columns));
  }

  add({ line, column, severity, code, message, proposal }: Problem): void {
    this.#file.add([String(line), column ?? '', severity, code, message, proposal ?? '']);
  }

  drain(): Promise<void> {
    return this.#file.drain();
  }

  finish(): Promise<void> {
    return this.#file.finish();
  }

  abandon(): Promise<void> {
    return this.#file.abandon();
  }
}
