import type { CellReader, Findings } from './findings.js';
import type { Rule } from './rule.js';
import { ATTRIBUTES, SCHEMA_ATTRIBUTE } from './sources.js';

export const notANumber: Rule = {
  code: 'not-a-number',
  severity: 'error',
  about: 'A Number attribute that is not digits with an optional sign and decimal point.',
  source: ATTRIBUTES,
  safe: true,
};

export const numberOutOfRange: Rule = {
  code: 'number-out-of-range',
  severity: 'error',
  about: 'A number below the minimum or above the maximum of the pool’s schema.',
  source: SCHEMA_ATTRIBUTE,
};

export const updatedAtInMilliseconds: Rule = {
  code: 'updated-at-in-milliseconds',
  severity: 'warning',
  about:
    'An `updated_at` so large that it counts milliseconds; it is to be whole seconds since 1970.',
  source: ATTRIBUTES,
  safe: true,
};

const NUMBER = /^-?[0-9]+(?:\.[0-9]+)?$/;
const ISO_TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?:Z|[+-][0-9]{2}:?[0-9]{2})$/;
// In seconds this is the year 5138.
const FIRST_MILLISECONDS = 1e11;

export interface Range {
  readonly min: number;
  readonly max: number;
}

export function numberReader(column: string, range: Range): CellReader {
  return (value, findings) => {
    if (NUMBER.test(value)) checkRange(Number(value), range, column, findings);
    else
      findings.add(
        notANumber,
        column,
        `"${column}" is not a number: write digits only, such as 42.`,
      );
    return value;
  };
}

/** `updated_at` is a number for the API, whatever exports write. */
export function updatedAtReader(column: string, range: Range): CellReader {
  return (value, findings) => {
    if (!NUMBER.test(value)) {
      const time = ISO_TIME.test(value) ? Date.parse(value) : Number.NaN;
      findings.add(
        notANumber,
        column,
        `"${column}" is not a number: write the seconds since 1970.`,
        Number.isNaN(time) ? undefined : String(Math.floor(time / 1000)),
      );
      return value;
    }
    const seconds = Number(value);
    checkRange(seconds, range, column, findings);
    if (seconds >= FIRST_MILLISECONDS) {
      findings.add(
        updatedAtInMilliseconds,
        column,
        `"${column}" seems to count milliseconds: write the seconds since 1970.`,
        String(Math.floor(seconds / 1000)),
      );
    }
    return value;
  };
}

function checkRange(number: number, { min, max }: Range, column: string, findings: Findings): void {
  if (number >= min && number <= max) return;
  findings.add(
    numberOutOfRange,
    column,
    number < min
      ? `"${column}" is below ${min}, the least that the pool allows: correct it.`
      : `"${column}" is above ${max}, the most that the pool allows: correct it.`,
  );
}
