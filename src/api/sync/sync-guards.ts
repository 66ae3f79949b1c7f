import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { anyText, count, object, oneOf, ShapeError } from '../../cognito/json-shape.js';
import { readSmallFile } from '../../source/small-file.js';
import { counted } from '../../record/counted.js';
import { Refusal } from '../refusal.js';
import { defaultReports } from '../run/run-folder.js';
import type { SyncOptions } from '../options.js';

/** Throws a `Refusal` where users would be removed and nobody said which of them the file owns. */
export function refuseWithoutScope({ missing = 'ignore', scope }: SyncOptions): void {
  if (missing === 'ignore' || scope) return;
  throw new Refusal(
    `--missing ${missing} needs --scope, which says whom the file owns: group:NAME, attribute:NAME=VALUE or all.`,
  );
}

/** Throws a `Refusal` for a file that is empty, cut off, or shorter than it should be. */
export async function refuseShortFile(
  name: string,
  rows: number,
  options: SyncOptions,
): Promise<void> {
  const { missing = 'ignore', minRows, reports = defaultReports, pool } = options;
  if (rows === 0 && missing !== 'ignore') {
    throw new Refusal(
      `${name} has no rows, and --missing ${missing} would take that for a pool without users: check the file.`,
    );
  }
  if (minRows !== undefined && rows < minRows) {
    throw new Refusal(
      `${name} has ${counted(rows, 'row')}, and --min-rows wants at least ${minRows}: check whether it is whole.`,
    );
  }
  if (minRows === 0) return;
  const before = await rowsOfLastSync(reports, pool.userPoolId);
  if (before !== undefined && rows < before / 2) {
    throw new Refusal(
      `${name} has ${counted(rows, 'row')}, less than half of the ${before} of last time: check whether it is whole, or give --min-rows 0.`,
    );
  }
}

/** What of the summary of a complete sync that wrote is asked about. */
interface PastSync {
  readonly pool: { readonly id: string };
  readonly file: { readonly rows: number };
  readonly finishedAt: string;
}

const pastSync = object({
  'command!': oneOf('sync'),
  'outcome!': oneOf('complete'),
  'pool!': object({ 'id!': anyText }),
  'file!': object({ 'rows!': count }),
  'finishedAt!': anyText,
});

/** How many rows the newest complete sync of a pool had; undefined where there was none. */
async function rowsOfLastSync(reports: string, userPoolId: string): Promise<number | undefined> {
  const runs = await readdir(reports).catch(() => []);
  let newest: PastSync | undefined;
  for (const run of runs) {
    const past = await pastSyncIn(join(reports, run));
    if (past?.pool.id !== userPoolId) continue;
    if (newest === undefined || past.finishedAt > newest.finishedAt) newest = past;
  }
  return newest?.file.rows;
}

/** Larger than any of ours. */
const mostBytesOfSummary = 16 * 1_024 * 1_024;

async function pastSyncIn(folder: string): Promise<PastSync | undefined> {
  const path = join(folder, 'summary.json');
  try {
    if (!(await stat(path)).isFile()) return undefined;
    const bytes = await readSmallFile(path, mostBytesOfSummary);
    const summary: unknown = JSON.parse(bytes.toString());
    const past = pastSync(summary, '') as PastSync;
    // A dry run made nothing so.
    return Object.hasOwn(summary as object, 'dryRun') ? undefined : past;
  } catch (error) {
    const isRubbish = error instanceof SyntaxError || error instanceof ShapeError;
    // A run without a summary, or no run at all.
    if (isRubbish || (error instanceof Error && 'code' in error)) return undefined;
    throw error;
  }
}
