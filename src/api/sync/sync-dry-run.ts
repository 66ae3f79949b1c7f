import { findBySub } from '../../apply/lookup.js';
import type { UserPool } from '../../cognito/user-pool.js';
import { forecast, publishedPrices } from '../../plan/forecast.js';
import type { Forecast } from '../../plan/forecast.js';
import type { Journal } from '../../journal/journal.js';
import type { PlanCounts, Planned } from '../../plan/planned.js';
import { writesNothing } from '../../plan/planned.js';
import { defaultRemovalCap, mostRemovals, removals } from '../../plan/removal-cap.js';
import { readRow } from '../../record/row.js';
import type { Source } from '../../source/index.js';
import { counted } from '../counted.js';
import { DifferenceList } from './difference-list.js';
import type { Differences } from './difference-list.js';
import { ExpectedWork } from '../import/expected-work.js';
import { finishRun } from '../run/finish-run.js';
import { forecastText } from '../import/forecast-text.js';
import type { FinishedRun } from '../run/finish-run.js';
import type { RunListener } from '../listener.js';
import { newRun } from '../run/new-run.js';
import { openFile } from '../run/open-file.js';
import { copyPlan, refuseExisting } from '../plans/plan-file.js';
import type { PlannedRow } from '../plans/planned-rows.js';
import { perSecond } from '../run/rates.js';
import { Refusal } from '../refusal.js';
import type { RunFolder } from '../run/run-folder.js';
import { firstCalls, sessionCalls, withSession } from '../run/session.js';
import type { Session } from '../run/session.js';
import { refuseWithoutScope } from './sync-guards.js';
import type { SyncDryRunOptions } from './sync-options.js';
import { planPath, syncRows } from './sync-run.js';
import { aboutSync, beginPlan, planSync } from './sync-users.js';
import { openSyncView } from './sync-view.js';
import type { SyncView } from './sync-view.js';

/** A dry run of a sync, with the difference that it found. */
export interface SyncDryRun extends FinishedRun {
  readonly differences: Differences;
  /** Whether the sync itself would be refused, for all the users it would remove. */
  readonly overCap: boolean;
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
    if (options.savePlan !== undefined && !source.resumable) {
      throw new Refusal(
        'A plan names a file that apply reads again: give a path instead of standard input.',
      );
    }
    if (options.savePlan !== undefined) await refuseExisting(options.savePlan);
    const view = await openSyncView(options, source, session);
    const about = aboutSync({ ...options, dryRun: true }, view.pool);
    const list = new DifferenceList();
    let overCap = false;
    const run = await newRun(about, source, session, async (folder, journal) => {
      const opened = { ...view, source, folder, journal };
      const made = await planSync(options, opened, session);
      if (options.savePlan !== undefined) await copyPlan(planPath(folder), options.savePlan);
      await beginPlan(opened, made, session);
      overCap = tellCap(made.counts, options, session);
      const looked = { source, journal, counts: made.counts, list };
      return reportDryRun(options, view, looked, folder, session);
    });
    const differences =
      options.showValues === true ? await valuesOf(list, view.pool, session) : list.differences;
    return { ...run, differences, overCap };
  });
}

/** What a look at the file and the pool found. */
interface Looked {
  readonly source: Source;
  readonly journal: Journal;
  readonly counts: PlanCounts;
  readonly list: DifferenceList;
}

async function reportDryRun(
  options: SyncDryRunOptions,
  view: SyncView,
  { source, journal, counts, list }: Looked,
  folder: RunFolder,
  session: Session,
): Promise<FinishedRun> {
  const { header, description, settings, pool } = view;
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
  const prices = options.prices ?? publishedPrices;
  const expected = (): Forecast =>
    forecast(work.expected(description.UserPool), perSecond(rates), prices);
  const rows = syncRows(
    { source, header, journal, plan: planPath(folder) },
    true,
    session.listener,
    onRow,
    onOther,
  );
  const run = await finishRun(
    {
      folder,
      journal,
      resumable: false,
      ...rows,
      foretold: () => ({
        forecast: expected(),
        differs: options.exitCode === true && !writesNothing(counts),
      }),
    },
    undefined,
    session,
  );
  if (!writesNothing(counts)) {
    for (const text of forecastText(expected(), prices, 0)) session.notice(text);
  }
  return run;
}

/** A dry run is there to look at what a cap would keep from being done. Returns whether it would. */
function tellCap(
  counts: PlanCounts,
  { maxRemovals }: SyncDryRunOptions,
  session: Session,
): boolean {
  const cap = maxRemovals ?? defaultRemovalCap;
  const [wanted, most] = [removals(counts), mostRemovals(cap, counts)];
  if (wanted <= most) return false;
  session.notice(
    `The sync itself would be refused: it would disable or delete ${counted(wanted, 'user')}, and --max-removals allows ${most}.`,
  );
  return true;
}

async function valuesOf(
  list: DifferenceList,
  pool: UserPool,
  session: Session,
): Promise<Differences> {
  const calls = firstCalls(session);
  return list.withValues(async (sub) => {
    const user = await findBySub(sub, pool, calls, { attempts: 0, pacedMs: 0 });
    return user?.attributes ?? [];
  });
}
