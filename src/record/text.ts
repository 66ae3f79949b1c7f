import type { CellReader, Findings } from './findings.js';
import type { Rule } from './rule.js';
import { ATTRIBUTES, CONTRACT, IMPORT_JOB, QUOTAS } from './sources.js';

export const surroundingSpace: Rule = {
  code: 'surrounding-space',
  severity: 'warning',
  about:
    'Space before or after a value: left out, as in AWS’s own import, but for tabs and line breaks of free text.',
  source: IMPORT_JOB,
  safe: true,
};

export const controlCharacter: Rule = {
  code: 'control-character',
  severity: 'warning',
  about: 'Characters that nobody can see, other than tabs and line breaks.',
  source: CONTRACT,
  safe: true,
};

export const replacementCharacter: Rule = {
  code: 'replacement-character',
  severity: 'warning',
  about: 'The mark U+FFFD: an earlier program read the text in a wrong encoding.',
  source: CONTRACT,
};

export const valueTooLong: Rule = {
  code: 'value-too-long',
  severity: 'error',
  about: 'More characters than the attribute, the username (128) or the password (256) may have.',
  source: QUOTAS,
};

export const valueTooShort: Rule = {
  code: 'value-too-short',
  severity: 'error',
  about: 'Fewer characters than the pool’s schema demands.',
  source: ATTRIBUTES,
};

/** The guide says bytes in one place and characters in another: hence a warning. */
export const valueOver2048Bytes: Rule = {
  code: 'value-over-2048-bytes',
  severity: 'warning',
  about: 'At most 2,048 characters, but more than 2,048 bytes, which the service may refuse.',
  source: QUOTAS,
};

/** For values with a form of their own: names, addresses, numbers. [IMPORT_JOB] blanks at both ends do not count. */
export function withoutSurroundingSpace(value: string, column: string, findings: Findings): string {
  if (!mayNeedTrim(value)) return value;
  const trimmed = value.trim();
  if (trimmed.length !== value.length) reportLeftOut(column, trimmed, findings);
  return trimmed;
}

/** For free text: blanks go, while tabs and line breaks may be meant and stay. */
export function withoutSurroundingBlanks(
  value: string,
  column: string,
  findings: Findings,
): string {
  if (!mayNeedTrim(value)) return value;
  const trimmed = value.trim();
  if (trimmed.length === value.length) return value;
  const rest = value.replace(/^\p{Zs}+|\p{Zs}+$/gu, '');
  if (rest.length === trimmed.length) {
    reportLeftOut(column, trimmed, findings);
  } else {
    findings.add(
      surroundingSpace,
      column,
      `"${column}" has a tab or line break before or after its value, which is sent: remove it from the file.`,
      trimmed,
    );
  }
  return rest;
}

/** Most values begin and end in printable ASCII; asking so much is far cheaper than trim. */
function mayNeedTrim(value: string): boolean {
  return !isPrintable(value.charCodeAt(0)) || !isPrintable(value.charCodeAt(value.length - 1));
}

function isPrintable(unit: number): boolean {
  return unit > 0x20 && unit < 0x7f;
}

function reportLeftOut(column: string, trimmed: string, findings: Findings): void {
  findings.add(
    surroundingSpace,
    column,
    `"${column}" has space before or after its value, which is left out: remove it from the file.`,
    trimmed,
  );
}

// Zero-width joiners are not among them: Persian, Hindi and emoji need them.
const UNSEEN = /(?![\t\n\r])[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;

export function checkCharacters(value: string, column: string, findings: Findings): void {
  for (let at = 0; at < value.length; at++) {
    const unit = value.charCodeAt(at);
    // What is common passes here, without a look at the rest.
    if (unit >= 0x20 && unit < 0x7f) continue;
    if (unit > 0x9f && unit < 0x200b) continue;
    if (unit > 0x2069 && unit < 0xfeff) continue;
    checkRareCharacters(value, column, findings);
    return;
  }
}

function checkRareCharacters(value: string, column: string, findings: Findings): void {
  const seen = value.replace(UNSEEN, '');
  if (seen.length !== value.length) {
    findings.add(
      controlCharacter,
      column,
      `"${column}" has control characters or invisible ones: remove them.`,
      seen,
    );
  }
  if (value.includes('\ufffd')) {
    findings.add(
      replacementCharacter,
      column,
      `"${column}" has the mark of lost characters (U+FFFD): export the file again, as UTF-8.`,
    );
  }
}

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

const MOST_BYTES = 2048;

export function checkLength(
  value: string,
  { min, max }: Bounds,
  column: string,
  findings: Findings,
): void {
  const { length } = value;
  if (length > max) {
    findings.add(
      valueTooLong,
      column,
      `"${column}" has ${length} characters, and at most ${max} are allowed: shorten it.`,
    );
  } else if (length < min) {
    findings.add(
      valueTooShort,
      column,
      `"${column}" has ${length} characters, and at least ${min} are needed: complete it.`,
    );
  } else if (length * 3 > MOST_BYTES && bytesOf(value) > MOST_BYTES) {
    findings.add(
      valueOver2048Bytes,
      column,
      `"${column}" takes more than ${MOST_BYTES} bytes, which Cognito may refuse: shorten it.`,
    );
  }
}

/** The value's size in UTF-8; counted here because Buffer would encode it for nothing. */
export function bytesOf(value: string): number {
  let bytes = value.length;
  for (let at = 0; at < value.length; at++) {
    const unit = value.charCodeAt(at);
    if (unit < 0x80) continue;
    // Half of a surrogate pair counts two bytes: a pair takes four.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2;
  }
  return bytes;
}

export function textReader(column: string, bounds: Bounds): CellReader {
  return (value, findings) => {
    checkLength(value, bounds, column, findings);
    return value;
  };
}
