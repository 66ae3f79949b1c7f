import type { RowResult } from '../../apply/result.js';
import type { Journal } from '../../journal/journal.js';
import { countPlanned, noCounts } from '../../plan/planned.js';
import type { PlanCounts, Planned } from '../../plan/planned.js';
import type { StepName } from '../../plan/steps.js';
import type { UnknownUsers } from './undo-unknown.js';

/** What an undo can't take back, in users. */
export interface Lasting {
  updated: number;
  deleted: number;
  messaged: number;
  /** Billed as monthly active users because of the run. */
  billed: number;
}

/** A plan that takes a run back, and what it leaves. */
export interface UndoPlan {
  readonly counts: PlanCounts;
  readonly lasting: Lasting;
}

/**
 * Says user by user what takes a run back, from its journal alone: users whom it made are deleted,
 * those whom it disabled enabled. The users themselves are looked at when it is carried out.
 */
export async function planUndo(
  journal: Journal,
  unknown: UnknownUsers,
  evenIfChanged: boolean,
  add: (planned: Planned) => Promise<void>,
): Promise<UndoPlan> {
  const counts = noCounts();
  const lasting: Lasting = { updated: 0, deleted: 0, messaged: 0, billed: 0 };
  let next = 0;
  for (let row = 0; row < journal.rows; row++) {
    const result = journal.resultOf(row);
    if (result) count(result, lasting);
    const planned = isUnknown(journal, row)
      ? unknown.planFor(row, next)
      : result && planOf(result, next, evenIfChanged);
    if (!planned) continue;
    next++;
    countPlanned(planned, counts);
    if (planned.do !== 'nothing') counts.scope++;
    await add(planned);
  }
  return { counts, lasting };
}

/** Something was sent for a row, and whether it was done is not known. */
export function isUnknown(journal: Journal, row: number): boolean {
  const result = journal.resultOf(row);
  const isTried = journal.stateOf(row) === 'tried' || result?.unknownSince !== undefined;
  return isTried && result?.steps.includes('create') !== true;
}

function planOf(result: RowResult, row: number, evenIfChanged: boolean): Planned | undefined {
  const { line, username, sub, steps, status, made = '?' } = result;
  if (sub === undefined) return undefined;
  if (steps.includes('create')) {
    // Nobody's fingerprint starts with a question mark: what can't be compared is not deleted.
    return { row, do: 'delete', line, username, sub, as: evenIfChanged ? '' : made };
  }
  if (steps.includes('disable')) return { row, do: 'enable', line, username, sub, as: '' };
  const lasts = status === 'deleted' || steps.some((step) => changing.has(step));
  if (!lasts) return undefined;
  return {
    row,
    do: 'nothing',
    status: 'unchanged',
    line,
    username,
    sub,
    code: 'not-undone',
    message: 'what the run did to this user can not be taken back',
  };
}

const changing: ReadonlySet<StepName> = new Set(['attributes', 'groups', 'password', 'enable']);

function count({ steps, status }: RowResult, lasting: Lasting): void {
  const isMade = steps.includes('create');
  if (status === 'deleted') lasting.deleted++;
  if (!isMade && steps.some((step) => changing.has(step))) lasting.updated++;
  if (steps.includes('invite') || steps.includes('send-code')) lasting.messaged++;
  if (isMade || steps.some((step) => changing.has(step))) lasting.billed++;
}
