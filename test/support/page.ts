import type { RowResult } from '../../src/apply/result.js';
import type { FiguresEntry } from '../../src/journal/entries.js';
import { PageRows } from '../../src/report/page/page-rows.js';
import { writePage } from '../../src/report/page/write-page.js';
import type { Summary } from '../../src/report/summary.js';

/** The summary of an import of so many rows, with whatever else is wanted. */
export function summaryWith(more: Partial<Summary> = {}): Summary {
  return {
    run: 'r',
    command: 'import',
    file: { name: 'users.csv', sha256: 'abc', rows: 340 },
    pool: { id: 'eu-west-1_Test', region: 'eu-west-1' },
    startedAt: '2026-01-01T10:00:00.000Z',
    finishedAt: '2026-01-01T10:00:12.000Z',
    durationSeconds: 12,
    outcome: 'complete',
    reason: null,
    rows: { total: 340, byStatus: { created: 326, invalid: 10, failed: 4 } },
    byCode: {},
    calls: {},
    rates: {},
    exitCode: 1,
    ...more,
  };
}

/** A row's result, one that is fine unless more is said. */
export function resultWith(row: number, more: Partial<RowResult> = {}): RowResult & { at: number } {
  return {
    row,
    line: row + 2,
    username: `user-${row}`,
    status: 'created',
    steps: ['create', 'groups'],
    attempts: 1,
    final: true,
    at: Date.UTC(2026, 0, 1, 10) + row * 25,
    ...more,
  };
}

/** Writes a page of these rows, as a run does. */
export async function writePageOf(
  folder: string,
  results: Iterable<RowResult>,
  {
    mask = false,
    most,
    summary = summaryWith(),
    figures = [],
    resumable,
  }: {
    readonly mask?: boolean;
    readonly most?: number;
    readonly summary?: Summary;
    readonly figures?: readonly FiguresEntry[];
    readonly resumable?: boolean | undefined;
  } = {},
): Promise<void> {
  const rows = await PageRows.create(folder, { mask, ...(most !== undefined && { most }) });
  for (const result of results) {
    rows.add(result);
    await rows.drain();
  }
  await rows.finish();
  await writePage(folder, summary, figures, rows, resumable);
}
