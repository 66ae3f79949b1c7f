import { PoolError } from '../cognito/errors.js';
import type { SignInAnswer } from '../cognito/user-pool.js';
import type { User } from '../record/user.js';
import type { Effort } from './calls.js';
import { isNotThereYet } from './perform.js';
import { StepRefused } from './result.js';
import type { SignIn } from './sign-in.js';
import type { Tools } from './tools.js';

/** How a password was set for good. */
export interface PasswordSet {
  readonly by: 'challenge' | 'password';
  /** What is worth knowing about it. */
  readonly note?: string;
}

/**
 * Makes a new account ready to use: signs in with the temporary password and answers
 * NEW_PASSWORD_REQUIRED with the user's own. A temporary password that is used up or not known any
 * more (the run died between the two calls) and a lost answer are no obstacle: then the user's own
 * password is tried, and set with AdminSetUserPassword where it does not work yet.
 */
export async function answerChallenge(
  user: User,
  key: string,
  temporary: string | undefined,
  password: string,
  effort: Effort,
  tools: Tools,
): Promise<PasswordSet> {
  const { signIn } = tools;
  if (!signIn) throw new Error('a run with challenges has an app client');
  const recover = (): Promise<PasswordSet> => setDirectly(key, password, signIn, effort, tools);
  if (temporary === undefined) return recover();

  let begun: SignInAnswer;
  try {
    begun = await signIn.begin(key, temporary, effort, isNotThereYet);
  } catch (error) {
    if (isUsedUp(error)) return recover();
    throw error;
  }
  if (begun.challenge !== 'NEW_PASSWORD_REQUIRED') return recover();
  const attributes = requiredOf(user, begun.requiredAttributes);
  try {
    const answer = await signIn.answer(begun, key, password, attributes, effort);
    return { by: 'challenge', ...noteOf(answer) };
  } catch (error) {
    if (isUsedUp(error) || (error instanceof PoolError && error.kind === 'lost')) return recover();
    throw error;
  }
}

async function setDirectly(
  key: string,
  password: string,
  signIn: SignIn,
  effort: Effort,
  { calls, pool }: Tools,
): Promise<PasswordSet> {
  try {
    const answer = await signIn.begin(key, password, effort, isNotThereYet);
    if (answer.challenge !== 'NEW_PASSWORD_REQUIRED') return { by: 'challenge', ...noteOf(answer) };
  } catch (error) {
    if (!isUsedUp(error)) throw error;
  }
  await calls.repeatable(
    'AdminSetUserPassword',
    effort,
    () => pool.adminSetUserPassword(key, password, true),
    isNotThereYet,
  );
  return {
    by: 'password',
    note: 'the temporary password was used up or not known, so AdminSetUserPassword set the password',
  };
}

/** The values that the challenge asks for; they have to come from the row. */
function requiredOf(user: User, names: readonly string[]): { Name: string; Value: string }[] {
  return names.map((name) => {
    const given = user.attributes.find(({ Name }) => Name === name);
    if (given) return given;
    throw new StepRefused(
      'missing-required-attribute',
      `the pool asks for "${name}" before the password can be set: fill it in`,
    );
  });
}

/** After the new password a pool may ask for a second factor; the password is set all the same. */
function noteOf({ challenge }: SignInAnswer): { note?: string } {
  return challenge === undefined ? {} : { note: `the next sign-in goes on with ${challenge}` };
}

/**
 * Whether the service turned the password or the session down: wrong, used, expired. It has one error
 * for all of that, and for a disabled user, whom another password does not help.
 */
function isUsedUp(error: unknown): boolean {
  return (
    error instanceof PoolError &&
    error.code === 'NotAuthorizedException' &&
    !/disabled/i.test(error.message)
  );
}
