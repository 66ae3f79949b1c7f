import type { Problem } from '../plan/update-plan.js';
import { externalUser, immutableNote, planUpdate } from '../plan/update-plan.js';
import type { User } from '../record/user.js';
import type { Effort } from './calls.js';
import { findUser } from './lookup.js';
import { isLater } from './perform.js';
import type { LaterStep } from './perform.js';
import { eachPage } from './pages.js';
import type { Tools } from './tools.js';

/** A user who was in the pool before a row's create came, and what would bring them to the row. */
export interface ExistingUser {
  /** What the pool knows them by. */
  readonly key: string;
  readonly sub: string | undefined;
  readonly steps: readonly LaterStep[];
  /** What of the row they can't be given. */
  readonly problem?: Problem | undefined;
}

type LookUpTools = Pick<Tools, 'pool' | 'calls' | 'settings'>;

/**
 * Looks up whom a row's create met; a `Problem` where they are not ours to change, and `undefined`
 * where they are gone again. Rejects with the `PoolError` of a look-up.
 */
export async function lookUpExisting(
  user: User,
  effort: Effort,
  tools: LookUpTools,
): Promise<ExistingUser | Problem | undefined> {
  const found = await findUser(user, tools, effort);
  if (!found) return undefined;
  if (found.status === 'EXTERNAL_PROVIDER') return externalUser;
  const groups = user.groups.length > 0 ? await groupsOf(found.username, effort, tools) : [];
  const { steps, immutable } = planUpdate(user, found, groups, tools.settings);
  return {
    key: found.username,
    sub: found.sub,
    steps: steps.filter(isLater),
    problem: immutableNote(immutable),
  };
}

async function groupsOf(
  key: string,
  effort: Effort,
  { pool, calls }: LookUpTools,
): Promise<string[]> {
  const groups: string[] = [];
  await eachPage(
    'AdminListGroupsForUser',
    (next) =>
      calls.repeatable('AdminListGroupsForUser', effort, () =>
        pool.adminListGroupsForUser(key, next),
      ),
    (items) => groups.push(...items),
  );
  return groups;
}
