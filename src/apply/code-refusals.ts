import type { PoolError } from '../cognito/errors.js';
import { timeOfDay } from './hourly-limit.js';
import { StepRefused } from './result.js';

const hourMs = 3_600_000;

/** What the service's refusals of a sign-in or a code mean, and what to do, by its error names. */
const words: ReadonlyMap<string, string> = new Map([
  ['CodeMismatchException', 'the code is wrong: check it against the message that was sent last'],
  [
    'ExpiredCodeException',
    'the code has expired, was used, or a newer one was sent: send another with verify send',
  ],
  [
    'AliasExistsException',
    'another user has this address verified: one of the two has to give it up',
  ],
  [
    'PasswordResetRequiredException',
    'the password was reset by an administrator: the user has to choose a new one first',
  ],
  [
    'UserNotConfirmedException',
    'the user signed up and never confirmed it: confirm the sign-up first',
  ],
  ['UserNotFoundException', 'the pool has no user of this name'],
]);

/**
 * Puts a refusal into words; `now` in milliseconds since 1970. What is no refusal of this one row
 * comes back as it is.
 */
export function refusalInWords(error: PoolError, now: number): PoolError | StepRefused {
  const { code, kind, operation } = error;
  if (code === 'LimitExceededException' && operation !== 'AdminInitiateAuth') {
    return new StepRefused(
      code,
      `the service takes no more for this user now (5 codes and 15 tries an hour): come back after ${timeOfDay(now + hourMs)}`,
    );
  }
  const text = kind === 'refused' ? words.get(code) : undefined;
  return text === undefined ? error : new StepRefused(code, text);
}

/** The daily limit of messages has the name of a user's own limit, and no other row can be sent one. */
export function isDailyLimit({ code, message }: PoolError): boolean {
  return code === 'LimitExceededException' && /daily/i.test(message);
}
