import type { Calls } from '../../apply/calls.js';
import { PoolError } from '../../cognito/errors.js';
import type { PoolDescription } from '../../cognito/description.js';
import type { ReadableUserPool } from '../../cognito/user-pool.js';
import type { PlanCounts } from '../../plan/planned.js';
import { SyncPlan } from '../../plan/sync-plan.js';
import type { SyncSettings } from '../../plan/sync-plan.js';
import type { Header } from '../../record/header.js';
import type { Source } from '../../source/index.js';
import { checkRows, seedFrom } from '../run/check-file.js';
import type { Checked, UncheckedFile } from '../run/check-file.js';
import { checkedRows, errorIn } from '../run/checked-rows.js';
import type { CheckedRow, Obstacle } from '../run/checked-rows.js';
import { counted } from '../../record/counted.js';
import { PlanWriter } from '../plans/plan-lines.js';
import type { PlanFile } from '../plans/plan-file.js';
import { nearestName } from '../presets/nearest-name.js';
import { Refusal } from '../refusal.js';
import { readDescription } from '../run/pool-view.js';
import { scanGroup, scanPool } from '../run/scan-pool.js';
import type { Session } from '../run/session.js';

/** What a plan is made from. */
export interface Planning extends UncheckedFile {
  readonly description: PoolDescription;
  readonly settings: SyncSettings;
  readonly pool: ReadableUserPool;
}

/** What a plan turned out to be. */
export interface MadePlan {
  readonly counts: PlanCounts;
  readonly checked: Checked;
}

/**
 * Reads the file once and the pool once, and writes to `path` what is to be done. Invalid rows go
 * into the journal. Calls nothing that writes or bills.
 *
 * @param afterFile called once the file was read, with the count of its rows; may refuse it.
 */
export async function makeSyncPlan(
  planning: Planning,
  path: string,
  head: (totals: Checked) => PlanFile,
  afterFile: (rows: number) => Promise<void>,
  calls: Calls,
  session: Session,
): Promise<MadePlan> {
  const { description, settings, pool } = planning;
  const plan = new SyncPlan(description.UserPool, settings, seedFrom(session));
  const checked = await checkSyncFile(planning, plan, session);
  await afterFile(checked.rows);

  const writer = await PlanWriter.create(path, head(checked));
  try {
    session.listener.onPhase?.(
      'reading the pool',
      description.UserPool.EstimatedNumberOfUsers ?? 0,
    );
    await readPool(plan, pool, calls, writer, session);
    const missing = new Set(checked.missingGroups);
    for (const group of plan.groups) {
      if (missing.has(group)) continue;
      await scanGroup(group, pool, calls, session, (user) => {
        plan.seeMember(group, user);
      });
    }
    for (let row = 0; row < checked.rows; row++) {
      if (planning.journal.stateOf(row) !== 'invalid') writer.add(plan.planOf(row));
      if (row % 1_024 === 0) await writer.drain();
    }
    await writer.finish(plan.counts);
  } catch (error) {
    await writer.abandon();
    throw error;
  }
  tellRemovals(plan, settings, session);
  return { counts: plan.counts, checked };
}

/** Reads every row of the file, and puts the invalid ones into the journal. */
export async function checkSyncFile(
  file: Omit<Planning, 'pool'>,
  plan: SyncPlan,
  session: Session,
): Promise<Checked> {
  const { source, header, description, settings } = file;
  const reading = {
    key: settings.key,
    keyColumns: keyColumnsOf(header, settings),
    groupsForAll: header.plan.groupsForAll,
  };
  const batches = checkedRows(source, header, seedFrom(session));
  const checked = await checkRows(file, batches, session, (row) => {
    refuseUnknownGroup(source, row);
    return obstacleOf(row, plan, reading);
  });
  const existing = new Set(description.Groups?.map(({ GroupName }) => GroupName));
  return { ...checked, missingGroups: plan.groups.filter((group) => !existing.has(group)) };
}

