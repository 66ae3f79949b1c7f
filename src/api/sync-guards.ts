import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { PlanCounts } from '../plan/planned.js';
import { mostRemovals, removals } from '../plan/removal-cap.js';
import type { RemovalCap } from '../plan/removal-cap.js';
import type { Summary } from '../report/summary.js';
import { Refusal } from './refusal.js';
import { defaultReports } from './run-folder.js';
import type { SyncOptions } from './sync-options.js';

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
      `${name} has ${rows} rows, and --min-rows wants at least ${minRows}: check whether it is whole.`,
    );
  }
  if (minRows === 0) return;
  const before = await rowsOfLastSync(reports, pool.userPoolId);
  if (before !== undefined && rows < before / 2) {
    throw new Refusal(
      `${name} has ${rows} rows, less than half of the ${before} of last time: check whether it is whole, or give --min-rows 0.`,
    );
  }
}

/** Throws a `Refusal` where a plan disables or deletes more users than it may. */
export function refuseRemovals(counts: PlanCounts, cap: RemovalCap): void {
  const wanted = removals(counts);
  const most = mostRemovals(cap, counts);
  if (wanted <= most) return;
  const share =
    'percent' in cap ? `${cap.percent}% of ${counts.scope} users, which is ${most}` : most;
  throw new Refusal(
    `${wanted} users would be disabled or deleted, and --max-removals allows ${share}: check the file, or give --max-removals ${wanted}.`,
  );
}

/** How many rows the newest complete sync of a pool had; undefined where there was none. */
async function rowsOfLastSync(reports: string, userPoolId: string): Promise<number | undefined> {
  const runs = await readdir(reports).catch(() => []);
  let newest: Summary | undefined;
  for (const run of runs) {
    const summary = await summaryOf(join(reports, run));
    if (summary?.command !== 'sync' || summary.pool.id !== userPoolId) continue;
    // A dry run made nothing so.
    if (summary.outcome !== 'complete' || summary.forecast) continue;
    if (newest === undefined || summary.finishedAt > newest.finishedAt) newest = summary;
  }
  return newest?.file.rows;
}

async function summaryOf(folder: string): Promise<Summary | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, 'summary.json'), 'utf8')) as Summary;
  } catch {
    return undefined; // a run without a summary, or no run at all
  }
}
