import type { CellReader } from './findings.js';
import type { Rule } from './rule.js';
import { ATTRIBUTES } from './sources.js';

/**
 * Which forms the service takes is not documented: ISO 8601 and seconds since 1970 pass here, and
 * what is no point in time at all does not.
 */
export const notADateTime: Rule = {
  code: 'not-a-date-time',
  severity: 'error',
  about: 'A DateTime attribute that is neither an ISO 8601 date or time nor seconds since 1970.',
  source: ATTRIBUTES,
};

const ISO =
  /^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?$/;
const SECONDS = /^[0-9]{1,13}$/;

export function dateTimeReader(column: string): CellReader {
  return (value, findings) => {
    if (!SECONDS.test(value) && !(ISO.test(value) && !Number.isNaN(Date.parse(value)))) {
      findings.add(
        notADateTime,
        column,
        `"${column}" is not a date and time: write it as 2026-01-31T12:00:00Z.`,
      );
    }
    return value;
  };
}
