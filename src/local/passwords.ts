import { createHash } from 'node:crypto';

import type { PasswordPolicy } from '../cognito/description.js';
import { ServiceError } from './errors.js';
import { dropExtras } from './user-store.js';
import type { StoredUser } from './user-store.js';

// [OLD user-pool-settings-policies.md] the symbols. A blank counts there too, but the model's
// pattern [\S]+ keeps it out of every request.
const SYMBOL = /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+-]/;
const LETTERS = 'abcdefghijkmnpqrstuvwxyz';
const DIGITS = '23456789';
const SYMBOLS = '!#%*+=?@';

/** Throws InvalidPasswordException where a password does not fit the pool's policy. */
export function checkPolicy(policy: PasswordPolicy, password: string): void {
  const missing = missingIn(policy, password);
  if (missing !== undefined) {
    throw new ServiceError(
      'InvalidPasswordException',
      `Password did not conform with policy: ${missing}`,
    );
  }
}

function missingIn(policy: PasswordPolicy, password: string): string | undefined {
  // [MODEL] the least minimum length is 6.
  if (password.length < (policy.MinimumLength ?? 6)) return 'Password not long enough';
  // Whether letters beyond A-Z count is UNCONFIRMED: they don't here.
  if (policy.RequireUppercase === true && !/[A-Z]/.test(password)) {
    return 'Password must have uppercase characters';
  }
  if (policy.RequireLowercase === true && !/[a-z]/.test(password)) {
    return 'Password must have lowercase characters';
  }
  if (policy.RequireNumbers === true && !/[0-9]/.test(password)) {
    return 'Password must have numeric characters';
  }
  if (policy.RequireSymbols === true && !SYMBOL.test(password)) {
    return 'Password must have symbol characters';
  }
  return undefined;
}

/** A temporary password that fits any policy. `random` gives numbers from 0 up to but not 1. */
export function generatedPassword(policy: PasswordPolicy, random: () => number): string {
  const from = (set: string): string => set.charAt(Math.floor(random() * set.length));
  const length = Math.max(policy.MinimumLength ?? 6, 12);
  let password = from(LETTERS.toUpperCase()) + from(LETTERS) + from(DIGITS) + from(SYMBOLS);
  while (password.length < length) password += from(LETTERS + DIGITS);
  return password;
}

/**
 * A short hash, quick on purpose: the pool is a stand-in and must take thousands of users a second.
 * The user's sub is its salt.
 */
export function passwordHash(user: StoredUser, password: string): string {
  const hash = createHash('sha256').update(user.sub).update(':').update(password);
  return hash.digest('base64url').slice(0, 22);
}

/**
 * [MODEL] PasswordHistorySize: the last passwords can't be used again. Whether temporary ones count is
 * UNCONFIRMED: they do here.
 */
export function checkHistory(policy: PasswordPolicy, user: StoredUser, password: string): void {
  const size = policy.PasswordHistorySize ?? 0;
  if (size === 0) return;
  const hash = passwordHash(user, password);
  const used = [user.passwordHash, ...(user.extras?.history ?? [])].slice(0, size);
  if (used.includes(hash)) {
    throw new ServiceError(
      'PasswordHistoryPolicyViolationException',
      'Password has previously been used',
    );
  }
}

/** Puts a password in place; `temporaryUntil` in seconds since 1970, 0 for a permanent one. */
export function putPassword(
  policy: PasswordPolicy,
  user: StoredUser,
  password: string,
  temporaryUntil: number,
): void {
  const size = policy.PasswordHistorySize ?? 0;
  if (size > 1 && user.passwordHash !== undefined) {
    const history = [user.passwordHash, ...(user.extras?.history ?? [])].slice(0, size - 1);
    user.extras = { ...user.extras, history };
  }
  user.passwordHash = passwordHash(user, password);
  user.temporaryUntil = temporaryUntil;
  // A new password ends a lock-out and makes the temporary one fresh.
  dropExtras(user, ['temporaryUsed', 'failures', 'lockedUntil']);
}

/**
 * [MODEL] TemporaryPasswordValidityDays; 0 means the default of 7. In seconds since 1970.
 */
export function temporaryUntil(policy: PasswordPolicy, now: number): number {
  const days = policy.TemporaryPasswordValidityDays ?? 0;
  return Math.floor(now / 1000) + (days === 0 ? 7 : days) * 86_400;
}
