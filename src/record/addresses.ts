import type { Rule } from './rule.js';
import { ADMIN_CREATE_USER, ADMIN_GUIDE, CONTRACT } from './sources.js';

export const verifiedWithoutValue: Rule = {
  code: 'verified-without-value',
  severity: 'error',
  about: 'email_verified or phone_number_verified is true, and the row has no such address.',
  source: ADMIN_CREATE_USER,
};

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

export const mfaNotCarriedOver: Rule = {
  code: 'mfa-not-carried-over',
  severity: 'warning',
  about: 'cognito:mfa_enabled is true: users are made without MFA and set it up themselves.',
  source: CONTRACT,
};
