import type { StopReason } from '../../apply/stop.js';
import type { Operation } from '../../cognito/quotas.js';
import type { FiguresEntry } from '../../journal/entries.js';
import { notFine } from '../../report/not-fine.js';
import { wouldWrite } from '../../report/summary.js';
import type { Tally } from '../../report/tally.js';

/** How a run ended, beside its rows. */
interface Ending {
  /** Why it ended before its end. */
  readonly reason?: StopReason | undefined;
  /** Whether something may have been written that no row tells of. */
  readonly mayHaveWritten?: boolean;
  /** Whether what a dry run would write has an exit code of its own. */
  readonly tellsDifferences?: boolean | undefined;
}

/**
 * 2 as long as nothing was written to the pool, 3 afterwards; where it ran to its end 1 with rows that
 * are not fine, and 4 in a dry run that is to tell differences.
 */
export function exitCodeOf(
  { byStatus }: Pick<Tally, 'byStatus'>,
  { reason, mayHaveWritten = false, tellsDifferences = false }: Ending = {},
): number {
  if (reason?.exitCode !== undefined) return reason.exitCode;
  const statuses = Object.keys(byStatus);
  // A session that was killed took its last figures with it; the rows tell then.
  if (reason) return mayHaveWritten || statuses.some((one) => written.has(one)) ? 3 : 2;
  if (statuses.some((one) => notFine.has(one))) return 1;
  return tellsDifferences && wouldWrite({ byStatus }) ? 4 : 0;
}

/** Statuses of rows for which something was written. */
const written: ReadonlySet<string> = new Set([
  'created',
  'updated',
  'disabled',
  'deleted',
  'verified',
  'code-sent',
  'partial',
]);

/** Operations that change the pool or message somebody. */
const writes: readonly Operation[] = [
  'AdminCreateUser',
  'AdminSetUserPassword',
  'AdminUpdateUserAttributes',
  'AdminAddUserToGroup',
  'AdminRemoveUserFromGroup',
  'AdminDeleteUser',
  'AdminEnableUser',
  'AdminDisableUser',
  'AdminRespondToAuthChallenge',
  'CreateGroup',
  'GetUserAttributeVerificationCode',
  'VerifyUserAttribute',
];

/** Whether a call that writes was accepted, or has no answer and may have been. */
export function calledToWrite(figures: readonly FiguresEntry[]): boolean {
  return figures.some(({ calls }) =>
    writes.some((name) => (calls[name]?.ok ?? 0) + (calls[name]?.retried ?? 0) > 0),
  );
}
