import { PoolError } from '../cognito/errors.js';
import type { PoolUser, SignInAnswer } from '../cognito/user-pool.js';
import type { VerifyAction } from '../plan/verify-plan.js';
import { isDailyLimit, refusalInWords } from './code-refusals.js';
import type { Effort } from './calls.js';
import { HourlyLimit } from './hourly-limit.js';
import type { Earlier } from './ledger.js';
import { findBySub, findExact, findListed } from './lookup.js';
import { StepRefused } from './result.js';
import type { RowResult } from './result.js';
import { rowEnd } from './row-end.js';
import type { SignIn } from './sign-in.js';
import { Stopped } from './stop.js';
import { serviceNow } from './tools.js';
import type { Tools } from './tools.js';

/** All that verifying somebody's address needs. */
export interface VerifyTools extends Pick<
  Tools,
  'pool' | 'settings' | 'calls' | 'ledger' | 'clock' | 'stop'
> {
  readonly signIn: SignIn;
}

/** What stands for a code whose sending has no answer: the person may have it. */
export const codeOutcomeUnknown = {
  code: 'code-outcome-unknown',
  message:
    'no answer came, so a code may have gone out, and none is sent twice: resume --retry-failed sends another',
} as const;

/**
 * Signs a row's user in and sends them a code, or hands theirs in. Nobody is sent a second code
 * because an answer was lost. Rejects only when the run itself can't go on.
 */
export async function verifyRow(
  action: VerifyAction,
  earlier: Earlier | undefined,
  effort: Effort,
  tools: VerifyTools,
): Promise<RowResult> {
  const row = new Verification(action, earlier, effort, tools);
  const { user, step } = action;
  const base = { row: action.row, line: user.line, username: user.username };
  try {
    const message = await row.run();
    return {
      ...base,
      status: step.name === 'send-code' ? 'code-sent' : 'verified',
      ...(message !== '' && { message }),
      steps: [step.name],
      final: true,
      ...row.facts,
    };
  } catch (error) {
    const end = rowEnd(row.inWords(error), effort, tools.stop);
    return {
      ...base,
      ...end,
      ...(row.isUnknown && !end.final && { status: 'failed' }),
      steps: [],
      ...row.facts,
    };
  }
}

class Verification {
  readonly #action: VerifyAction;
  readonly #earlier: Earlier | undefined;
  readonly #effort: Effort;
  readonly #tools: VerifyTools;
  readonly #limit: HourlyLimit;
  /** When a code was handed in whose answer is not known, in milliseconds since 1970. */
  #unknownSince: number | undefined;
  #sub: string | undefined;

  constructor(
    action: VerifyAction,
    earlier: Earlier | undefined,
    effort: Effort,
    tools: VerifyTools,
  ) {
    this.#action = action;
    this.#earlier = earlier;
    this.#effort = effort;
    this.#tools = tools;
    this.#unknownSince = earlier?.triedAt;
    this.#sub = earlier?.result?.sub;
    this.#limit = new HourlyLimit(action.step.name, earlier, tools.clock);
  }

  get isUnknown(): boolean {
    return this.#unknownSince !== undefined;
  }

