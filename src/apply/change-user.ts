import type { PoolUser } from '../cognito/user-pool.js';
import { userFingerprint } from '../plan/fingerprint.js';
import type { PlannedEnable, PlannedRemoval, PlannedUpdate } from '../plan/planned.js';
import { immutableNote, planUpdate } from '../plan/update-plan.js';
import type { User } from '../record/user.js';
import type { Effort } from './calls.js';
import { isLater } from './existing-user.js';
import type { Earlier } from './ledger.js';
import { findBySub, findExact } from './lookup.js';
import { performStep } from './perform.js';
import type { LaterStep } from './perform.js';
import type { RowResult, Status } from './result.js';
import { StepRefused } from './result.js';
import { rowEnd } from './row-end.js';
import type { Tools } from './tools.js';

/** A change to a user who was there when the plan was made. */
export interface ChangeAction {
  readonly row: number;
  /** The line of the row; 0 for a user who is in none. */
  readonly line: number;
  readonly username: string;
  readonly planned: PlannedUpdate | PlannedRemoval | PlannedEnable;
  /** Whom the row asks for; present for an update. */
  readonly user?: User;
}

export interface ChangeTools extends Pick<
  Tools,
  'pool' | 'settings' | 'calls' | 'ledger' | 'clock' | 'stop'
> {
  /** What to do about a user whom somebody changed. */
  readonly ifChanged: string;
}

/**
 * Carries a change out, unless the user is not what the plan was made on any more. That it may be
 * sent is in the ledger first, so that a change of our own is never taken for somebody else's.
 * Rejects only when the run itself can't go on.
 */
export async function changeUser(
  action: ChangeAction,
  earlier: Earlier | undefined,
  effort: Effort,
  tools: ChangeTools,
): Promise<RowResult> {
  const { row, line, username, planned } = action;
  const done = [...(earlier?.result?.steps ?? [])];
  let begunAt = earlier?.triedAt;
  let isChanged = done.length > 0;
  const base = (): Omit<RowResult, 'status' | 'final'> => ({
    row,
    line,
    username,
    sub: planned.sub,
    steps: done,
    attempts: Math.max(effort.attempts, earlier?.result?.attempts ?? 0),
  });

  try {
    const found = await find(action, effort, tools);
    const isBegun = begunAt !== undefined || done.length > 0;
    if (!found) return { ...base(), ...gone(planned, isBegun), final: true };
    if (!isBegun) refuseChanged(planned, found, tools);
    if (planned.do === 'enable' && found.enabled && !isBegun) {
      return { ...base(), status: 'unchanged', final: true };
    }
    const steps = stepsFor(action, found, tools);
    for (const [index, step] of steps.entries()) {
      if (begunAt === undefined) {
        // A try that is written and never sent would hide what somebody changes until the resume.
        tools.stop.throwIfRequested();
        begunAt = tools.clock.wall() + tools.pool.clockOffsetMs;
        await tools.ledger.willTry(row, begunAt);
      }
      await performStep(step, found.username, undefined, effort, tools);
      isChanged = true;
      const isWhole = steps[index + 1]?.name !== step.name;
      if (isWhole && !done.includes(step.name)) done.push(step.name);
    }
    const note = planned.do === 'update' ? immutableNote(planned.immutable) : undefined;
    return { ...base(), status: statusOf(planned), ...note, final: true };
  } catch (error) {
    const end = rowEnd(error, effort, tools.stop);
    return {
      ...base(),
      ...end,
      ...(isChanged && { status: 'partial' }),
      ...(!end.final && begunAt !== undefined && { unknownSince: begunAt }),
    };
  }
}

/** A list may lag behind, so whoever is not in it is asked for by name. */
async function find(
  { planned, username }: ChangeAction,
  effort: Effort,
  { pool, calls }: ChangeTools,
): Promise<PoolUser | undefined> {
  const listed = await findBySub(planned.sub, pool, calls, effort);
  if (listed) return listed;
  const named = await findExact({ username }, pool, calls, effort);
  // Another user may have the name by now.
  return named?.sub === planned.sub ? named : undefined;
}

/** What is still to be done: all of it, or what an earlier session did not get to. */
function stepsFor(
  { planned, user }: ChangeAction,
  found: PoolUser,
  { settings }: ChangeTools,
): LaterStep[] {
  if (planned.do !== 'update') return [{ name: planned.do }];
  if (!user) throw new Error('an update needs its row');
  const { join, leave, enabling } = planned;
  const { enabled, ...others } = user;
  const wanted: User = {
    ...others,
    // Its groups are in the plan, since a look at a user does not tell theirs.
    groups: [],
    ...(enabled !== undefined && enabling && { enabled }),
  };
  const update = planUpdate(wanted, found, [], settings);
  const steps = update.steps.filter(isLater);
  if (join.length + leave.length > 0) {
    const at = steps.findIndex(({ name }) => name === 'enable' || name === 'disable');
    // One by one, so that what was done before one is refused is known.
    const groups = [
      ...join.map((group): LaterStep => ({ name: 'groups', add: [group] })),
      ...leave.map((group): LaterStep => ({ name: 'groups', add: [], remove: [group] })),
    ];
    steps.splice(at < 0 ? steps.length : at, 0, ...groups);
  }
  return steps;
}

/** Throws where somebody else changed the user since the plan was made. */
function refuseChanged(
  planned: ChangeAction['planned'],
  found: PoolUser,
  { ifChanged }: ChangeTools,
): void {
  // An undo's fingerprint is of the attributes alone, which stand first.
  if (userFingerprint(found).startsWith(planned.as) && found.status !== 'EXTERNAL_PROVIDER') return;
  throw new StepRefused(
    'changed-since-plan',
    `somebody changed this user in the meantime, so nothing was done: ${ifChanged}`,
  );
}

function gone(
  planned: ChangeAction['planned'],
  isBegun: boolean,
): Pick<RowResult, 'status' | 'code' | 'message' | 'steps'> {
  if (planned.do === 'delete' && isBegun) return { status: 'deleted', steps: ['delete'] };
  const steps: RowResult['steps'] = [];
  if (planned.do !== 'update') {
    return { status: 'unchanged', code: 'gone', message: 'this user is not there any more', steps };
  }
  return {
    status: 'failed',
    code: 'changed-since-plan',
    message: 'somebody deleted this user since the plan was made: make a new plan',
    steps,
  };
}

/** Being disabled is what a row is about where nothing else is changed. */
function statusOf(planned: ChangeAction['planned']): Status {
  if (planned.do === 'delete') return 'deleted';
  if (planned.do === 'disable') return 'disabled';
  return planned.do === 'update' && isDisableAlone(planned) ? 'disabled' : 'updated';
}

/** Whether an update does no more than disable. */
export function isDisableAlone({ attributes, join, leave, enabling }: PlannedUpdate): boolean {
  return enabling === 'disable' && attributes.length + join.length + leave.length === 0;
}
