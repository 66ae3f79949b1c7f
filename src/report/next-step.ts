import type { Status } from '../apply/result.js';
import type { Summary } from './summary.js';

/**
 * What to do after a run, in one line with its command, or undefined where nothing is left to do.
 *
 * @param folder of the run, as it may be shown.
 * @param resumable whether `resume` can go on with it.
 */
export function nextStep(summary: Summary, folder: string, resumable: boolean): string | undefined {
  if (summary.dryRun) return nextOfDryRun(summary);
  if (!resumable) return undefined;
  if (summary.outcome !== 'complete') return `To go on: cognito-bulk resume ${folder}`;
  if (hasAny(summary, 'failed', 'partial')) {
    return `To try failed rows again: cognito-bulk resume ${folder} --retry-failed`;
  }
  const canBeUndone = summary.command !== 'undo' && hasAny(summary, 'created', 'disabled');
  return canBeUndone ? `To take it back: cognito-bulk undo ${folder} --dry-run` : undefined;
}

function nextOfDryRun({ command, rows }: Summary): string | undefined {
  if (!Object.keys(rows.byStatus).some((status) => status.startsWith('would-'))) return undefined;
  return command === 'undo'
    ? 'To do it: the same command without --dry-run'
    : 'To do it: the same command without --dry-run, or cognito-bulk apply with the plan that --save-plan writes';
}

function hasAny({ rows }: Summary, ...statuses: readonly Status[]): boolean {
  return statuses.some((status) => (rows.byStatus[status] ?? 0) > 0);
}
