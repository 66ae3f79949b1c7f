import { valueOf } from './attribute-list.js';
import { invalidParameter } from './errors.js';
import { pageOf, readToken, tokenAt } from './paging.js';
import type { Pool } from './pool.js';
import { described } from './user-shape.js';
import type { WireUser } from './user-shape.js';
import type { StoredUser } from './user-store.js';

/**
 * How many users one call looks at. [MODEL] a filter may bring pages that are empty and still have a
 * token; in a large pool this one does.
 */
const LOOKED_AT = 100_000;

interface ListUsersInput {
  readonly UserPoolId: string;
  readonly AttributesToGet?: readonly string[];
  readonly Limit?: number;
  readonly PaginationToken?: string;
  readonly Filter?: string;
}

export function listUsers(pool: Pool, input: ListUsersInput): object {
  pool.check(input.UserPoolId);
  const filter = readFilter(input.Filter ?? '');
  const start = readToken(input.PaginationToken, input.Filter);
  const wanted = input.AttributesToGet ?? [];
  for (const name of wanted) {
    if (!pool.settings.schema.rules.has(name)) {
      throw invalidParameter('One or more requested attributes do not exist.');
    }
  }
  const shows = (user: StoredUser): boolean =>
    (filter === undefined || matches(filter, user)) && !pool.parts.lag.hidesUser(user);
  const only = exactUser(pool, filter);
  const page =
    only === undefined
      ? scan(pool, start, pageOf(input.Limit), shows)
      : { users: only.filter(shows), next: undefined };
  return {
    Users: page.users.map((user) => narrowed(described(user), wanted)),
    ...(page.next !== undefined && { PaginationToken: tokenAt(page.next, input.Filter) }),
  };
}

interface ListInGroupInput {
  readonly UserPoolId: string;
  readonly GroupName: string;
  readonly Limit?: number;
  readonly NextToken?: string;
}

export function listUsersInGroup(pool: Pool, input: ListInGroupInput): object {
  pool.check(input.UserPoolId);
  const group = pool.group(input.GroupName);
  const start = readToken(input.NextToken, group.name);
  const shows = (user: StoredUser): boolean =>
    user.groups.includes(group) &&
    !pool.parts.lag.hidesUser(user) &&
    !pool.parts.lag.hidesMember(user);
  const page =
    group.members === 0
      ? { users: [], next: undefined }
      : scan(pool, start, pageOf(input.Limit), shows);
  return {
    Users: page.users.map((user) => described(user)),
    ...(page.next !== undefined && { NextToken: tokenAt(page.next, group.name) }),
  };
}

interface Page {
  readonly users: readonly StoredUser[];
  /** Where the next page starts, where there may be one. */
  readonly next: number | undefined;
}

function scan(pool: Pool, start: number, size: number, shows: (user: StoredUser) => boolean): Page {
  const users: StoredUser[] = [];
  const end = pool.users.end;
  const stop = Math.min(end, start + LOOKED_AT);
  let at = start;
  for (; at < stop && users.length < size; at += 1) {
    const user = pool.users.at(at);
    if (user !== undefined && shows(user)) users.push(user);
  }
  return { users, next: at < end ? at : undefined };
}

interface Filter {
  readonly name: string;
  readonly prefix: boolean;
  readonly value: string;
}

// [MODEL] the attributes that can be searched for; custom ones can't.
const SEARCHABLE = new Set([
  'username',
  'email',
  'phone_number',
  'name',
  'given_name',
  'family_name',
  'preferred_username',
  'cognito:user_status',
  'status',
  'sub',
]);

const FILTER = /^\s*([^\s=^"]+)\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*$/su;

/** [MODEL] one attribute, = or ^=, a value in quotes in which a quote is escaped by a backslash. */
function readFilter(text: string): Filter | undefined {
  if (text.trim() === '') return undefined;
  const parts = FILTER.exec(text);
  if (parts === null) throw invalidParameter('Error while parsing filter.');
  const [, name = '', operator, value = ''] = parts;
  if (!SEARCHABLE.has(name)) {
    throw invalidParameter('One or more attributes in the filter can not be searched for.');
  }
  return { name, prefix: operator === '^=', value: value.replaceAll(/\\(.)/gsu, '$1') };
}

/** Most filters ask for one username: that needs no search. */
function exactUser(pool: Pool, filter: Filter | undefined): readonly StoredUser[] | undefined {
  if (filter?.name !== 'username' || filter.prefix) return undefined;
  const user = pool.users.byUsername(filter.value);
  return user === undefined ? [] : [user];
}

function matches(filter: Filter, user: StoredUser): boolean {
  const value = searched(filter.name, user);
  if (value === undefined) return false;
  // The user status is compared without regard to case, the username with it [MODEL]; for the other
  // attributes it isn't said: with regard to case here.
  if (filter.name === 'cognito:user_status') {
    return compare(filter, value.toLowerCase(), filter.value.toLowerCase());
  }
  return compare(filter, value, filter.value);
}

function compare(filter: Filter, value: string, wanted: string): boolean {
  return filter.prefix ? value.startsWith(wanted) : value === wanted;
}

function searched(name: string, user: StoredUser): string | undefined {
  switch (name) {
    case 'username':
      return user.username;
    case 'sub':
      return user.sub;
    case 'status':
      return user.enabled ? 'Enabled' : 'Disabled';
    case 'cognito:user_status':
      return user.status;
    default:
      return valueOf(user.attributes, name);
  }
}

/** [MODEL] AttributesToGet is an error unless every user of the page has them all. */
function narrowed(user: WireUser, wanted: readonly string[]): WireUser {
  if (wanted.length === 0) return user;
  const Attributes = user.Attributes.filter(({ Name }) => wanted.includes(Name));
  if (Attributes.length < new Set(wanted).size) {
    throw invalidParameter('One or more requested attributes are not set for all users.');
  }
  return { ...user, Attributes };
}
