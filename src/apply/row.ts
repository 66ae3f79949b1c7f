import { kindOf, PoolError } from '../cognito/errors.js';
import { attributesFingerprint } from '../plan/fingerprint.js';
import type { Action } from '../plan/import-plan.js';
import type { CreateStep, StepName } from '../plan/steps.js';
import type { Problem } from '../plan/update-plan.js';
import type { Effort } from './calls.js';
import { answerChallenge } from './challenge.js';
import { createUser } from './create.js';
import type { NotInvited, Uncertainty } from './create.js';
import { lookUpExisting } from './existing-user.js';
import { invitationUnknown, inviteOnce } from './invite.js';
import type { Earlier } from './ledger.js';
import { isLater, performStep } from './perform.js';
import type { LaterStep } from './perform.js';
import { rowEnd } from './row-end.js';
import type { RowResult, Status } from './result.js';
import type { Tools } from './tools.js';

/**
 * Carries one row's action out, from where an earlier session left it, and says what became of it.
 * Rejects only when the run itself can't go on (the ledger can't be written).
 */
export async function applyRow(
  action: Action,
  earlier: Earlier | undefined,
  effort: Effort,
  tools: Tools,
): Promise<RowResult> {
  const row = new RowInProgress(action, earlier, effort, tools);
  try {
    await row.run();
  } catch (error) {
    row.fail(error);
  }
  return row.result();
}

class RowInProgress {
  readonly #action: Action;
  readonly #earlier: Earlier | undefined;
  readonly #effort: Effort;
  readonly #tools: Tools;
  readonly #done: StepName[];
  readonly #uncertainty: Uncertainty;
  /** What the pool knows the user by. */
  #key: string;
  #sub: string | undefined;
  /** What the user looked like when they were made. */
  #made: string | undefined;
  #status: Status = 'not-attempted';
  #problem: Problem | undefined;
  #final = true;
  /** The temporary password of a create that is followed by a challenge; known to this process alone. */
  #throwaway: string | undefined;
  #isInvitationUnknown: boolean;
  /** Whether something of a user who was there before was changed, also less than a whole step. */
  #isChanged: boolean;
  /** Whether a call was sent that changes such a user. */
  #isChanging = false;
  /** What is worth knowing of a row that went well. */
  #note: string | undefined;

  constructor(action: Action, earlier: Earlier | undefined, effort: Effort, tools: Tools) {
    this.#action = action;
    this.#earlier = earlier;
    this.#effort = effort;
    this.#tools = tools;
    this.#done = [...(earlier?.result?.steps ?? [])];
    this.#sub = earlier?.result?.sub;
    this.#made = earlier?.result?.made;
    this.#isInvitationUnknown = earlier?.result?.invitation === 'unknown';
    this.#isChanged = earlier?.result?.status === 'partial';
    // The create is what was sent first; what was tried later was an invitation.
    const since = earlier?.result?.unknownSince ?? earlier?.triedAt;
    this.#uncertainty = { since, notInvited: notInvitedBefore(earlier) };
    // In a pool with UsernameAttributes the username is the sub; elsewhere it is what was sent.
    const hasOwnKeys = (tools.settings.UsernameAttributes ?? []).length > 0;
    this.#key = (hasOwnKeys ? this.#sub : undefined) ?? action.user.username;
  }

