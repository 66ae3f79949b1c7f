import { join } from 'node:path';

import type { RowResult } from '../apply/result.js';
import type { TimedResult } from '../journal/journal.js';
import { CsvWriter } from './csv-writer.js';
import { Tally } from './tally.js';

/** A row of the file as the reports need it. */
export interface ReportedRow {
  readonly line: number;
  readonly username: string;
  /** The row's cells as they were, without the password and the code. */
  readonly cells: readonly string[];
}

/** What the reports are made from. */
export interface ReportInput {
  /** The run's folder. */
  readonly folder: string;
  /** The file's own header, without the password and the code column. */
  readonly header: readonly string[];
  /** All rows of the file, in its order. */
  readonly rows: AsyncIterable<readonly ReportedRow[]>;
  readonly resultOf: (row: number, reported: ReportedRow) => TimedResult | RowResult | undefined;
}

const resultColumns = [
  'line',
  'username',
  'status',
  'sub',
  'code',
  'message',
  'steps',
  'attempts',
  'finished_at',
];

/** Statuses whose rows go into rejects.csv, to be mended and imported again. */
const rejected: ReadonlySet<string> = new Set(['invalid', 'failed', 'partial', 'not-attempted']);

/** Writes results.csv and rejects.csv, each row of the file once and in order, and counts them. */
export async function writeReports(input: ReportInput): Promise<Tally> {
  const tally = new Tally();
  const results = await CsvWriter.create(join(input.folder, 'results.csv'), resultColumns);
  const rejects = await CsvWriter.create(join(input.folder, 'rejects.csv'), [
    ...input.header,
    'error_code',
    'error_message',
  ]).catch(async (error: unknown) => {
    await results.abandon();
    throw error;
  });
  try {
    let index = 0;
    for await (const rows of input.rows) {
      for (const row of rows) {
        const result = input.resultOf(index, row) ?? notAttempted(index, row);
        index++;
        tally.add(result);
        await results.write(resultCells(result));
        if (rejected.has(result.status)) {
          await rejects.write([...row.cells, result.code ?? result.status, result.message ?? '']);
        }
      }
    }
    await results.finish();
    await rejects.finish();
  } catch (error) {
    await results.abandon();
    await rejects.abandon();
    throw error;
  }
  return tally;
}

function notAttempted(row: number, { line, username }: ReportedRow): RowResult {
  return { row, line, username, status: 'not-attempted', steps: [], attempts: 0, final: false };
}

function resultCells(result: RowResult & { readonly at?: number }): string[] {
  return [
    String(result.line),
    result.username,
    result.status,
    result.sub ?? '',
    result.code ?? '',
    result.message ?? '',
    result.steps.join('+'),
    String(result.attempts),
    result.at === undefined ? '' : new Date(result.at).toISOString(),
  ];
}
