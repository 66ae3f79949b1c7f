import type { RowResult, Status } from '../apply/result.js';
import {
  anyText,
  anything,
  count,
  list,
  number,
  object,
  oneOf,
  ShapeError,
  table,
  time,
} from '../cognito/json-shape.js';
import type { Read } from '../cognito/json-shape.js';
import type { StepName } from '../plan/steps.js';
import type { Entry, RowEntry, TryEntry } from './entries.js';

/**
 * More rows than a journal can tell of. A pool holds 40 million users unless AWS agrees to more, and
 * memory and time grow with the largest row that a journal names.
 */
const mostRows = 100_000_000;

/** A journal's line, or undefined where it is none: half a line, or one of something else. */
export function readEntry(line: string): Entry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || !('t' in value)) return undefined;
    if (value.t === 'row') return isRow(value) ? value : undefined;
    if (value.t === 'try') return isTry(value) ? value : undefined;
    const { t } = value;
    if (typeof t !== 'string' || !isOther(t)) return undefined;
    return { t, ...(others[t](value, '') as object) } as Entry;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof ShapeError) return undefined;
    throw error;
  }
}

const foretold = object({
  'forecast!': object({
    'seconds!': number,
    'messages!': number,
    'messageDays!': number,
    'monthlyActiveUsers!': number,
    'costUsd!': object({ 'lite!': number, 'essentials!': number, 'plus!': number }),
  }),
  savedPlan: anyText,
  overCap: object({ 'removals!': count, 'allowed!': count }),
});

/** Lines of which a journal has a few; what this version does not know in them is left out. */
const others: Readonly<Record<Exclude<Entry['t'], 'row' | 'try'>, Read>> = {
  run: object({
    'version!': oneOf(1),
    'run!': anyText,
    'command!': anyText,
    'at!': time,
    'file!': object({ 'name!': anyText, path: anyText }),
    'pool!': object({ 'id!': anyText, 'region!': anyText }),
    rehearsal: oneOf(true),
    'options!': anything,
  }),
  checked: object({
    'rows!': rowCount,
    'sha256!': anyText,
    'missingGroups!': list(anyText),
    places: list(object({ 'offset!': count, 'line!': count, 'row!': count })),
  }),
  figures: object({
    'at!': time,
    'seconds!': number,
    'calls!': table(
      object({ 'ok!': number, 'throttled!': number, 'retried!': number, 'failed!': number }),
    ),
    'rates!': table(object({ 'limit!': number, 'share!': number })),
    latencies: table(object({ 'max!': number, 'buckets!': list(bucket) })),
  }),
  session: object({ 'at!': time }),
  end: object({
    'at!': time,
    'outcome!': oneOf('complete', 'stopped', 'interrupted'),
    reason: anyText,
    notices: list(anyText),
    foretold,
    'exitCode!': count,
  }),
  flushed: object({ 'to!': count }),
};

function isOther(t: string): t is keyof typeof others {
  return Object.hasOwn(others, t);
}

function rowCount(value: unknown, where: string): unknown {
  if (isRowNumber(value) || value === mostRows) return value;
  throw new ShapeError(`${where} must be a number of rows.`);
}

function bucket(value: unknown, where: string): unknown {
  const [at, calls, ...more] = list(count)(value, where) as number[];
  if (at === undefined || calls === undefined || more.length > 0) {
    throw new ShapeError(`${where} must be two numbers.`);
  }
  return value;
}

const statuses: Readonly<Record<Status, true>> = {
  created: true,
  updated: true,
  unchanged: true,
  exists: true,
  disabled: true,
  deleted: true,
  verified: true,
  'code-sent': true,
  partial: true,
  failed: true,
  invalid: true,
  'not-attempted': true,
  valid: true,
  'would-create': true,
  'would-update': true,
  'would-disable': true,
  'would-delete': true,
};

const steps: Readonly<Record<StepName, true>> = {
  create: true,
  invite: true,
  password: true,
  challenge: true,
  attributes: true,
  verified: true,
  groups: true,
  enable: true,
  disable: true,
  delete: true,
  'send-code': true,
  'confirm-code': true,
};

const invitations = { unsent: true, unknown: true } as const;

type Unread<T> = { readonly [Name in keyof T]?: unknown };

/** Written out by hand: there is one for each row, and `resume` reads them all before its first call. */
function isRow(entry: Unread<RowEntry>): entry is RowEntry {
  return (
    isRowNumber(entry.row) &&
    isCount(entry.line) &&
    typeof entry.username === 'string' &&
    isOneOf(entry.status, statuses) &&
    Array.isArray(entry.steps) &&
    entry.steps.every((step) => isOneOf(step, steps)) &&
    isCount(entry.attempts) &&
    typeof entry.final === 'boolean' &&
    isTime(entry.at) &&
    hasFittingExtras(entry)
  );
}

/** What a result has only where there is something to say. */
function hasFittingExtras({
  sub,
  code,
  message,
  made,
  unknownSince,
  triesAt,
  invitation,
}: Unread<RowResult>): boolean {
  return (
    isTextOrAbsent(sub) &&
    isTextOrAbsent(code) &&
    isTextOrAbsent(message) &&
    isTextOrAbsent(made) &&
    (unknownSince === undefined || isTime(unknownSince)) &&
    (invitation === undefined || isOneOf(invitation, invitations)) &&
    (triesAt === undefined || (Array.isArray(triesAt) && triesAt.every(isTime)))
  );
}

function isTry(entry: Unread<TryEntry>): entry is TryEntry {
  const { rows } = entry;
  if (!Array.isArray(rows)) return false;
  return rows.every(
    (pair: unknown) =>
      Array.isArray(pair) && pair.length === 2 && isRowNumber(pair[0]) && isTime(pair[1]),
  );
}

function isRowNumber(value: unknown): value is number {
  return isCount(value) && value < mostRows;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= 8.64e15;
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

function isOneOf(value: unknown, known: Readonly<Record<string, true>>): boolean {
  return typeof value === 'string' && Object.hasOwn(known, value);
}
