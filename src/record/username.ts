import { checkDelivery, emailFault } from './email.js';
import type { CellReader, Findings } from './findings.js';
import type { NationalNumbers } from './national-numbers.js';
import { toE164 } from './phone-number.js';
import type { Address, PoolFacts } from './pool-facts.js';
import { quotedNames } from './quoted-names.js';
import type { Rule } from './rule.js';
import { ADMIN_CREATE_USER, ATTRIBUTES } from './sources.js';
import { checkLength } from './text.js';

export const missingUsername: Rule = {
  code: 'missing-username',
  severity: 'error',
  about: 'A row without a username and without what people sign in with in its place.',
  source: ADMIN_CREATE_USER,
};

export const invalidUsername: Rule = {
  code: 'invalid-username',
  severity: 'error',
  about:
    'A username with white space, or with what is no letter, mark, symbol, number or punctuation.',
  source: ADMIN_CREATE_USER,
};

export const usernameLikeEmail: Rule = {
  code: 'username-like-email',
  severity: 'error',
  about: 'A username shaped like an email address where email is an alias.',
  source: ATTRIBUTES,
};

export const usernameLikePhoneNumber: Rule = {
  code: 'username-like-phone-number',
  severity: 'error',
  about: 'A username shaped like a phone number where phone_number is an alias.',
  source: ATTRIBUTES,
};

export const usernameNotAnAddress: Rule = {
  code: 'username-not-an-address',
  severity: 'error',
  about: 'A username that is not the email or phone number with which people sign in to the pool.',
  source: ATTRIBUTES,
};

/** Which of the two would win is not documented, and the other one would be lost. */
export const usernameDiffers: Rule = {
  code: 'username-differs',
  severity: 'error',
  about: 'A username that is one address, beside an email or phone_number that is another.',
  source: ATTRIBUTES,
};

const LENGTH = { min: 1, max: 128 };
const ALLOWED = /^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$/u;

/** A username of a pool in which people sign in with a username. */
export function usernameReader(column: string, facts: PoolFacts): CellReader {
  const emailAlias = facts.aliases.includes('email');
  const phoneAlias = facts.aliases.includes('phone_number');
  return (value, findings) => {
    checkUsername(value, column, findings);
    if (emailAlias && emailFault(value) === undefined) {
      findings.add(
        usernameLikeEmail,
        column,
        `"${column}" is an email address, which this pool takes as email only: give the user another name.`,
      );
    }
    if (phoneAlias && value.startsWith('+') && toE164(value) === value) {
      findings.add(
        usernameLikePhoneNumber,
        column,
        `"${column}" is a phone number, which this pool takes as phone_number only: give the user another name.`,
      );
    }
    return value;
  };
}

/** What holds for the Username of every pool, an address included. */
export function checkUsername(value: string, column: string, findings: Findings): void {
  checkLength(value, LENGTH, column, findings);
  for (let at = 0; at < value.length; at++) {
    const unit = value.charCodeAt(at);
    // Printable ASCII other than the space is all allowed.
    if (unit > 0x20 && unit < 0x7f) continue;
    if (/\s/.test(value)) {
      findings.add(invalidUsername, column, `"${column}" has space in it: remove it.`);
    } else if (!ALLOWED.test(value)) {
      findings.add(
        invalidUsername,
        column,
        `"${column}" has a character that no username can have: remove it.`,
      );
    }
    return;
  }
}

/** A username of a pool with UsernameAttributes: the address that people sign in with. */
export function signInAddressReader(
  column: string,
  signInWith: readonly Address[],
  national: NationalNumbers | undefined,
): CellReader {
  return (value, findings) => {
    if (signInWith.includes('email') && emailFault(value) === undefined) {
      checkDelivery(value, column, findings);
      checkUsername(value, column, findings);
      return value;
    }
    const number = signInWith.includes('phone_number') ? toE164(value, national) : undefined;
    if (number !== undefined) return number;
    findings.add(
      usernameNotAnAddress,
      column,
      `"${column}" must be ${inWords(signInWith)}, with which people sign in to this pool: correct it, or leave it empty to use ${quotedNames(signInWith)}.`,
    );
    return value;
  };
}

function inWords(signInWith: readonly Address[]): string {
  const words = signInWith.map((name) =>
    name === 'email' ? 'an email address' : 'a phone number',
  );
  return words.join(' or ');
}
