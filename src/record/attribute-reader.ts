import type { SchemaAttribute } from '../cognito/description.js';
import { birthdateReader } from './birthdate.js';
import { readBoolean } from './boolean.js';
import { localeReader, urlReader, zoneinfoReader } from './claims.js';
import { dateTimeReader } from './date-time.js';
import { emailReader } from './email.js';
import type { CellReader } from './findings.js';
import { numberReader, updatedAtReader } from './number.js';
import type { Range } from './number.js';
import { phoneNumberReader } from './phone-number.js';
import type { PoolFacts } from './pool-facts.js';
import type { ReadingSettings } from './settings.js';
import { checkLength, textReader } from './text.js';
import type { Bounds } from './text.js';

/** The most that any attribute may have [QUOTAS]. */
const MOST_CHARACTERS = 2048;

export interface Reading {
  readonly facts: PoolFacts;
  readonly settings: ReadingSettings;
  /** Whether the file has the form of AWS's own import, with its `mm/dd/yyyy`. */
  readonly importJob: boolean;
}

/** Whether an attribute takes any text, so that tabs and line breaks around it may be meant. */
export function isFreeText(name: string, facts: PoolFacts): boolean {
  return typeOf(name, facts) === 'String' && !FORMAL.has(name);
}

/** Whether the pool may hold space around a value: where the service does not check the form. */
export function keepsSpace(name: string, facts: PoolFacts): boolean {
  return typeOf(name, facts) === 'String' && !CHECKED.has(name);
}

const CHECKED = new Set(['email', 'phone_number', 'birthdate']);

const FORMAL = new Set([
  'email',
  'phone_number',
  'birthdate',
  'locale',
  'zoneinfo',
  'picture',
  'profile',
  'website',
  'preferred_username',
]);

/** What reads the cells of one attribute; made once for a file. */
export function attributeReader(name: string, column: string, reading: Reading): CellReader {
  const attribute = reading.facts.schema?.get(name);
  switch (typeOf(name, reading.facts)) {
    case 'Number':
      return name === 'updated_at'
        ? updatedAtReader(column, rangeOf(attribute))
        : numberReader(column, rangeOf(attribute));
    case 'Boolean':
      return (value, findings) => String(readBoolean(value, column, findings));
    case 'DateTime':
      return dateTimeReader(column);
    case 'String':
      return stringReader(name, column, attribute, reading);
  }
}

function typeOf(name: string, { schema }: PoolFacts): 'String' | 'Number' | 'DateTime' | 'Boolean' {
  const type = schema?.get(name)?.AttributeDataType;
  if (type !== undefined) return type;
  if (name === 'updated_at') return 'Number';
  return name === 'email_verified' || name === 'phone_number_verified' ? 'Boolean' : 'String';
}

function stringReader(
  name: string,
  column: string,
  attribute: SchemaAttribute | undefined,
  { settings, importJob }: Reading,
): CellReader {
  const bounds = boundsOf(attribute);
  switch (name) {
    case 'birthdate':
      // A date is ten characters, which is what the schema asks for.
      return birthdateReader(column, importJob, settings.now);
    case 'email':
      return withLength(emailReader(column), bounds, column);
    case 'phone_number':
      return withLength(phoneNumberReader(column, settings.nationalNumbers), bounds, column);
    case 'locale':
      return withLength(localeReader(column), bounds, column);
    case 'zoneinfo':
      return withLength(zoneinfoReader(column), bounds, column);
    case 'picture':
    case 'profile':
    case 'website':
      return withLength(urlReader(column), bounds, column);
    default:
      return textReader(column, bounds);
  }
}

function withLength(read: CellReader, bounds: Bounds, column: string): CellReader {
  return (value, findings) => {
    const sent = read(value, findings);
    checkLength(sent, bounds, column, findings);
    return sent;
  };
}

function boundsOf(attribute: SchemaAttribute | undefined): Bounds {
  const constraints = attribute?.StringAttributeConstraints;
  return {
    min: Number(constraints?.MinLength ?? 0),
    max: Math.min(Number(constraints?.MaxLength ?? MOST_CHARACTERS), MOST_CHARACTERS),
  };
}

function rangeOf(attribute: SchemaAttribute | undefined): Range {
  const constraints = attribute?.NumberAttributeConstraints;
  return {
    min: Number(constraints?.MinValue ?? Number.NEGATIVE_INFINITY),
    max: Number(constraints?.MaxValue ?? Number.POSITIVE_INFINITY),
  };
}
