import type { CellReader } from './findings.js';
import type { Rule } from './rule.js';
import { OPENID_CLAIMS } from './sources.js';

// The service takes any text here; what reads the tokens may not. Hence warnings.

export const invalidLocale: Rule = {
  code: 'invalid-locale',
  severity: 'warning',
  about: 'A `locale` that is not a language tag such as en-GB.',
  source: OPENID_CLAIMS,
};

export const invalidZoneinfo: Rule = {
  code: 'invalid-zoneinfo',
  severity: 'warning',
  about: 'A `zoneinfo` that is not a time zone’s name such as Europe/Paris.',
  source: OPENID_CLAIMS,
};

export const invalidUrl: Rule = {
  code: 'invalid-url',
  severity: 'warning',
  about: 'A `picture`, `profile` or `website` that is not a web address.',
  source: OPENID_CLAIMS,
};

const COMMON_LOCALE = /^[a-z]{2}(?:[-_][A-Z]{2})?$/;

export function localeReader(column: string): CellReader {
  return (value, findings) => {
    if (!COMMON_LOCALE.test(value) && !isLanguageTag(value)) {
      findings.add(
        invalidLocale,
        column,
        `"${column}" is not a language tag: write one such as en or en-GB.`,
      );
    }
    return value;
  };
}

function isLanguageTag(value: string): boolean {
  // Tags of four to eight letters are well formed, and there is none: they are names of languages.
  if (!/^[a-z]{2,3}(?:[-_]|$)/i.test(value)) return false;
  try {
    // OpenID Connect puts up with the underscore that many programs write.
    return Intl.getCanonicalLocales(value.replaceAll('_', '-')).length === 1;
  } catch {
    return false;
  }
}

const MOST_ZONES = 1000;

export function zoneinfoReader(column: string): CellReader {
  // Asking Intl is slow, and a file has few zones: each answer is kept.
  const answers = new Map<string, boolean>();
  return (value, findings) => {
    let known = answers.get(value);
    if (known === undefined) {
      known = isTimeZone(value);
      if (answers.size < MOST_ZONES) answers.set(value, known);
    }
    if (!known) {
      findings.add(
        invalidZoneinfo,
        column,
        `"${column}" is not a time zone’s name: write one such as Europe/Paris.`,
      );
    }
    return value;
  };
}

function isTimeZone(value: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

export function urlReader(column: string): CellReader {
  return (value, findings) => {
    if (!/^https?:\/\//i.test(value) || !URL.canParse(value)) {
      findings.add(
        invalidUrl,
        column,
        `"${column}" is not a web address: write it in full, with https:// in front.`,
      );
    }
    return value;
  };
}
