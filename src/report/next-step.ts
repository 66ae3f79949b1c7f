import type { Status } from '../apply/result.js';
import { wouldWrite } from './summary.js';
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

function nextOfDryRun({ command, rows, savedPlan, overCap }: Summary): string | undefined {
  if (!wouldWrite(rows)) return undefined;
  const how =
    savedPlan === undefined
      ? 'the same command without --dry-run'
      : `cognito-bulk apply ${argumentText(savedPlan)}`;
  if (overCap) {
    return `Look at who would be disabled or deleted first. If that is right: ${how}, with --max-removals ${overCap.removals}`;
  }
  const canBePlanned = savedPlan === undefined && command !== 'undo';
  return `To do it: ${how}${canBePlanned ? ', or cognito-bulk apply with the plan that --save-plan writes' : ''}`;
}

/** As a shell takes it. */
function argumentText(path: string): string {
  return /^[\w./:@%+,-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

function hasAny({ rows }: Summary, ...statuses: readonly Status[]): boolean {
  return statuses.some((status) => (rows.byStatus[status] ?? 0) > 0);
}
