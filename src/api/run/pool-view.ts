import type { Calls } from '../../apply/calls.js';
import { eachPage } from '../../apply/pages.js';
import type { GroupSettings, PoolDescription } from '../../cognito/description.js';
import type { ReadableUserPool } from '../../cognito/user-pool.js';

/** Reads what of the pool decides on the rows. Calls nothing that bills anybody. */
export async function readDescription(
  pool: ReadableUserPool,
  calls: Calls,
  withGroups: boolean,
): Promise<PoolDescription> {
  const UserPool = await calls.ask('DescribeUserPool', () => pool.describeUserPool());
  if (!withGroups) return { UserPool };
  const Groups: GroupSettings[] = [];
  await eachPage(
    'ListGroups',
    (next) => calls.ask('ListGroups', () => pool.listGroups(next)),
    (items) => Groups.push(...items),
  );
  return { UserPool, Groups };
}
