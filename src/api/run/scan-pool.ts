import type { Calls } from '../../apply/calls.js';
import type { Page, PoolUser, ReadableUserPool } from '../../cognito/user-pool.js';
import { Refusal } from '../refusal.js';
import type { Session } from './session.js';

/**
 * Shows every user of a pool, page by page. A scan that breaks off rejects, so that it is never taken
 * for a small pool. Bills nobody.
 */
export function scanPool(
  pool: ReadableUserPool,
  calls: Calls,
  { stop, listener }: Session,
  see: (user: PoolUser) => void,
  drain?: () => Promise<void>,
): Promise<void> {
  let seen = 0;
  return allPages(async (next) => {
    stop.throwIfRequested();
    const page = await calls.repeatable('ListUsers', { attempts: 0, pacedMs: 0 }, () =>
      pool.listUsers({ ...(next !== undefined && { next }) }),
    );
    for (const user of page.items) see(user);
    seen += page.items.length;
    listener.onProgress?.(seen);
    await drain?.();
    return page;
  });
}

/** Shows every member of a group. Rejects with `ResourceNotFoundException` for a group that is not there. */
export function scanGroup(
  group: string,
  pool: ReadableUserPool,
  calls: Calls,
  { stop }: Session,
  see: (user: PoolUser) => void,
): Promise<void> {
  return allPages(async (next) => {
    stop.throwIfRequested();
    const page = await calls.repeatable('ListUsersInGroup', { attempts: 0, pacedMs: 0 }, () =>
      pool.listUsersInGroup(group, next),
    );
    for (const user of page.items) see(user);
    return page;
  });
}

async function allPages(read: (next: string | undefined) => Promise<Page<unknown>>): Promise<void> {
  let next: string | undefined;
  do {
    const page = await read(next);
    // A list that goes round in a circle has no end.
    if (page.next !== undefined && page.next === next) {
      throw new Refusal(
        'The pool gives the same page of its list again and again: try again later.',
      );
    }
    next = page.next;
  } while (next !== undefined);
}
