import type { PoolAttribute } from './user-pool.js';

/** Values to take out of a message, and what to write in their place. */
export interface Replacement {
  readonly value: string;
  readonly by: string;
}

/**
 * The service echoes what it was sent ("Value 'x' at 'username' failed to satisfy constraint"), so
 * passwords and personal data are taken out of its messages, and control characters with them.
 */
export function scrub(message: string, replacements: readonly Replacement[]): string {
  let clean = message;
  // The longest first: a short value may be a part of a long one.
  for (const { value, by } of [...replacements].sort((a, b) => b.value.length - a.value.length)) {
    if (value.length >= 3) clean = clean.replaceAll(value, by);
  }
  return clean.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

export const hidden = (value: string, name: string): Replacement => ({
  value,
  by: `(the ${name})`,
});

export const secret = (value: string): Replacement => hidden(value, 'password');

/** Who a call is about, and what it says of them. */
export function namesOf(
  username: string,
  attributes: readonly PoolAttribute[] = [],
): Replacement[] {
  return [
    hidden(username, 'username'),
    ...attributes.map(({ Name, Value }) => hidden(Value, Name)),
  ];
}
