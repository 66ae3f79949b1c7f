import pLimit from 'p-limit';

import type { Calls } from '../../apply/calls.js';
import { filtersFor } from '../../apply/lookup.js';
import type { PoolDescription, UserPoolSettings } from '../../cognito/description.js';
import type { PoolUser, ReadableUserPool, UserFilter } from '../../cognito/user-pool.js';
import type { PoolMatch } from '../../plan/pool-match.js';
import { readRow } from '../../record/row.js';
import type { User } from '../../record/user.js';
import type { UncheckedFile } from '../run/check-file.js';
import { scanPool } from '../run/scan-pool.js';
import type { Session } from '../run/session.js';

/** ListUsers gives at most so many a page. */
const pageSize = 60;
/** Looking rows up one by one must be this much cheaper than reading the pool, whose size is a guess. */
const clearlyCheaper = 4;
const lookupsAtOnce = 16;

/** A file that was checked, and the pool. */
interface Matched extends UncheckedFile {
  /** Nothing that writes can be called. */
  readonly pool: ReadableUserPool;
  readonly description: PoolDescription;
}

/**
 * Shows a match the users of the pool: all of them, page by page, or, where the file is small and the
 * pool large, those that the rows name. Uses ListUsers alone, which bills nobody.
 */
export async function matchPool(
  match: PoolMatch,
  file: Matched,
  calls: Calls,
  session: Session,
): Promise<void> {
  const { EstimatedNumberOfUsers: users = 0, AliasAttributes = [] } = file.description.UserPool;
  const rows = file.journal.whole?.rows ?? 0;
  const lookups = rows * (1 + AliasAttributes.length);
  const see = (user: PoolUser): void => {
    match.see(user);
  };
  if (lookups * clearlyCheaper < users / pageSize) {
    session.listener.onPhase?.('reading the pool', rows);
    await lookRowsUp(file, calls, session, see);
  } else {
    session.listener.onPhase?.('reading the pool', users);
    await scanPool(file.pool, calls, session, see);
  }
}

async function lookRowsUp(
  { source, header, journal, pool, description }: Matched,
  calls: Calls,
  { stop, listener }: Session,
  see: (user: PoolUser) => void,
): Promise<void> {
  const limit = pLimit(lookupsAtOnce);
  let done = 0;
  for await (const { rows, start } of source.read()) {
    stop.throwIfRequested();
    await limit.map(rows, async (raw, index) => {
      const isInvalid = journal.stateOf(start.row + index) === 'invalid';
      const user = isInvalid ? undefined : readRow(raw, header).user;
      for (const filter of user ? allFiltersFor(user, description.UserPool) : []) {
        const page = await calls.ask('ListUsers', () => pool.listUsers({ filter }));
        page.items.forEach(see);
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