  result(): RowResult {
    const { row, user } = this.#action;
    return {
      row,
      line: user.line,
      username: user.username,
      status: this.#status,
      ...(this.#sub !== undefined && { sub: this.#sub }),
      ...(this.#made !== undefined && { made: this.#made }),
      ...(this.#isInvitationUnknown && { message: invitationUnknown.message }),
      ...(this.#note !== undefined && { message: this.#note }),
      ...this.#problem,
      steps: this.#done,
      attempts: Math.max(this.#effort.attempts, this.#earlier?.result?.attempts ?? 0),
      final: this.#final,
      ...(!this.#final &&
        this.#uncertainty.since !== undefined &&
        this.#done.length === 0 && {
          unknownSince: this.#uncertainty.since,
          ...(this.#uncertainty.notInvited && { invitation: 'unsent' }),
        }),
      ...((this.#isInvitationUnknown || this.#uncertainty.notInvited === invitationUnknown) && {
        invitation: 'unknown',
      }),
    };
  }

  async run(): Promise<void> {
    const { user, steps } = this.#action;
    const generated = user.password === undefined && steps.some(usesPassword);
    const password = generated
      ? await this.#tools.passwords?.passwordFor(user.username)
      : user.password;

    for (const step of steps) {
      if (step.name === 'create') {
        const isOurs = this.#done.includes('create')
          ? await this.#inviteAgain(step, password)
          : await this.#create(step, this.#temporaryFor(step, password));
        if (!isOurs) return;
      } else if (step.name === 'challenge') {
        await this.#challenge(password);
      } else if (isLater(step) && !this.#done.includes(step.name)) {
        await this.#perform(step, password);
      }
    }
    this.#status = this.#problem ? 'partial' : 'created';
  }

  #temporaryFor(step: CreateStep, password: string | undefined): string | undefined {
    if (step.temporaryPassword === 'throwaway') {
      this.#throwaway = this.#tools.newPassword();
      return this.#throwaway;
    }
    return step.temporaryPassword === 'own' ? password : undefined;
  }

  async #challenge(password: string | undefined): Promise<void> {
    const isDone = this.#done.includes('challenge') || this.#done.includes('password');
    if (isDone || password === undefined) return;
    const { user } = this.#action;
    const set = await answerChallenge(
      user,
      this.#key,
      this.#throwaway,
      password,
      this.#effort,
      this.#tools,
    );
    this.#done.push(set.by);
    this.#note = set.note;
  }

  /** Turns what ended the row early into its status. */
  fail(error: unknown): void {
    const end = rowEnd(error, this.#effort, this.#tools.stop);
    if (end.final) {
      this.#problem = { code: end.code, message: end.message };
      this.#status = this.#isPartial ? 'partial' : 'failed';
      return;
    }
    this.#leave(end.code, end.message);
    if (this.#status === 'not-attempted') this.#status = end.status;
  }

  /** Leaves the row for `resume`, with what is known of it. */
  #leave(code: string, message: string): void {
    this.#final = false;
    if (this.#isPartial) {
      this.#status = 'partial';
      this.#problem = { code, message };
    } else if (this.#isChanging && this.#effort.unanswered === true) {
      this.#status = 'failed';
      this.#problem = { code, message: changeUnknown };
    } else if (this.#uncertainty.since !== undefined) {
      this.#status = 'failed';
      this.#problem = {
        code: this.#uncertainty.notInvited?.code ?? code,
        message: 'a create was sent and its answer is not known: resume looks the user up',
      };
    } else {
      this.#status = 'not-attempted';
      this.#problem = { code, message };
    }
  }

  get #isPartial(): boolean {
    return this.#done.length > 0 || this.#isChanged;
  }

  /** Makes the user; false where the username was taken and the row is done with. */
  async #create(step: CreateStep, password: string | undefined): Promise<boolean> {
    const { row, user } = this.#action;
    const created = await createUser(
      row,
      user,
      step,
      password,
      this.#uncertainty,
      this.#effort,
      this.#tools,
    );
    if (created.is === 'taken') {
      await this.#meetExisting();
      return false;
    }
    this.#key = created.user.username;
    this.#sub = created.user.sub;
    this.#made = attributesFingerprint(created.user);
    const { notInvited } = created;
    this.#done.push('create', ...step.includes.filter((name) => name !== 'invite' || !notInvited));
    this.#status = 'partial';
    if (!notInvited) {
      if (step.invite && created.unanswered) this.#isInvitationUnknown = true;
      return true;
    }
    if (notInvited === invitationUnknown) {
      this.#loseInvitation();
      return true;
    }
    // Met in an earlier session, it may be another day or a mended address by now.
    if (this.#earlier?.triedAt !== undefined) return this.#inviteAgain(step, password);
    const { code } = notInvited;
    if (kindOf('AdminCreateUser', code) === 'daily-limit') {
      throw new PoolError('AdminCreateUser', code, notInvited.message);
    }
    this.#missInvitation(code);
    return true;
  }

  /** The user is there and has the other steps done; `import --resend` invites them later. */
  #missInvitation(code: string): void {
    this.#problem = {
      code,
      message: 'the user was made, but the invitation could not be delivered: check the address',
    };
  }

