import { PoolError } from '../cognito/errors.js';
import type { Step } from '../plan/steps.js';
import type { Effort } from './calls.js';
import { serviceNow } from './tools.js';
import type { Tools } from './tools.js';

/** What stands for an invitation whose answer was lost; another one would be one too many. */
export const invitationUnknown = {
  code: 'invitation-unknown',
  message: 'no answer came, so the invitation may have gone out, and it is not sent twice',
} as const;

/**
 * Invites a user who is there already, at most once: a second RESEND is a second message, and ends the
 * first one's password. Resolves with false where the answer was lost, so that nobody knows. Without
 * `password` the service makes a temporary one. Rejects with the `PoolError` of a refusal.
 */
export async function inviteOnce(
  row: number,
  { medium }: Extract<Step, { name: 'invite' }>,
  key: string,
  password: string | undefined,
  effort: Effort,
  tools: Pick<Tools, 'calls' | 'pool' | 'clock' | 'ledger' | 'invitations'>,
): Promise<boolean> {
  const { calls, pool, ledger, invitations } = tools;
  const request = {
    username: key,
    attributes: [],
    invite: medium,
    resend: true,
    ...(password !== undefined && { temporaryPassword: password }),
  } as const;
  const send = async (): Promise<void> => {
    await ledger.willTry(row, serviceNow(tools));
    await calls.once('AdminCreateUser', effort, () => pool.adminCreateUser(request));
  };
  return calls.retrying(effort, async () => {
    try {
      await invitations.sendOne(send);
      return true;
    } catch (error) {
      if (!(error instanceof PoolError) || error.kind !== 'lost') throw error;
      return false;
    }
  });
}
