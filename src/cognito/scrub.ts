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
  // eslint-disable-next-line no-control-regex -- control characters are what is meant
  return clean.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
}
