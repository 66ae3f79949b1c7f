import { PoolError } from '../cognito/errors.js';
import type { CreateUserRequest, PoolUser } from '../cognito/user-pool.js';
import type { CreateStep } from '../plan/steps.js';
import type { User } from '../record/user.js';
import type { Effort } from './calls.js';
import { findExact, findListed, isOurs } from './lookup.js';
import { invitationUnknown } from './invite.js';
import { serviceNow } from './tools.js';
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
export function createUser(
  row: number,
  user: User,
  step: CreateStep,
  temporaryPassword: string | undefined,
  uncertainty: Uncertainty,
  effort: Effort,
  tools: Tools,
): Promise<Created> {
  const request: CreateUserRequest = {
    username: user.username,
    attributes: user.attributes,
    ...(temporaryPassword !== undefined && { temporaryPassword }),
    ...(step.invite && { invite: step.invite }),
  };
  const creation = new Creation(row, user, request, uncertainty, effort, tools);
  return tools.calls.retrying(effort, () => creation.attempt());
}

class Creation {
  readonly #row: number;
  readonly #user: User;
  readonly #request: CreateUserRequest;
  readonly #uncertainty: Uncertainty;
  readonly #effort: Effort;
  readonly #tools: Tools;
  /** When the create was first sent, by the service's clock. */
  #sentAt: number | undefined;
  /** Whether the ledger knows of a create of this session. */
  #isNoted = false;

  constructor(
    row: number,
    user: User,
    request: CreateUserRequest,
    uncertainty: Uncertainty,
    effort: Effort,
    tools: Tools,
  ) {
    this.#row = row;
    this.#user = user;
    this.#request = request;
    this.#uncertainty = uncertainty;
    this.#effort = effort;
    this.#tools = tools;
    this.#sentAt = uncertainty.since;
  }

  async attempt(): Promise<Created> {
    const { pool, settings, calls } = this.#tools;
    const { since } = this.#uncertainty;
    if (since !== undefined) {
      const found = await findListed(this.#user, pool, settings, calls, this.#effort);
      if (found) return isOurs(found, this.#user, since) ? this.#made(found) : { is: 'taken' };
    }
    const sentAt = await this.#noteTry();
    try {
      return { is: 'made', user: await this.#send() };
    } catch (error) {
      if (!(error instanceof PoolError)) throw error;
      return this.#judge(error, sentAt);
    }
  }

  /**
   * That a create is sent is on the disk before it is; also of a second one where the first is known
   * to have invited nobody: when its answer is lost, this one may have.
   */
  async #noteTry(): Promise<number> {
    const { since = -Infinity, notInvited } = this.#uncertainty;
    if (this.#sentAt === undefined || (notInvited && !this.#isNoted)) {
      const at = Math.max(serviceNow(this.#tools), since + 1);
      await this.#tools.ledger.willTry(this.#row, at);
      this.#sentAt ??= at;
    }
    this.#isNoted = true;
    return this.#sentAt;
  }

  #send(): Promise<PoolUser> {
    const { calls, pool, invitations } = this.#tools;
    const send = (): Promise<PoolUser> =>
      calls.once('AdminCreateUser', this.#effort, () => pool.adminCreateUser(this.#request));
    return this.#request.invite === undefined ? send() : invitations.sendOne(send);
  }

  /** Says whether there is a user all the same, or throws the error on. */
  async #judge(error: PoolError, sentAt: number): Promise<Created> {
    const uncertainty = this.#uncertainty;
    switch (error.kind) {
      case 'lost':
        uncertainty.since ??= sentAt;
        // An earlier create invited nobody; this one may have.
        if (uncertainty.notInvited) uncertainty.notInvited = invitationUnknown;
        throw error;
      case 'exists':
      case 'refused': {
        // Our own earlier call may be what this one meets: as the same username, or as its alias.
        const ours = uncertainty.since !== undefined && (await this.#findOurs(uncertainty.since));
        if (ours) return this.#made(ours);
        uncertainty.since = undefined;
        if (error.kind === 'refused') throw error;
        return { is: 'taken' };
      }
      case 'undelivered':
      case 'daily-limit': {
        // Whatever ends the look-up, the user may be there: that has to be known to the row. Where a
        // create before this one has no answer, that one may have invited them.
        const { since, notInvited } = uncertainty;
        uncertainty.notInvited ??=
          since === undefined ? { code: error.code, message: error.message } : invitationUnknown;
        uncertainty.since ??= sentAt;
        const ours = await this.#findOurs(uncertainty.since);
        if (ours) return this.#made(ours);
        // An earlier create without an answer may still arrive: resume looks once more.
        uncertainty.since = since;
        uncertainty.notInvited = notInvited;
        throw error;
      }
      default:
        throw error;
    }
  }

  /** Whom a create made that was sent at `since` or later. */
  async #findOurs(since: number): Promise<PoolUser | undefined> {
    const { pool, calls } = this.#tools;
    const found = await findExact(this.#user, pool, calls, this.#effort);
    return found && isOurs(found, this.#user, since) ? found : undefined;
  }

  #made(user: PoolUser): Created {
    return { is: 'made', user, unanswered: true, notInvited: this.#uncertainty.notInvited };
  }
}
