import type { Findings } from './findings.js';
import { quotedNames } from './quoted-names.js';
import { reportMissing } from './required.js';
import type { RowPlan } from './row-plan.js';
import type { Rule } from './rule.js';
import { ADMIN_CREATE_USER, ADMIN_GUIDE } from './sources.js';
import { attributeValue } from './user.js';
import type { Attribute } from './user.js';

export const inviteWithoutAddress: Rule = {
  code: 'invite-without-address',
  severity: 'error',
  about: 'An invitation by email or SMS is asked for, and the row has no address for it.',
  source: ADMIN_CREATE_USER,
};

export const passwordlessWithoutAddress: Rule = {
  code: 'passwordless-without-address',
  severity: 'error',
  about: 'A row without a password in a passwordless pool, and no address for a one-time code.',
  source: ADMIN_GUIDE,
};

export const cannotSignIn: Rule = {
  code: 'cannot-sign-in',
  severity: 'warning',
  about:
    'No password, no invitation, and a pool that is not passwordless: nobody knows the password.',
  source: ADMIN_GUIDE,
};

/** What only the row as a whole can tell: required attributes, where messages go, who can sign in. */
export function checkWhole(
  attributes: readonly Attribute[],
  password: string | undefined,
  enabled: boolean | undefined,
  plan: RowPlan,
  findings: Findings,
): void {
  const { facts, settings, passwordMode, required } = plan;
  const hasPassword =
    password !== undefined || (settings.generatesPasswords && passwordMode !== 'none');
  const passwordless = !hasPassword && facts.oneTimeCodes.length > 0;
  const mode = hasPassword || passwordMode === 'challenge' ? passwordMode : 'none';
  for (const attribute of required) {
    if (attributeValue(attributes, attribute.name) !== undefined) continue;
    reportMissing(attribute, mode, passwordless, findings);
  }
  const has = (name: string): boolean => attributeValue(attributes, name) !== undefined;
  if (passwordless && !facts.oneTimeCodes.some(has)) {
    findings.add(
      passwordlessWithoutAddress,
      undefined,
      `The row has no password and no ${quotedNames(facts.oneTimeCodes)} for a one-time code: fill in one of them.`,
    );
  }
  if (settings.invite !== 'none') {
    const address = settings.invite === 'email' ? 'email' : 'phone_number';
    if (attributeValue(attributes, address) === undefined) {
      findings.add(
        inviteWithoutAddress,
        plan.attributes.find(({ name }) => name === address)?.column,
        `The row has no "${address}", to which --invite ${settings.invite} sends: fill it in.`,
      );
    }
  }
  if (plan.tellsCannotSignIn && !hasPassword && enabled !== false && !findings.invalid) {
    findings.add(
      cannotSignIn,
      plan.password?.column,
      'The user could never sign in, having no password and no invitation: fill in the password, or give --generate-passwords or --invite.',
    );
  }
}
