import type { CellReader } from './findings.js';
import type { NationalNumbers } from './national-numbers.js';
import type { Rule } from './rule.js';
import { ATTRIBUTES } from './sources.js';

export const invalidPhoneNumber: Rule = {
  code: 'invalid-phone-number',
  severity: 'error',
  about: 'A phone number that cannot be read as E.164: a plus sign, country code and digits.',
  source: `${ATTRIBUTES}; ITU-T E.164`,
};

// Fifteen digits at most; the shortest numbers that can be dialled from abroad have seven.
const E164 = /^\+[1-9][0-9]{6,14}$/;
const PUNCTUATION = /[\s().\-\u2010-\u2015\u2212/\u00b7]/g;
// Phones and spreadsheets put these around numbers to keep them left to right.
const MARKS = /[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;
const POWER_OF_TEN = /^[0-9][.,]?[0-9]*E\+[0-9]+$/i;

/**
 * The number as the service takes it. Spaces, dashes, brackets, a leading 00 and a trunk zero in
 * brackets go; without a country code only `national` can help.
 */
export function toE164(value: string, national?: NationalNumbers): string | undefined {
  if (E164.test(value)) return value;
  const text = value.normalize('NFKC').replace(MARKS, '').replace(/^tel:/i, '').trim();
  if (!text.startsWith('+')) {
    const number = national?.toE164(text);
    if (number !== undefined) return number;
  }
  const number = text.replace(/^00/, '+').replace(/\(0\)/, '').replace(PUNCTUATION, '');
  return E164.test(number) ? number : undefined;
}

export function phoneNumberReader(column: string, national?: NationalNumbers): CellReader {
  return (value, findings) => {
    const number = toE164(value, national);
    if (number !== undefined) return number;
    findings.add(invalidPhoneNumber, column, `"${column}" ${faultOf(value, national)}`);
    return value;
  };
}

function faultOf(value: string, national: NationalNumbers | undefined): string {
  if (POWER_OF_TEN.test(value)) {
    return 'was turned into a power of ten by a spreadsheet: format that column as text and export again.';
  }
  if (value.startsWith('+') || value.startsWith('00') || /\p{L}/u.test(value)) {
    return 'is not a phone number: write a plus sign, the country code and the number, digits only.';
  }
  return national === undefined
    ? 'has no country code: start it with + and the code, or give --default-country.'
    : `is not a phone number of ${national.country}: correct it, or start it with + and its country code.`;
}
