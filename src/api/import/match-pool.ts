import pLimit from 'p-limit';

import type { Calls, Effort } from '../../apply/calls.js';
import { filtersFor } from '../../apply/lookup.js';
import type { UserPoolSettings } from '../../cognito/description.js';
import type { ReadableUserPool, UserFilter } from '../../cognito/user-pool.js';
import type { PoolMatch } from '../../plan/pool-match.js';
import type { User } from '../../record/user.js';
import type { CheckedBatch } from '../run/checked-rows.js';
import type { Session } from '../run/session.js';

/** ListUsers gives at most so many a page. */
const pageSize = 60;
/** Looking rows up one by one must be this much cheaper than reading the pool, whose size is a guess. */
const clearlyCheaper = 4;
const lookupsAtOnce = 16;

const noEffort = (): Effort => ({ attempts: 0, pacedMs: 0 });

/**
 * Shows a match the users of the pool: all of them, page by page, or, where the file is small and the
 * pool large, those that the rows name. Uses ListUsers alone, which bills nobody.
 */
export async function matchPool(
  match: PoolMatch,
  rows: () => AsyncIterable<CheckedBatch>,
  rowCount: number,
  pool: ReadableUserPool,
  settings: UserPoolSettings,
  calls: Calls,
  session: Session,
): Promise<void> {
  const users = settings.EstimatedNumberOfUsers ?? 0;
  const lookups = rowCount * (1 + (settings.AliasAttributes ?? []).length);
  if (lookups * clearlyCheaper < users / pageSize) {
    session.listener.onPhase?.('reading the pool', rowCount);
    await lookRowsUp(match, rows(), pool, settings, calls, session);
  } else {
    session.listener.onPhase?.('reading the pool', users);
    await readAll(match, pool, calls, session);
  }
}

async function readAll(
  match: PoolMatch,
  pool: ReadableUserPool,
  calls: Calls,
  { stop, listener }: Session,
): Promise<void> {
  let next: string | undefined;
  let seen = 0;
  do {
    stop.throwIfRequested();
    const page = await calls.repeatable('ListUsers', noEffort(), () =>
      pool.listUsers({ ...(next !== undefined && { next }) }),
    );
    for (const user of page.items) match.see(user);
    seen += page.items.length;
    listener.onProgress?.(seen);
    next = page.next;
  } while (next !== undefined);
}

async function lookRowsUp(
  match: PoolMatch,
  rows: AsyncIterable<CheckedBatch>,
  pool: ReadableUserPool,
  settings: UserPoolSettings,
  calls: Calls,
  { stop, listener }: Session,
): Promise<void> {
  const limit = pLimit(lookupsAtOnce);
  let done = 0;
  for await (const batch of rows) {
    stop.throwIfRequested();
    await limit.map(batch.rows, async ({ user }) => {
      for (const filter of user ? allFiltersFor(user, settings) : []) {
        const page = await calls.repeatable('ListUsers', noEffort(), () =>
          pool.listUsers({ filter }),
        );
        for (const found of page.items) match.see(found);
      }
      listener.onProgress?.(++done);
    });
  }
}

/** Finds the row's user, and whoever has its addresses as aliases. */
function allFiltersFor(user: User, settings: UserPoolSettings): UserFilter[] {
  const filters = filtersFor(user, settings);
  for (const attribute of ['email', 'phone_number'] as const) {
    const value = user.attributes.find(({ Name }) => Name === attribute)?.Value;
    if (value !== undefined && settings.AliasAttributes?.includes(attribute) === true) {
      filters.push({ attribute, value });
    }
  }
  return filters;
}
