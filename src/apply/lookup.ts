import { PoolError } from '../cognito/errors.js';
import type { UserPoolSettings } from '../cognito/description.js';
import type { PoolUser, ReadableUserPool, UserFilter } from '../cognito/user-pool.js';
import type { User } from '../record/user.js';
import { newEffort } from './calls.js';
import type { Calls, Effort } from './calls.js';
import type { Tools } from './tools.js';

/**
 * How far before our try a user may have been made and still be ours: the service's clock is known
 * to a second, from the Date of its answers.
 */
const clockSlackMs = 5_000;

/**
 * The filters that find a row's user with ListUsers. Where people sign in with an address, a username
 * filter would want the pool's own key. A filter heeds case even where the pool does not, and such a
 * pool may keep a name as it was given or in lower case, so both are asked for.
 */
export function filtersFor(user: Pick<User, 'username'>, pool: UserPoolSettings): UserFilter[] {
  const bySignIn = user.username.includes('@') ? 'email' : 'phone_number';
  const attribute = (pool.UsernameAttributes ?? []).length === 0 ? 'username' : bySignIn;
  const filters: UserFilter[] = [{ attribute, value: user.username }];
  const folded = user.username.toLowerCase();
  const caseSensitive = pool.UsernameConfiguration?.CaseSensitive ?? true;
  if (!caseSensitive && folded !== user.username) filters.push({ attribute, value: folded });
  return filters;
}

/**
 * Looks a row's user up without billing anybody. A user made a moment ago may not be there yet. A
 * user of an identity provider may have the same email, and is taken only where there is no other.
 */
export async function findListed(
  user: Pick<User, 'username'>,
  pool: ReadableUserPool,
  settings: UserPoolSettings,
  calls: Calls,
  effort: Effort,
): Promise<PoolUser | undefined> {
  for (const filter of filtersFor(user, settings)) {
    const page = await calls.repeatable('ListUsers', effort, () => pool.listUsers({ filter }));
    const found = page.items.find(({ status }) => status !== 'EXTERNAL_PROVIDER') ?? page.items[0];
    if (found) return found;
  }
  return undefined;
}

/** Looks a user up by the one name that never changes and is never given again. Bills nobody. */
export async function findBySub(
  sub: string,
  pool: ReadableUserPool,
  calls: Calls,
  effort = newEffort(),
): Promise<PoolUser | undefined> {
  const filter = { attribute: 'sub', value: sub } as const;
  const page = await calls.repeatable('ListUsers', effort, () => pool.listUsers({ filter }));
  return page.items[0];
}

/** Looks a row's user up exactly. Bills a monthly active user, so only where a list may lag. */
export async function findExact(
  user: Pick<User, 'username'>,
  pool: { adminGetUser(username: string): Promise<PoolUser> },
  calls: Calls,
  effort: Effort,
): Promise<PoolUser | undefined> {
  try {
    return await calls.retrying(effort, () =>
      calls.once('AdminGetUser', effort, () => pool.adminGetUser(user.username), {
        evenWhenStopped: true,
      }),
    );
  } catch (error) {
    if (error instanceof PoolError && error.code === 'UserNotFoundException') return undefined;
    throw error;
  }
}

/** Looks a row's user up in the list, which bills nobody, and exactly only where that knows of none. */
export async function findUser(
  user: Pick<User, 'username'>,
  { pool, settings, calls }: Pick<Tools, 'pool' | 'settings' | 'calls'>,
  effort = newEffort(),
): Promise<PoolUser | undefined> {
  return (
    (await findListed(user, pool, settings, calls, effort)) ??
    (await findExact(user, pool, calls, effort))
  );
}

/**
 * Whether a user found after a lost answer was made by our own call: not before it was sent, and
 * with every value that it sent. (Case apart: a case-insensitive pool may store an email folded.)
 */
export function isOurs(found: PoolUser, user: User, triedAt: number): boolean {
  if (found.createdAt < triedAt - clockSlackMs) return false;
  const values = new Map(found.attributes.map(({ Name, Value }) => [Name, Value.toLowerCase()]));
  return user.attributes.every(({ Name, Value }) => values.get(Name) === Value.toLowerCase());
}
