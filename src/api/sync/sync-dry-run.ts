import { findBySub } from '../../apply/lookup.js';
import type { UserPool } from '../../cognito/user-pool.js';
import type { Forecast } from '../../plan/forecast.js';
import type { Planned } from '../../plan/planned.js';
import { defaultRemovalCap } from '../../plan/removal-cap.js';
import type { OverCap } from '../../plan/removal-cap.js';
import { readRow } from '../../record/row.js';
import type { RunListener } from '../listener.js';
import type { SyncDryRunOptions } from '../options.js';
import { tellCap } from '../plans/before-writing.js';
import { ExpectedWork } from '../plans/expected-work.js';
import { copyPlan, refuseUnsaveable } from '../plans/plan-file.js';
import type { PlannedRow } from '../plans/planned-rows.js';
import { tellForecast } from '../plans/tell-forecast.js';
import { finishRun } from '../run/finish-run.js';
import type { FinishedRun } from '../run/finish-run.js';
import { newRun } from '../run/new-run.js';
import { openFile } from '../run/open-file.js';
import { firstCalls, sessionCalls, withSession } from '../run/session.js';
import type { Session } from '../run/session.js';
import { DifferenceList } from './difference-list.js';
import type { Differences } from './difference-list.js';
import { refuseWithoutScope } from './sync-guards.js';
import { syncRows } from './sync-run.js';
import { aboutSync, beginPlan, planSync } from './sync-users.js';
import type { OpenedSync } from './sync-users.js';
import { openSyncView } from './sync-view.js';

/** A dry run of a sync, with the difference that it found. */
export interface SyncDryRun extends FinishedRun {
  readonly differences: Differences;
}

/**
 * Says what a sync would do, and what that would take, without a call that writes or bills. The
 * reports have the same form as those of the sync. Rejects as `syncUsers` does.
 */
export function dryRunSync(
  options: SyncDryRunOptions,
  listener: RunListener = {},
): Promise<SyncDryRun> {
  return withSession(options, listener, async (session) => {
    refuseWithoutScope(options);
    const source = await openFile(options, session);
    await refuseUnsaveable(options.savePlan, source);
    const view = await openSyncView(options, source, session);
    const about = aboutSync({ ...options, dryRun: true }, view.pool);
    const list = new DifferenceList();
    const run = await newRun(about, source, session, async (folder, journal) => {
      const opened = { ...view, source, folder, journal };
      const made = await planSync(options, opened, session);
      if (options.savePlan !== undefined) await copyPlan(folder.plan, options.savePlan);
      await beginPlan(opened, made, session);
      const cap = options.maxRemovals ?? defaultRemovalCap;
      const overCap = tellCap('sync', made.counts, cap, session);
      return reportDryRun({ ...options, overCap }, opened, list, session);
    });
    const differences =
      options.showValues === true ? await valuesOf(list, view.pool, session) : list.differences;
    return { ...run, differences };
  });
}

async function reportDryRun(
  options: SyncDryRunOptions & { readonly overCap: OverCap | undefined },
  opened: OpenedSync,
  list: DifferenceList,
  session: Session,
): Promise<FinishedRun> {
  const { folder, journal, header, description, settings, pool } = opened;
  const work = new ExpectedWork(settings);
  const onRow = ({ row, raw, planned }: PlannedRow): void => {
    if (!planned || planned.do === 'nothing') return;
    const { user } = readRow(raw, header);
    if (!user) return;
    list.add(planned, raw.line, user.username, () => user.attributes);
    if (planned.do === 'create') work.addCreate(row, user);
    else work.addPlanned(planned);
  };
  const onOther = (planned: Planned): void => {
    if (planned.do !== 'disable' && planned.do !== 'delete') return;
    list.add(planned, 0, planned.username, () => []);
    work.addPlanned(planned);
  };
  const { rates } = await sessionCalls(session, pool, ['UserCreation']);
  const { listener } = session;
  const rows = syncRows({ ...opened, plan: folder.plan }, true, listener, onRow, onOther);
  const forecast = (): Forecast =>
    tellForecast(work.expected(description.UserPool), rates, options, listener);
  return finishRun(
    { folder, journal, resumable: false, ...rows, dry: { ...options, forecast } },
    undefined,
    session,
  );
}

async function valuesOf(
  list: DifferenceList,
  pool: UserPool,
  session: Session,
): Promise<Differences> {
  const calls = firstCalls(session);
  return list.withValues(async (sub) => {
    const user = await findBySub(sub, pool, calls);
    return user?.attributes ?? [];
  });
}