  /** What is known of the row, however it ended. */
  get facts(): Pick<RowResult, 'sub' | 'attempts' | 'triesAt' | 'unknownSince'> {
    const { triesAt } = this.#limit;
    return {
      ...(this.#sub !== undefined && { sub: this.#sub }),
      attempts: Math.max(this.#effort.attempts, this.#earlier?.result?.attempts ?? 0),
      ...(triesAt.length > 0 && { triesAt }),
      ...(this.#unknownSince !== undefined && { unknownSince: this.#unknownSince }),
    };
  }

  /** Resolves with what is worth saying. */
  async run(): Promise<string> {
    const { step } = this.#action;
    if (step.name === 'send-code' && this.isUnknown) throw this.#codeUnknown();
    const token = await this.#signIn();
    return step.name === 'send-code' ? this.#send(token) : this.#confirm(token, step.code);
  }

  /** The service's refusal in words that say what to do. */
  inWords(error: unknown): unknown {
    if (!(error instanceof PoolError)) return error;
    const { stop, clock } = this.#tools;
    if (!isDailyLimit(error)) return refusalInWords(error, clock.wall());
    const { operation, code, message } = error;
    stop.request({ outcome: 'stopped', code, message: `${operation}: ${message}` });
    return new Stopped(message);
  }

  async #signIn(): Promise<string> {
    const { user } = this.#action;
    const answer = await this.#tools.signIn.begin(user.username, user.password, this.#effort);
    this.#sub = answer.sub ?? this.#sub;
    return tokenOf(answer);
  }

  async #send(token: string): Promise<string> {
    const { calls, pool } = this.#tools;
    const send = (): Promise<string> =>
      pool.getUserAttributeVerificationCode(token, this.#action.attribute);
    await this.#willTry();
    return calls.retrying(this.#effort, async () => {
      try {
        return await this.#limit.count(() =>
          calls.once('GetUserAttributeVerificationCode', this.#effort, send),
        );
      } catch (error) {
        throw isLost(error) ? this.#codeUnknown() : error;
      }
    });
  }

  async #confirm(token: string, code: string): Promise<string> {
    const { calls, pool } = this.#tools;
    const confirm = (): Promise<void> =>
      pool.verifyUserAttribute(token, this.#action.attribute, code);
    await calls.retrying(this.#effort, async () => {
      if (this.isUnknown && (await this.#isListedAsVerified())) return;
      await this.#willTry();
      try {
        await this.#limit.count(() => calls.once('VerifyUserAttribute', this.#effort, confirm));
      } catch (error) {
        if (isLost(error)) {
          this.#unknownSince ??= this.#now();
          throw error;
        }
        if (!(error instanceof PoolError) || !this.isUnknown) throw error;
        // A code is good once: the refusal may be about the one that our earlier call used up.
        if (await this.#isVerified()) return;
        this.#unknownSince = undefined;
        throw error;
      }
    });
    this.#unknownSince = undefined;
    return '';
  }

  async #willTry(): Promise<void> {
    this.#limit.check();
    await this.#tools.ledger.willTry(this.#action.row, this.#now());
  }

  #now(): number {
    return serviceNow(this.#tools);
  }

  /** A row that ends so is done with, unless its user's code is asked for anew. */
  #codeUnknown(): StepRefused {
    this.#unknownSince = undefined;
    return new StepRefused(codeOutcomeUnknown.code, codeOutcomeUnknown.message);
  }

  /** Asks the list, which bills nobody and may lag behind. */
  async #isListedAsVerified(): Promise<boolean> {
    const { pool, settings, calls } = this.#tools;
    const sub = this.#sub;
    const found =
      sub === undefined
        ? await findListed(this.#action.user, pool, settings, calls, this.#effort)
        : await findBySub(sub, pool, calls, this.#effort);
    return this.#hasIt(found);
  }

  /** Exact; whoever has just signed in is billed already. */
  async #isVerified(): Promise<boolean> {
    const { pool, calls } = this.#tools;
    return this.#hasIt(await findExact(this.#action.user, pool, calls, this.#effort));
  }

  #hasIt(user: PoolUser | undefined): boolean {
    const flag = `${this.#action.attribute}_verified`;
    return user?.attributes.some(({ Name, Value }) => Name === flag && Value === 'true') === true;
  }
}

/** The access token of a sign-in that is complete. */
function tokenOf({ accessToken, challenge = '' }: SignInAnswer): string {
  if (accessToken !== undefined) return accessToken;
  if (challenge === 'NEW_PASSWORD_REQUIRED') {
    throw new StepRefused(
      'new-password-required',
      'the password is a temporary one: have a password set for good first, by the user or with import --password-mode permanent',
    );
  }
  if (/MFA|OTP/.test(challenge)) {
    throw new StepRefused(
      'mfa-required',
      `the sign-in goes on with ${challenge}, which only the user can answer: they verify the address in the app`,
    );
  }
  throw new StepRefused(
    'challenge-required',
    `the sign-in goes on with ${challenge}, which can't be answered here: take an app client without it`,
  );
}

function isLost(error: unknown): boolean {
  return error instanceof PoolError && error.kind === 'lost';
}
