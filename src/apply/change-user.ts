import type { PoolUser } from '../cognito/user-pool.js';
import { attributesFingerprint, userFingerprint } from '../plan/fingerprint.js';
import type { PlannedEnable, PlannedRemoval, PlannedUpdate } from '../plan/planned.js';
import { immutableNote, planUpdate } from '../plan/update-plan.js';
import type { Attribute, User } from '../record/user.js';
import type { Effort } from './calls.js';
import type { Earlier } from './ledger.js';
import { findBySub, findExact } from './lookup.js';
import { isLater, performStep } from './perform.js';
import type { LaterStep } from './perform.js';
import type { RowResult, Status } from './result.js';
import { StepRefused } from './result.js';
import { rowEnd } from './row-end.js';
import type { RowEnd } from './row-end.js';
import { serviceNow } from './tools.js';
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
  /** Since when something may have been done that no answer tells of. */
  let unknownSince = begunAt;
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
    if (planned.do === 'enable' && found.enabled && !isBegun) {
      return { ...base(), status: 'unchanged', final: true };
    }
    for (const { name, calls } of partsOf(action, found, isBegun, tools)) {
      for (const call of done.includes(name) ? [] : calls) {
        if (begunAt === undefined) {
          // A try that is written and never sent would hide what somebody changes until the resume.
          tools.stop.throwIfRequested();
          begunAt = serviceNow(tools);
          await tools.ledger.willTry(row, begunAt);
        }
        effort.unanswered = false;
        await performStep(call, found.username, undefined, effort, tools);
        isChanged = true;
      }
      if (!done.includes(name)) done.push(name);
      isChanged = true;
    }
    const note = planned.do === 'update' ? immutableNote(planned.immutable) : undefined;
    return { ...base(), status: statusOf(planned), ...note, final: true };
  } catch (error) {
    const end = rowEnd(error, effort, tools.stop);
    if (effort.unanswered === true) unknownSince ??= begunAt;
    return {
      ...base(),
      ...end,
      ...(!end.final && unknownSince !== undefined && { ...inDoubt(end), unknownSince }),
      ...(isChanged && { status: 'partial' }),
    };
  }
}

/** A run that ended before an answer was known can't say that nothing was attempted. */
function inDoubt({ status, message }: RowEnd): Pick<RowEnd, 'status' | 'message'> {
  if (status === 'failed') return { status, message };
  return {
    status: 'failed',
    message: 'a change was sent and its answer is not known: resume looks the user up',
  };
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

/** A part of a change, by the name that the reports have for it. */
interface Part {
  readonly name: LaterStep['name'];
  /** What it takes: nothing where an earlier session did it and its answer was lost. */
  readonly calls: readonly LaterStep[];
}

/** All of a change, in order. Throws where somebody else changed the user since the plan was made. */
function partsOf(
  action: ChangeAction,
  found: PoolUser,
  isBegun: boolean,
  tools: ChangeTools,
): readonly Part[] {
  const { planned, user } = action;
  if (planned.do === 'update') {
    if (!user) throw new Error('an update needs its row');
    return partsOfUpdate(planned, user, found, isBegun, tools);
  }
  const { do: name } = planned;
  const isDone = isBegun && name !== 'delete' && found.enabled === (name === 'enable');
  // What was done before somebody else came is ours all the same.
  if (!isDone) refuseChanged(planned, found, isBegun, tools);
  return [{ name, calls: isDone ? [] : [{ name }] }];
}

function partsOfUpdate(
  planned: PlannedUpdate,
  user: User,
  found: PoolUser,
  isBegun: boolean,
  tools: ChangeTools,
): readonly Part[] {
  const { attributes, join, leave, enabling } = planned;
  const { enabled, ...others } = user;
  const wanted: User = {
    ...others,
    // Its groups are in the plan, since a look at a user does not tell theirs.
    groups: [],
    ...(enabled !== undefined && enabling && { enabled }),
  };
  const steps = planUpdate(wanted, found, [], tools.settings).steps.filter(isLater);
  if (isBegun) refuseUnplanned(planned, steps, tools);
  else refuseChanged(planned, found, false, tools);
  const callsOf = (name: LaterStep['name']): LaterStep[] =>
    steps.filter((step) => step.name === name);
  // One by one, so that what was done before one is refused is known.
  const groups = [
    ...join.map((group): LaterStep => ({ name: 'groups', add: [group] })),
    ...leave.map((group): LaterStep => ({ name: 'groups', add: [], remove: [group] })),
  ];
  const parts: Part[] = [];
  if (attributes.length > 0) parts.push({ name: 'attributes', calls: callsOf('attributes') });
  if (groups.length > 0) parts.push({ name: 'groups', calls: groups });
  if (enabling) parts.push({ name: enabling, calls: callsOf(enabling) });
  return parts;
}

/** Throws where somebody else changed the user since the plan was made. */
function refuseChanged(
  { as }: ChangeAction['planned'],
  found: PoolUser,
  isBegun: boolean,
  tools: ChangeTools,
): void {
  // The attributes stand first: an undo's fingerprint is of them alone, and of a removal that was
  // begun they are what it can't have changed.
  const attributes = attributesFingerprint(found);
  const then = isBegun ? as.slice(0, attributes.length) : as;
  if (userFingerprint(found).startsWith(then) && found.status !== 'EXTERNAL_PROVIDER') return;
  throw changedSincePlan(tools);
}

/** Throws where a user whose update was begun differs from the row in what it does not change. */
function refuseUnplanned(
  { attributes }: PlannedUpdate,
  steps: readonly LaterStep[],
  tools: ChangeTools,
): void {
  const isPlanned = ({ Name }: Attribute): boolean =>
    attributes.includes(Name) || attributes.includes(Name.replace(/_verified$/, ''));
  const isOurs = (step: LaterStep): boolean =>
    step.name !== 'attributes' || step.attributes.every(isPlanned);
  if (!steps.every(isOurs)) throw changedSincePlan(tools);
}

function changedSincePlan({ ifChanged }: ChangeTools): StepRefused {
  return new StepRefused(
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
