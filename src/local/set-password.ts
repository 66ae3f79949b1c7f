import { valueOf } from './attribute-list.js';
import { invalidParameter, notAuthorized } from './errors.js';
import { checkHistory, checkPolicy, putPassword, temporaryUntil } from './passwords.js';
import type { Pool } from './pool.js';

interface SetPasswordInput {
  readonly UserPoolId: string;
  readonly Username: string;
  readonly Password: string;
  readonly Permanent?: boolean;
}

/**
 * [MODEL] permanent: CONFIRMED, and nobody asks for required attributes any more; temporary, which is
 * what an absent Permanent means: FORCE_CHANGE_PASSWORD, also for a user who was CONFIRMED.
 */
export function adminSetUserPassword(pool: Pool, input: SetPasswordInput): object {
  pool.check(input.UserPoolId);
  const user = pool.user(input.Username);
  checkPolicy(pool.policy, input.Password);
  checkHistory(pool.policy, user, input.Password);
  const permanent = input.Permanent === true;
  const until = permanent ? 0 : temporaryUntil(pool.policy, pool.now());
  putPassword(pool.policy, user, input.Password, until);
  user.status = permanent ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD';
  pool.save(user);
  return {};
}

interface ResetInput {
  readonly UserPoolId: string;
  readonly Username: string;
}

/** Puts a user into RESET_REQUIRED and sends a code; it needs a verified way to reach the user. */
export function adminResetUserPassword(pool: Pool, input: ResetInput): object {
  pool.check(input.UserPoolId);
  const user = pool.user(input.Username);
  if (!user.enabled) throw notAuthorized('User is disabled.');
  // amplify-js#2955: it does not work in FORCE_CHANGE_PASSWORD.
  if (user.status !== 'CONFIRMED' && user.status !== 'RESET_REQUIRED') {
    throw notAuthorized('User password cannot be reset in the current state.');
  }
  const name = ['phone_number', 'email'].find(
    (attribute) => valueOf(user.attributes, `${attribute}_verified`) === 'true',
  );
  if (name === undefined) {
    throw invalidParameter(
      'Cannot reset password for the user as there is no registered/verified email or phone_number',
    );
  }
  user.status = 'RESET_REQUIRED';
  pool.save(user);
  pool.parts.delivery.send(user, {
    kind: 'reset-code',
    medium: name === 'email' ? 'EMAIL' : 'SMS',
    destination: valueOf(user.attributes, name) ?? '',
    code: String(Math.floor(pool.parts.random() * 1_000_000)).padStart(6, '0'),
    sentAt: pool.now(),
  });
  return {};
}
