import type { Calls } from '../../apply/calls.js';
import { PoolError } from '../../cognito/errors.js';
import type { Page, PoolUser, ReadableUserPool } from '../../cognito/user-pool.js';
import { exportedUser } from '../../record/exported-row.js';
import type { Census } from './export-census.js';
import type { ExportPage } from './export-page.js';
import type { Session } from '../run/session.js';

/** Groups whose lists are read at once, so that the quota and not the latency sets the pace. */
const groupsAtOnce = 16;

/** The service takes the token of a page no more, so that its list can't be gone on with. */
export class StaleToken extends Error {
  override readonly name = 'StaleToken';
}

/** What of the pool is read, and by what. */
export interface Reading {
  readonly pool: ReadableUserPool;
  readonly calls: Calls;
  readonly groups: readonly string[];
  /** About how many there are. */
  readonly users: number;
}

/**
 * Reads all pages that the census does not know: first who is in which group, then the users, each
 * once and those of identity providers only counted. Uses ListUsersInGroup and ListUsers, which bill
 * nobody. Each page is taken into the census before the next is asked for. Throws a `StaleToken`.
 */
export async function* readPages(
  reading: Reading,
  census: Census,
  session: Session,
): AsyncGenerator<ExportPage, void, undefined> {
  yield* groupPages(reading, census, session);
  yield* userPages(reading, census, session);
}

async function* groupPages(
  reading: Reading,
  census: Census,
  { stop, listener }: Session,
): AsyncGenerator<ExportPage, void, undefined> {
  const { groups } = reading;
  // Nobody says how many users are in a group.
  listener.onPhase?.('reading the groups', 0);
  let open = groups.filter((group) => census.nextOf('group', group) !== null);
  while (open.length > 0) {
    stop.throwIfRequested();
    listener.onProgress?.(census.memberships);
    const pages = await Promise.all(
      open
        .slice(0, groupsAtOnce)
        .map((group) => groupPage(reading, group, census.nextOf('group', group) ?? undefined)),
    );
    for (const page of pages) {
      census.take(page);
      yield page;
    }
    open = open.filter((group) => census.nextOf('group', group) !== null);
  }
}

async function groupPage(
  { pool, calls }: Reading,
  group: string,
  next: string | undefined,
): Promise<ExportPage> {
  const page = await pageOf('ListUsersInGroup', next, calls, async () => {
    try {
      return await pool.listUsersInGroup(group, next);
    } catch (error) {
      // Deleted since the groups were listed: nobody is in it.
      if (error instanceof PoolError && error.code === 'ResourceNotFoundException') return nobody;
      throw error;
    }
  });
  const subs = page.items.map(keyOf);
  return { list: 'group', group, subs, ...(page.next !== undefined && { next: page.next }) };
}

const nobody: Page<PoolUser> = { items: [], next: undefined };

async function* userPages(
  { pool, calls, users }: Reading,
  census: Census,
  { stop, listener }: Session,
): AsyncGenerator<ExportPage, void, undefined> {
  listener.onPhase?.('reading the pool', users);
  listener.onProgress?.(census.users + census.external);
  for (let next = census.nextOf('users'); next !== null; next = census.nextOf('users')) {
    stop.throwIfRequested();
    const token = next === undefined ? {} : { next };
    const page = await pageOf('ListUsers', next, calls, () => pool.listUsers(token));
    const fresh = page.items.filter((user) => census.enter(keyOf(user)));
    const own = fresh.filter(({ status }) => status !== 'EXTERNAL_PROVIDER');
    const taken: ExportPage = {
      list: 'users',
      users: own.map(exportedUser),
      external: fresh.length - own.length,
      ...(page.next !== undefined && { next: page.next }),
    };
    census.take(taken);
    listener.onProgress?.(census.users + census.external);
    yield taken;
  }
}

function keyOf({ sub, username }: PoolUser): string {
  return sub ?? username;
}

async function pageOf(
  operation: 'ListUsers' | 'ListUsersInGroup',
  next: string | undefined,
  calls: Calls,
  send: () => Promise<Page<PoolUser>>,
): Promise<Page<PoolUser>> {
  try {
    return await calls.ask(operation, send);
  } catch (error) {
    const refused = error instanceof PoolError && error.code === 'InvalidParameterException';
    if (refused && next !== undefined) throw new StaleToken(error.message, { cause: error });
    throw error;
  }
}