  /**
   * Sends the invitation that an earlier session could not, with the row's own temporary password:
   * without one the service would make another.
   */
  async #inviteAgain(step: CreateStep, password: string | undefined): Promise<boolean> {
    this.#status = 'partial';
    if (!step.invite || this.#done.includes('invite')) return true;
    const before = this.#earlier?.result;
    // After a result of its own, what was tried and has no answer can only be the invitation.
    const { triedAt } = this.#earlier ?? {};
    const wasTried =
      triedAt !== undefined && before !== undefined && triedAt !== before.unknownSince;
    if (wasTried || this.#isInvitationUnknown) {
      this.#loseInvitation();
      return true;
    }
    const own = step.temporaryPassword === 'own' ? password : undefined;
    const invite = { name: 'invite', medium: step.invite } as const;
    const { row } = this.#action;
    try {
      const isKnown = await inviteOnce(row, invite, this.#key, own, this.#effort, this.#tools);
      if (isKnown) this.#done.push('invite');
      else this.#loseInvitation();
    } catch (error) {
      if (!(error instanceof PoolError) || error.kind !== 'undelivered') throw error;
      this.#missInvitation(error.code);
    }
    return true;
  }

  /** Another one would be one too many, in this session and in every later one. */
  #loseInvitation(): void {
    this.#problem = invitationUnknown;
    this.#isInvitationUnknown = true;
  }

  async #perform(step: LaterStep, password: string | undefined): Promise<void> {
    await performStep(step, this.#key, password, this.#effort, this.#tools);
    if (!this.#done.includes(step.name)) this.#done.push(step.name);
  }

  /** The username was taken before we came: what `--on-existing` says. */
  async #meetExisting(): Promise<void> {
    const { importSettings } = this.#tools;
    if (importSettings.onExisting === 'update') {
      await this.#update();
      return;
    }
    this.#status = importSettings.onExisting === 'skip' ? 'exists' : 'failed';
    this.#problem = {
      code: 'UsernameExistsException',
      message: 'a user with this username was there before',
    };
  }

  async #update(): Promise<void> {
    const existing = await lookUpExisting(this.#action.user, this.#effort, this.#tools);
    if (!existing || !('steps' in existing)) {
      this.#status = 'exists';
      this.#problem = existing;
      return;
    }
    this.#key = existing.key;
    this.#sub = existing.sub;
    this.#problem = existing.problem;
    for (const step of existing.steps) await this.#change(step);
    // An earlier session may have done its part.
    this.#status = this.#isPartial ? 'updated' : 'unchanged';
    if (this.#status === 'unchanged' && mayHaveChanged(this.#earlier)) {
      this.#note = 'this run itself may have changed the user before it was interrupted';
    }
  }

  /** Groups one by one, so that what was done before one is refused is known. */
  async #change(step: LaterStep): Promise<void> {
    const calls =
      step.name === 'groups' ? step.add.map((group) => ({ ...step, add: [group] })) : [step];
    for (const call of calls) {
      this.#effort.unanswered = false;
      this.#isChanging = true;
      await performStep(call, this.#key, undefined, this.#effort, this.#tools);
      this.#isChanged = true;
    }
    if (!this.#done.includes(step.name)) this.#done.push(step.name);
  }
}

const changeUnknown = 'a change was sent and its answer is not known: resume looks the user up';

/** Whether an earlier session sent something whose answer is not known. */
function mayHaveChanged(earlier: Earlier | undefined): boolean {
  const { status, final } = earlier?.result ?? {};
  return earlier?.triedAt !== undefined || (status === 'failed' && final === false);
}

/** What an earlier session knows of the invitation by a create that was not looked up any more. */
function notInvitedBefore(earlier: Earlier | undefined): NotInvited | undefined {
  const { code, message = '', invitation, unknownSince } = earlier?.result ?? {};
  // A create that was noted after that result may have invited them.
  const isTriedSince = invitation === 'unsent' && earlier?.triedAt !== unknownSince;
  if (invitation === 'unknown' || isTriedSince) return invitationUnknown;
  return invitation === 'unsent' && code !== undefined ? { code, message } : undefined;
}

function usesPassword(step: Action['steps'][number]): boolean {
  return (
    step.name === 'password' ||
    step.name === 'challenge' ||
    (step.name === 'create' && step.temporaryPassword === 'own')
  );
}
