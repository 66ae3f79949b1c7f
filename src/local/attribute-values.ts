import { invalidParameter } from './errors.js';
import type { AttributeRule, PoolSchema } from './schema.js';

/** The shape of an attribute on the wire; a value that is absent counts as blank. */
export interface AttributeType {
  readonly Name: string;
  readonly Value?: string;
}

// [ATTR] "email valid RFC3696": one @, a dotted domain, no blanks; quoted local parts are refused as well.
const EMAIL =
  /^[^\s@"(),:;<>[\\\]]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,}$/u;
// [ATTR] phone_number is a plus sign and digits only; E.164 has at most 15.
const PHONE = /^\+[0-9]{1,15}$/;
const BIRTHDATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const NUMBER = /^-?[0-9]+(?:\.[0-9]+)?$/;
// Which forms a DateTime accepts is UNCONFIRMED: only the strictest, ISO 8601 with a zone, passes.
const DATE_TIME =
  /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})$/;

export function isEmail(value: string): boolean {
  const dot = value.startsWith('.') || value.includes('..') || value.includes('.@');
  return !dot && EMAIL.test(value);
}

export function isPhoneNumber(value: string): boolean {
  return PHONE.test(value);
}

/**
 * Checks names and values against the pool's schema and returns a flat list of name, value, name,
 * value, in which the names are the schema's own strings (a million users share them).
 * Blank values stay in the list: what a blank means depends on the operation.
 */
export function checkedAttributes(schema: PoolSchema, given: readonly AttributeType[]): string[] {
  const checked: string[] = [];
  const faults: string[] = [];
  for (const { Name, Value = '' } of given) {
    const rule = schema.rules.get(Name);
    if (rule === undefined) {
      faults.push(`${Name}: Attribute does not exist in the schema.\n`);
      continue;
    }
    // Whether the service takes the last of two equal names or refuses them is UNCONFIRMED: refused here.
    for (let at = 0; at < checked.length; at += 2) {
      if (checked[at] === Name) throw invalidParameter(`Duplicate attribute: ${Name}`);
    }
    if (Value !== '') {
      const fault = faultOf(rule, Value);
      if (fault !== undefined) faults.push(`${Name}: ${fault}\n`);
    }
    checked.push(rule.name, Value);
  }
  if (faults.length > 0) {
    throw invalidParameter(`Attributes did not conform to the schema: ${faults.join('')}`);
  }
  return checked;
}

/** Throws the plain messages that the service has for the well-known formats [ATTR]. */
function faultOf(rule: AttributeRule, value: string): string | undefined {
  // [ATTR] sub is never written. Whether `identities` may be is UNCONFIRMED: refused.
  if (rule.name === 'sub' || rule.name === 'identities') {
    throw invalidParameter(`Cannot modify the non-mutable attribute ${rule.name}`);
  }
  if (rule.name === 'email' && !isEmail(value))
    throw invalidParameter('Invalid email address format.');
  if (rule.name === 'phone_number' && !isPhoneNumber(value)) {
    throw invalidParameter('Invalid phone number format.');
  }
  if (rule.name === 'birthdate' && !isBirthdate(value)) {
    throw invalidParameter('Invalid birthdate format, please use YYYY-MM-DD.');
  }
  // [ATTR] "Amazon Cognito validates the input against the data type."
  switch (rule.type) {
    case 'String':
      return lengthFault(rule, value);
    case 'Number':
      return numberFault(rule, value);
    case 'Boolean':
      // All values are strings; only the two lower-case words pass, the strictest reading.
      return value === 'true' || value === 'false' ? undefined : 'Boolean must be true or false.';
    case 'DateTime':
      return DATE_TIME.test(value) && !Number.isNaN(Date.parse(value))
        ? undefined
        : 'DateTime must be an ISO 8601 date and time.';
  }
}

function lengthFault(rule: AttributeRule, value: string): string | undefined {
  if (value.length < rule.minLength) {
    return `String must be longer than ${rule.minLength - 1} characters.`;
  }
  if (value.length > rule.maxLength) {
    return `String must be no longer than ${rule.maxLength} characters.`;
  }
  return undefined;
}

function numberFault(rule: AttributeRule, value: string): string | undefined {
  if (!NUMBER.test(value)) return 'Number is not valid.';
  const number = Number(value);
  if (number < rule.minValue) return `Number must be at least ${rule.minValue}.`;
  if (number > rule.maxValue) return `Number must be at most ${rule.maxValue}.`;
  return undefined;
}

function isBirthdate(value: string): boolean {
  const parts = BIRTHDATE.exec(value);
  if (parts === null) return false;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  const date = new Date(Date.UTC(year, month - 1, day));
  date.setUTCFullYear(year);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
