import { birthdateInFuture, invalidBirthdate } from './birthdate.js';
import { notABoolean } from './boolean.js';
import { invalidLocale, invalidUrl, invalidZoneinfo } from './claims.js';
import {
  developerOnlyAttribute,
  duplicateColumn,
  invalidAttributeName,
  tooManyAttributes,
} from './column-checks.js';
import { notADateTime } from './date-time.js';
import {
  caseTwin,
  duplicateEmail,
  duplicatePhoneNumber,
  duplicatePreferredUsername,
  duplicateUsername,
  sharedAlias,
} from './duplicates.js';
import { emailNotAscii, invalidEmail } from './email.js';
import { noHeaderLine } from './first-line.js';
import { invalidGroupName, tooManyGroups, unknownGroup } from './groups.js';
import {
  ignoredColumn,
  readOnlyAttribute,
  unknownAttribute,
  unnamedColumn,
  unusedMapping,
} from './header-columns.js';
import { noPasswordColumn, noUsernameColumn, passwordNotUsed } from './header.js';
import { mistypedEmail } from './mistyped-email.js';
import { notANumber, numberOutOfRange, updatedAtInMilliseconds } from './number.js';
import { invalidPassword, weakPassword } from './password.js';
import { invalidPhoneNumber } from './phone-number.js';
import { notCarriedOver, presetRemark } from './preset-columns.js';
import { missingRequiredAttribute, requiredAttributeLater } from './required.js';
import { mfaNotCarriedOver, verifiedWithoutValue, wrongColumnCount } from './row.js';
import type { Rule } from './rule.js';
import { missingCode, missingPassword, noCodeColumn } from './sign-in-row.js';
import {
  controlCharacter,
  replacementCharacter,
  surroundingSpace,
  valueOver2048Bytes,
  valueTooLong,
  valueTooShort,
} from './text.js';
import {
  invalidUsername,
  missingUsername,
  usernameDiffers,
  usernameLikeEmail,
  usernameLikePhoneNumber,
  usernameNotAnAddress,
} from './username.js';
import { cannotSignIn, inviteWithoutAddress, passwordlessWithoutAddress } from './whole-row.js';

/** Every rule there is, in the order of the documentation. */
export const rules: readonly Rule[] = [
  // The header line and the options.
  noUsernameColumn,
  unknownAttribute,
  noHeaderLine,
  unnamedColumn,
  duplicateColumn,
  readOnlyAttribute,
  ignoredColumn,
  developerOnlyAttribute,
  invalidAttributeName,
  tooManyAttributes,
  unusedMapping,
  notCarriedOver,
  presetRemark,
  noPasswordColumn,
  passwordNotUsed,
  noCodeColumn,
  // The row as a whole.
  wrongColumnCount,
  missingRequiredAttribute,
  requiredAttributeLater,
  verifiedWithoutValue,
  inviteWithoutAddress,
  passwordlessWithoutAddress,
  cannotSignIn,
  mfaNotCarriedOver,
  // The username.
  missingUsername,
  invalidUsername,
  usernameLikeEmail,
  usernameLikePhoneNumber,
  usernameNotAnAddress,
  usernameDiffers,
  // Attributes.
  invalidEmail,
  mistypedEmail,
  emailNotAscii,
  invalidPhoneNumber,
  invalidBirthdate,
  birthdateInFuture,
  notABoolean,
  notANumber,
  numberOutOfRange,
  updatedAtInMilliseconds,
  notADateTime,
  invalidLocale,
  invalidZoneinfo,
  invalidUrl,
  valueTooShort,
  valueTooLong,
  valueOver2048Bytes,
  surroundingSpace,
  controlCharacter,
  replacementCharacter,
  // Passwords and groups.
  weakPassword,
  invalidPassword,
  unknownGroup,
  invalidGroupName,
  tooManyGroups,
  // Between rows.
  duplicateUsername,
  duplicateEmail,
  duplicatePhoneNumber,
  duplicatePreferredUsername,
  sharedAlias,
  caseTwin,
  // Whoever signs in.
  missingPassword,
  missingCode,
];

/** Whether a problem's proposal may be written into the file without asking. */
export function isSafe(code: string): boolean {
  return rules.some((rule) => rule.code === code && rule.safe === true);
}
