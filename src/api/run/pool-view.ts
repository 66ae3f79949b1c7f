import type { Calls } from '../../apply/calls.js';
import type { GroupSettings, PoolDescription } from '../../cognito/description.js';
import type { ReadableUserPool } from '../../cognito/user-pool.js';

/** Reads what of the pool decides on the rows. Calls nothing that bills anybody. */
export async function readDescription(
  pool: ReadableUserPool,
  calls: Calls,
  withGroups: boolean,
): Promise<PoolDescription> {
  const effort = { attempts: 0, pacedMs: 0 };
  const UserPool = await calls.repeatable('DescribeUserPool', effort, () =>
    pool.describeUserPool(),
  );
  if (!withGroups) return { UserPool };
  const Groups: GroupSettings[] = [];
  let next: string | undefined;
  do {
    const page = await calls.repeatable('ListGroups', effort, () => pool.listGroups(next));
    Groups.push(...page.items);
    next = page.next;
  } while (next !== undefined);
  return { UserPool, Groups };
}
