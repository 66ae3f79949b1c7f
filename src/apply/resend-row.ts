import { PoolError } from '../cognito/errors.js';
import type { Action } from '../plan/import-plan.js';
import type { Effort } from './calls.js';
import type { Earlier } from './ledger.js';
import { findUser } from './lookup.js';
import { invitationUnknown, inviteOnce } from './invite.js';
import { StepRefused } from './result.js';
import type { RowResult } from './result.js';
import { rowEnd } from './row-end.js';
import type { Tools } from './tools.js';

/** The status of a user who has an invitation and has not used it. */
const waiting = 'FORCE_CHANGE_PASSWORD';

type Outcome = Pick<RowResult, 'status' | 'sub' | 'code' | 'message' | 'steps'>;

/**
 * Invites a row's user again, where they are there and still wait with their first password. Makes
 * nobody. An invitation whose answer was lost is never sent again. Rejects only when the run itself
 * can't go on.
 */
export async function resendRow(
  { row, user, steps }: Action,
  earlier: Earlier | undefined,
  effort: Effort,
  tools: Tools,
): Promise<RowResult> {
  const base = { row, line: user.line, username: user.username };
  const attempts = (): number => Math.max(effort.attempts, earlier?.result?.attempts ?? 0);
  try {
    const outcome = await resend(row, user, steps, earlier, effort, tools);
    return { ...base, ...outcome, attempts: attempts(), final: true };
  } catch (error) {
    return { ...base, ...rowEnd(error, effort, tools.stop), steps: [], attempts: attempts() };
  }
}

async function resend(
  row: number,
  user: Action['user'],
  steps: Action['steps'],
  earlier: Earlier | undefined,
  effort: Effort,
  tools: Tools,
): Promise<Outcome> {
  const isUnknown = earlier?.result?.code === invitationUnknown.code;
  if (earlier?.triedAt !== undefined || isUnknown) throw refusedAsUnknown();
  const found = await findUser(user, tools, effort);
  if (!found) {
    throw new StepRefused('UserNotFoundException', 'the pool has no user of this name');
  }
  const { sub, username, status } = found;
  if (status !== waiting) return notWaiting(sub, `is ${status}`);
  try {
    for (const step of steps) {
      if (step.name !== 'invite') continue;
      const isKnown = await inviteOnce(row, step, username, undefined, effort, tools);
      if (!isKnown) throw refusedAsUnknown();
    }
  } catch (error) {
    const isState = error instanceof PoolError && error.code === 'UnsupportedUserStateException';
    // They signed in between the look and the invitation.
    if (isState) return notWaiting(sub, 'has moved on meanwhile');
    throw error;
  }
  return { status: 'updated', steps: ['invite'], ...(sub !== undefined && { sub }) };
}

function notWaiting(sub: string | undefined, how: string): Outcome {
  return {
    status: 'unchanged',
    ...(sub !== undefined && { sub }),
    code: 'not-waiting',
    message: `the user ${how} and does not wait in ${waiting}, so no invitation was sent`,
    steps: [],
  };
}

function refusedAsUnknown(): StepRefused {
  return new StepRefused(invitationUnknown.code, invitationUnknown.message);
}
