import type { Findings } from './findings.js';
import type { PoolFacts } from './pool-facts.js';
import type { Rule } from './rule.js';
import type { PasswordMode } from './settings.js';
import { ADMIN_GUIDE } from './sources.js';

export const missingRequiredAttribute: Rule = {
  code: 'missing-required-attribute',
  severity: 'error',
  about:
    'A required attribute not given that nobody can give later: it is immutable, the user is made passwordless, or the password mode is challenge.',
  source: ADMIN_GUIDE,
};

export const requiredAttributeLater: Rule = {
  code: 'required-attribute-later',
  severity: 'warning',
  about:
    'A required attribute not given: asked for at the first sign-in with a temporary password, never with a permanent one.',
  source: ADMIN_GUIDE,
};

export interface RequiredAttribute {
  readonly name: string;
  readonly immutable: boolean;
  /** The column that would give it, where the file has one. */
  readonly column: string | undefined;
}

export function requiredAttributes(
  facts: PoolFacts,
  columnOf: (attribute: string) => string | undefined,
): RequiredAttribute[] {
  return facts.required.map(({ Name, Mutable }) => ({
    name: Name,
    immutable: Mutable === false,
    column: columnOf(Name),
  }));
}

/**
 * @param mode how this user's password is set.
 * @param passwordless whether the user is created without any password.
 */
export function reportMissing(
  { name, immutable, column }: RequiredAttribute,
  mode: PasswordMode,
  passwordless: boolean,
  findings: Findings,
): void {
  const what = `The pool requires "${name}", which the row does not give`;
  if (immutable) {
    findings.add(missingRequiredAttribute, column, `${what} and nobody can set later: fill it in.`);
  } else if (mode === 'challenge') {
    findings.add(
      missingRequiredAttribute,
      column,
      `${what}, so that the sign-in cannot be completed: fill it in.`,
    );
  } else if (passwordless) {
    findings.add(
      missingRequiredAttribute,
      column,
      `${what}, and a user without a password needs it at once: fill it in.`,
    );
  } else if (column !== undefined && !findings.invalid) {
    // A file without the column is told once, with its header; a row that is not sent needs no word.
    findings.add(requiredAttributeLater, column, laterMessage(name, mode));
  }
}

export function laterMessage(name: string, mode: PasswordMode): string {
  const what = `The pool requires "${name}", which is not given`;
  return mode === 'permanent'
    ? `${what}; users with a permanent password are never asked for it: fill it in.`
    : `${what}: fill it in, or users are asked for it at their first sign-in.`;
}
