import type { Calls } from '../../apply/calls.js';
import { eachPage } from '../../apply/pages.js';
import type { PoolUser, ReadableUserPool } from '../../cognito/user-pool.js';
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
  return eachPage(
    'ListUsers',
    (next) => {
      stop.throwIfRequested();
      return calls.ask('ListUsers', () => pool.listUsers({ ...(next !== undefined && { next }) }));
    },
    (users) => {
      users.forEach(see);
      seen += users.length;
      listener.onProgress?.(seen);
      return drain?.();
    },
  );
}

/** Shows every member of a group. Rejects with `ResourceNotFoundException` for a group that is not there. */
export function scanGroup(
  group: string,
  pool: ReadableUserPool,
  calls: Calls,
  { stop }: Session,
  see: (user: PoolUser) => void,
): Promise<void> {
  return eachPage(
    'ListUsersInGroup',
    (next) => {
      stop.throwIfRequested();
      return calls.ask('ListUsersInGroup', () => pool.listUsersInGroup(group, next));
    },
    (users) => {
      users.forEach(see);
    },
  );
}
