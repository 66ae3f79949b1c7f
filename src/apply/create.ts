import { PoolError } from '../cognito/errors.js';
import type { CreateUserRequest, PoolUser } from '../cognito/user-pool.js';
import type { CreateStep } from '../plan/steps.js';
import type { User } from '../record/user.js';
import type { Effort } from './calls.js';
import { findExact, findListed, isOurs } from './lookup.js';
import { invitationUnknown } from './perform.js';
import type { Tools } from './tools.js';

/** Whether a create was sent whose answer is not known; kept by the row, which outlives the call. */
export interface Uncertainty {
  /** When it was first sent, in milliseconds since 1970 by the service's clock. */
  since: number | undefined;
  /** Why nobody was invited, where that is known of the create that was sent. */
  notInvited?: NotInvited | undefined;
}

/** The user may be there, the invitation is not; or, by `invitationUnknown`, nobody knows. */
export interface NotInvited {
  readonly code: string;
  readonly message: string;
}

/** How a create ended. */
export type Created =
  | {
      readonly is: 'made';
      readonly user: PoolUser;
      /** They were found afterwards, and no answer says what else the call did. */
      readonly unanswered?: true;
      /** Why the user has no invitation, or may have none. */
      readonly notInvited?: NotInvited | undefined;
    }
  | { readonly is: 'taken' };

/**
 * Makes a row's user exactly once. AdminCreateUser has no idempotency token, so after a lost answer
 * (in this process or in one that died) the user is looked up before the call is sent again, and one
 * that our own call made counts as made. Rejects with the `PoolError` of a refusal, or of the last
 * lost answer when tries run out; `uncertainty` then says so.
 */
export async function createUser(
  row: number,
  user: User,
  step: CreateStep,
  temporaryPassword: string | undefined,
  uncertainty: Uncertainty,
  effort: Effort,
  tools: Tools,
): Promise<Created> {
  const { calls, pool, settings, ledger, clock } = tools;
  const request: CreateUserRequest = {
    username: user.username,
    attributes: user.attributes,
    ...(temporaryPassword !== undefined && { temporaryPassword }),
    ...(step.invite && { invite: step.invite }),
  };
  let sentAt = uncertainty.since;

  const made = (found: PoolUser): Created => ({
    is: 'made',
    user: found,
    unanswered: true,
    notInvited: uncertainty.notInvited,
  });
  const judge = (found: PoolUser, since: number): Created =>
    isOurs(found, user, since) ? made(found) : { is: 'taken' };

  const attempt = async (): Promise<Created> => {
    if (uncertainty.since !== undefined) {
      const found = await findListed(user, pool, settings, calls, effort);
      if (found) return judge(found, uncertainty.since);
    }
    if (sentAt === undefined) {
      sentAt = clock.wall() + pool.clockOffsetMs;
      await ledger.willTry(row, sentAt);
    }
    try {
      return { is: 'made', user: await send() };
    } catch (error) {
      if (!(error instanceof PoolError)) throw error;
      switch (error.kind) {
        case 'lost':
          uncertainty.since ??= sentAt;
          // An earlier create invited nobody; this one may have.
          if (uncertainty.notInvited) uncertainty.notInvited = invitationUnknown;
          throw error;
        case 'exists':
        case 'refused': {
          // Our own earlier call may be what this one meets: as the same username, or as its alias.
          if (uncertainty.since !== undefined) {
            const found = await findExact(user, pool, calls, effort);
            if (found && isOurs(found, user, uncertainty.since)) return made(found);
            uncertainty.since = undefined;
          }
          if (error.kind === 'refused') throw error;
          return { is: 'taken' };
        }
        case 'undelivered':
        case 'daily-limit': {
          // Whatever ends the look-up, the user may be there: that has to be known to the row. Where a
          // create before this one has no answer, that one may have invited them.
          uncertainty.notInvited ??=
            uncertainty.since === undefined
              ? { code: error.code, message: error.message }
              : invitationUnknown;
          uncertainty.since ??= sentAt;
          const found = await findExact(user, pool, calls, effort);
          if (found && isOurs(found, user, uncertainty.since)) return made(found);
          uncertainty.since = uncertainty.notInvited = undefined;
          throw error;
        }
        default:
          throw error;
      }
    }
  };

  const send = async (): Promise<PoolUser> => {
    if (step.invite === undefined)
      return calls.once('AdminCreateUser', effort, () => pool.adminCreateUser(request));
    await tools.invitations.take();
    let messaged = false;
    try {
      const made = await calls.once('AdminCreateUser', effort, () => pool.adminCreateUser(request));
      messaged = true;
      return made;
    } catch (error) {
      messaged = error instanceof PoolError && error.kind === 'lost';
      throw error;
    } finally {
      tools.invitations.settle(messaged);
    }
  };

  return calls.retrying(effort, attempt);
}