/** How a plan takes rows. */
interface Reading {
  readonly key: string;
  /** Headers of the columns that say whom a row is about. */
  readonly keyColumns: ReadonlySet<string>;
  /** The list that a row with an empty groups cell has, the very same one. */
  readonly groupsForAll: readonly string[];
}

/** What keeps a row from being carried out. */
function obstacleOf(
  { row, user, whom, problems }: CheckedRow,
  plan: SyncPlan,
  { key, keyColumns, groupsForAll }: Reading,
): Obstacle | undefined {
  if (!user) {
    const isKeyWrong = problems.some(
      ({ severity, column, code }) =>
        severity === 'error' &&
        column !== undefined &&
        keyColumns.has(column) &&
        !code.startsWith('duplicate-'),
    );
    plan.addInvalid(row, isKeyWrong ? undefined : whom);
    return errorIn({ problems });
  }
  switch (plan.addRow(row, user, user.groups !== groupsForAll)) {
    case 'added':
      return undefined;
    case 'missing':
      return {
        code: 'missing-key',
        message: `The row has no "${key}", as --key asks: fill it in.`,
      };
    case 'taken':
      return {
        code: 'duplicate-key',
        message: `An earlier row has the same "${key}": keep one of the two, or correct it.`,
      };
  }
}

/** The columns that say whom a row is about. */
function keyColumnsOf({ columns, plan }: Header, { key }: SyncSettings): ReadonlySet<string> {
  const names: readonly string[] = key === 'username' ? plan.facts.signInWith : [key];
  const isKey = ({ kind, name }: (typeof columns)[number]): boolean =>
    names.includes(name) || (key === 'username' && kind === 'username');
  return new Set(columns.filter(isKey).map((column) => column.header));
}

/** A group that is not there is a mistake of the file or of the pool, and not of one row. */
function refuseUnknownGroup({ name }: Source, { raw, problems }: CheckedRow): void {
  const unknown = problems.find(({ code }) => code === 'unknown-group');
  if (unknown) throw new Refusal(`Line ${raw.line} of ${name}: ${unknown.message}`);
}

async function readPool(
  plan: SyncPlan,
  pool: ReadableUserPool,
  calls: Calls,
  writer: PlanWriter,
  session: Session,
): Promise<void> {
  if (plan.scopeGroup !== undefined) await scanScope(plan.scopeGroup, pool, calls, plan, session);
  await scanPool(
    pool,
    calls,
    session,
    (user) => {
      const planned = plan.see(user);
      if (planned) writer.add(planned);
    },
    () => writer.drain(),
  );
}

async function scanScope(
  group: string,
  pool: ReadableUserPool,
  calls: Calls,
  plan: SyncPlan,
  session: Session,
): Promise<void> {
  try {
    await scanGroup(group, pool, calls, session, (user) => {
      plan.addScopeMember(user);
    });
  } catch (error) {
    if (!(error instanceof PoolError) || error.code !== 'ResourceNotFoundException') throw error;
    const nearest = nearestName(group, await groupNames(pool, calls));
    const hint = nearest === undefined ? 'check its name.' : `did you mean ${nearest}?`;
    throw new Refusal(`The pool has no group "${group}", which --scope names: ${hint}`);
  }
}

/** None where they may not be listed. */
async function groupNames(pool: ReadableUserPool, calls: Calls): Promise<string[]> {
  const { Groups = [] } = await readDescription(pool, calls, true).catch(() => ({ Groups: [] }));
  return Groups.map(({ GroupName }) => GroupName);
}

function tellRemovals(plan: SyncPlan, { missing }: SyncSettings, session: Session): void {
  if (plan.protected > 0) {
    session.notice(
      `${counted(plan.protected, 'user')} would be disabled or deleted, if --protect did not name them.`,
    );
  }
  if (missing !== 'ignore' && plan.unreadable > 0) {
    session.notice(
      `In ${counted(plan.unreadable, 'row')} it can't be read whom it is about, so nobody can be said to be missing and nobody is removed: correct that first.`,
    );
  }
}
