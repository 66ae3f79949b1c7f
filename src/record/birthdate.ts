import type { CellReader } from './findings.js';
import type { Rule } from './rule.js';
import { ATTRIBUTES, CONTRACT } from './sources.js';

export const invalidBirthdate: Rule = {
  code: 'invalid-birthdate',
  severity: 'error',
  about: 'A birthdate that is not a day of the calendar written as YYYY-MM-DD.',
  source: ATTRIBUTES,
  safe: true,
};

export const birthdateInFuture: Rule = {
  code: 'birthdate-in-future',
  severity: 'warning',
  about: 'A birthdate later than today.',
  source: CONTRACT,
};

const ISO = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const YEAR_FIRST = /^([0-9]{4})[-/.]?([0-9]{1,2})[-/.]?([0-9]{1,2})(?:[T ].*)?$/;
const YEAR_LAST = /^([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})$/;
const HALF_A_DAY = 14 * 3600 * 1000;

/** @param monthFirst whether `mm/dd/yyyy` is read, as AWS's own import file has it. */
export function birthdateReader(column: string, monthFirst: boolean, now: Date): CellReader {
  // The first place on earth where tomorrow begins is 14 hours ahead of UTC.
  const today = new Date(now.getTime() + HALF_A_DAY).toISOString().slice(0, 10);
  return (value, findings) => {
    const date = isDay(value) ? value : monthFirst ? monthFirstDay(value) : undefined;
    if (date === undefined) {
      findings.add(
        invalidBirthdate,
        column,
        `"${column}" is not a date that Cognito takes: write it as YYYY-MM-DD.`,
        proposedDay(value),
      );
      return value;
    }
    if (date > today) {
      findings.add(birthdateInFuture, column, `"${column}" lies in the future: check it.`);
    }
    return date;
  };
}

function isDay(value: string): boolean {
  if (!ISO.test(value)) return false;
  return isDate(Number(value.slice(0, 4)), Number(value.slice(5, 7)), Number(value.slice(8)));
}

function monthFirstDay(value: string): string | undefined {
  const parts = YEAR_LAST.exec(value);
  return parts === null ? undefined : day(Number(parts[3]), Number(parts[1]), Number(parts[2]));
}

/** Only what can be read in one way: of 03/04/1990 nobody knows the month. */
function proposedDay(value: string): string | undefined {
  const first = YEAR_FIRST.exec(value);
  if (first !== null) return day(Number(first[1]), Number(first[2]), Number(first[3]));
  const last = YEAR_LAST.exec(value);
  if (last === null) return undefined;
  const [one, two, year] = [Number(last[1]), Number(last[2]), Number(last[3])];
  if (one > 12 || one === two) return day(year, two, one);
  return two > 12 ? day(year, one, two) : undefined;
}

function isDate(year: number, month: number, date: number): boolean {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const short = month === 4 || month === 6 || month === 9 || month === 11;
  const days = month === 2 ? (leap ? 29 : 28) : short ? 30 : 31;
  return month >= 1 && month <= 12 && date >= 1 && date <= days;
}

/** YYYY-MM-DD, or undefined where the calendar has no such day. */
function day(year: number, month: number, date: number): string | undefined {
  if (!isDate(year, month, date)) return undefined;
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(date)}`;
}
