import type { PasswordPolicy } from '../cognito/description.js';
import type { Findings } from './findings.js';
import type { Rule } from './rule.js';
import { ADMIN_CREATE_USER, PASSWORD_POLICY, QUOTAS } from './sources.js';

export const weakPassword: Rule = {
  code: 'weak-password',
  severity: 'error',
  about: 'A password that the pool’s policy refuses; without a pool, one under six characters.',
  source: PASSWORD_POLICY,
};

export const invalidPassword: Rule = {
  code: 'invalid-password',
  severity: 'error',
  about: 'A password with white space or of more than 256 characters.',
  source: `${ADMIN_CREATE_USER}; ${QUOTAS}`,
};

/** No policy can ask for less than this. */
const LEAST_LENGTH = 6;
const MOST_LENGTH = 256;
// The service's own list; a letter or sign outside it counts for nothing.
const SYMBOL = /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+-]/;

/** Says what the policy asks for, never anything of the password itself. */
export function checkPassword(
  password: string,
  policy: PasswordPolicy,
  column: string,
  findings: Findings,
): void {
  if (/\s/.test(password)) {
    findings.add(
      invalidPassword,
      column,
      `"${column}" has space in it: choose a password without.`,
    );
  }
  if (password.length > MOST_LENGTH) {
    findings.add(
      invalidPassword,
      column,
      `"${column}" has more than ${MOST_LENGTH} characters: choose a shorter password.`,
    );
  }
  const wanted = missingFrom(password, policy);
  if (wanted.length > 0) {
    findings.add(
      weakPassword,
      column,
      `"${column}" does not fit the password policy: it needs ${wanted.join(', ')}.`,
    );
  }
}

function missingFrom(password: string, policy: PasswordPolicy): string[] {
  const least = Math.max(policy.MinimumLength ?? LEAST_LENGTH, LEAST_LENGTH);
  const wanted: string[] = [];
  if (password.length < least) wanted.push(`at least ${least} characters`);
  if (policy.RequireUppercase === true && !/[A-Z]/.test(password))
    wanted.push('an upper-case letter');
  if (policy.RequireLowercase === true && !/[a-z]/.test(password))
    wanted.push('a lower-case letter');
  if (policy.RequireNumbers === true && !/[0-9]/.test(password)) wanted.push('a digit');
  if (policy.RequireSymbols === true && !SYMBOL.test(password)) wanted.push('a symbol');
  return wanted;
}
