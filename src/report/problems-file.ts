import { join } from 'node:path';

import { guardedCsvLine } from '../record/csv-line.js';
import type { Problem } from '../record/problem.js';
import { WholeFile } from '../files/whole-file.js';

const columns = ['line', 'column', 'severity', 'code', 'message', 'proposal'];

/**
 * Begins `problems.csv` of a validation: one line for each problem, warnings and the second error of a
 * row included, which results.csv has no room for. Its proposals may be personal data.
 */
export async function createProblemsFile(folder: string): Promise<WholeFile> {
  const file = await WholeFile.create(join(folder, 'problems.csv'));
  file.add(guardedCsvLine(columns));
  return file;
}

/** A problem's line in it. */
export function problemLine(problem: Problem): string {
  const { line, column, severity, code, message, proposal } = problem;
  return guardedCsvLine([String(line), column ?? '', severity, code, message, proposal ?? '']);
}
