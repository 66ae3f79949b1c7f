import type { PasswordPolicy } from '../cognito/description.js';

/** Without I, O, l, o, 0 and 1, which people mistake for each other. */
const letters = ['ABCDEFGHJKLMNPQRSTUVWXYZ', 'abcdefghijkmnpqrstuvwxyz'] as const;
const digits = '23456789';
/** All of them symbols to Cognito, and none with a meaning in CSV or to a shell in quotes. */
const symbols = '!#%*+-=?_';
const leastLength = 16;

/**
 * A password that fits the policy: at least 16 characters, with one of each kind. It starts with a
 * letter, so that no spreadsheet takes it for a formula.
 *
 * @param below a random whole number from 0 up to, but not including, its argument.
 */
export function generatePassword(policy: PasswordPolicy, below: (bound: number) => number): string {
  const length = Math.max(leastLength, policy.MinimumLength ?? 0);
  const pick = (from: string): string => from.charAt(below(from.length));
  const all = letters[0] + letters[1] + digits + symbols;
  const rest = [letters[0], letters[1], digits, symbols].map(pick);
  while (rest.length < length - 1) rest.push(pick(all));
  // Fisher and Yates: every order is equally likely.
  for (let last = rest.length - 1; last > 0; last--) {
    const other = below(last + 1);
    [rest[last], rest[other]] = [rest[other] ?? '', rest[last] ?? ''];
  }
  return pick(letters[0] + letters[1]) + rest.join('');
}
