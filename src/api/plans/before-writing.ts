import type { PlanCounts } from '../../plan/planned.js';
import { writesNothing } from '../../plan/planned.js';
import { defaultRemovalCap, mostRemovals, removals } from '../../plan/removal-cap.js';
import type { OverCap, RemovalCap } from '../../plan/removal-cap.js';
import { counted } from '../../record/counted.js';
import type { SyncOptions } from '../options.js';
import { Refusal } from '../refusal.js';
import type { Remembered } from '../run/remembered.js';
import type { Session } from '../run/session.js';

/** Throws a `Refusal` where a plan disables or deletes more users than it may. */
export function refuseRemovals(counts: PlanCounts, cap: RemovalCap): void {
  const over = overCap(counts, cap);
  if (!over) return;
  const { removals: wanted, allowed } = over;
  const share =
    'percent' in cap ? `${cap.percent}% of ${counts.scope} users, which is ${allowed}` : allowed;
  throw new Refusal(
    `${counted(wanted, 'user')} would be disabled or deleted, and --max-removals allows ${share}: check the file, or give --max-removals ${wanted}.`,
  );
}

/** A dry run is there to look at what a cap would keep from being done, and only tells it. */
export function tellCap(
  command: string,
  counts: PlanCounts,
  cap: RemovalCap,
  session: Session,
): OverCap | undefined {
  const over = overCap(counts, cap);
  if (over) {
    session.notice(
      `The ${command} itself would be refused: it would disable or delete ${counted(over.removals, 'user')}, and --max-removals allows ${over.allowed}.`,
    );
  }
  return over;
}

function overCap(counts: PlanCounts, cap: RemovalCap): OverCap | undefined {
  const over = { removals: removals(counts), allowed: mostRemovals(cap, counts) };
  return over.removals > over.allowed ? over : undefined;
}

/** The cap of a plan that was saved: what is given now, else what it was made with. */
export function capOf(given: RemovalCap | undefined, { sync }: Remembered): RemovalCap {
  return given ?? sync?.maxRemovals ?? defaultRemovalCap;
}

/** Asks before anything is written. Throws a `Refusal` where the answer is no. */
export async function confirmPlan(
  counts: PlanCounts,
  confirm: SyncOptions['confirm'],
): Promise<void> {
  if (!confirm || writesNothing(counts) || (await confirm(counts))) return;
  throw new Refusal('Nothing was written: the answer was no.');
}
