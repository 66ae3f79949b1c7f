import type { UserPool } from '../../cognito/user-pool.js';
import type { Journal } from '../../journal/journal.js';
import { writesNothing } from '../../plan/planned.js';
import { defaultRemovalCap } from '../../plan/removal-cap.js';
import { SyncPlan } from '../../plan/sync-plan.js';
import type { Source } from '../../source/index.js';
import { importCategories } from '../import/import-work.js';
import { finishWithPasswords, newPasswords } from '../import/passwords.js';
import type { RunListener } from '../listener.js';
import { confirmPlan, refuseRemovals } from '../plans/before-writing.js';
import { copyPlan, planHead } from '../plans/plan-file.js';
import { planCounts } from '../plans/plan-lines.js';
import { carryOut } from '../run/carry-out.js';
import { endCheck, refuseChangedFile, seedFrom } from '../run/check-file.js';
import type { Checked } from '../run/check-file.js';
import type { FinishedRun } from '../run/finish-run.js';
import { newRun } from '../run/new-run.js';
import { openForRun } from '../run/open-file.js';
import { rememberedFrom } from '../run/remembered.js';
import type { Remembered } from '../run/remembered.js';
import type { RunFolder } from '../run/run-folder.js';
import { sessionCalls, withSession } from '../run/session.js';
import type { Session } from '../run/session.js';
import { checkSyncFile, makeSyncPlan } from './make-sync-plan.js';
import type { MadePlan } from './make-sync-plan.js';
import { lockPool } from '../run/pool-lock.js';
import { refuseShortFile, refuseWithoutScope } from './sync-guards.js';
import type { SyncOptions } from '../options.js';
import { syncRows, syncWork } from './sync-run.js';
import type { Sync } from './sync-run.js';
import { openSyncView } from './sync-view.js';
import type { SyncView } from './sync-view.js';

/**
 * Makes a pool match a file. The plan is made, held against the caps and asked about before anything
 * is written. Resolves and rejects as `importUsers` does; a cap or a no is a `Refusal`.
 */
export function syncUsers(options: SyncOptions, listener: RunListener = {}): Promise<FinishedRun> {
  return withSession(options, listener, (session) => {
    refuseWithoutScope(options);
    return runPlan(options, session, (opened) => planSync(options, opened, session));
  });
}

/** Carries out a saved plan as a run of its own; each user is held against what the plan was made on. */
export function applySyncPlan(
  plan: string,
  options: SyncOptions & { readonly fileSha256?: string },
  listener: RunListener,
): Promise<FinishedRun> {
  return withSession(options, listener, (session) =>
    runPlan(options, session, async (opened) => {
      await copyPlan(plan, opened.folder.plan);
      const counts = await planCounts(opened.folder.plan);
      return { counts, checked: await checkAgain(options, opened, session) };
    }),
  );
}

/** What a sync has at hand once its run was begun. */
export interface OpenedSync extends SyncView {
  readonly source: Source;
  readonly folder: RunFolder;
  readonly journal: Journal;
}

/** Opens file and pool, has the plan made in the run's folder, and carries it out if it may. */
async function runPlan(
  options: SyncOptions,
  session: Session,
  plan: (opened: OpenedSync) => Promise<MadePlan>,
): Promise<FinishedRun> {
  const source = await openForRun(options, session);
  const view = await openSyncView(options, source, session);
  await lockPool(view.pool, session);
  const passwords = await newPasswords(options, view.description, session);
  return newRun(aboutSync(options, view.pool), source, session, async (folder, journal) => {
    const opened = { ...view, source, folder, journal };
    const made = await plan(opened);
    refuseRemovals(made.counts, options.maxRemovals ?? defaultRemovalCap);
    await confirmPlan(made.counts, options.confirm);
    await beginPlan(opened, made, session);
    passwords.keep();
    const rest = { passwords: passwords.file, retryFailed: false, plan: folder.plan };
    return runSync({ ...opened, ...rest }, folder, session);
  });
}

/** Reads the file for the rows that are invalid, which a plan does not hold, and the groups to make. */
async function checkAgain(
  { fileSha256 }: { readonly fileSha256?: string },
  opened: OpenedSync,
  session: Session,
): Promise<Checked> {
  const { source, description, sync: settings } = opened;
  const rows = new SyncPlan(description.UserPool, settings, seedFrom(session));
  const checked = await checkSyncFile({ ...opened, settings }, rows, session);
  refuseChangedFile(source.name, checked.sha256, fileSha256);
  return checked;
}

/** What the run of a sync is. */
export function aboutSync(
  options: SyncOptions & Pick<Remembered, 'dryRun'>,
  pool: UserPool,
): Parameters<typeof newRun>[0] {
  return { ...options, command: 'sync', pool, remembered: rememberedSync(options) };
}

function rememberedSync(options: SyncOptions & Pick<Remembered, 'dryRun'>): Remembered {
  const { key, groupsMode, missing, scope, maxRemovals } = options;
  const sync = {
    ...(key !== undefined && { key }),
    ...(groupsMode && { groupsMode }),
    ...(missing && { missing }),
    ...(scope && { scope }),
    ...(maxRemovals && { maxRemovals }),
  };
  return rememberedFrom({ ...options, sync });
}

/** Makes the plan, in the run's folder. */
export async function planSync(
  options: SyncOptions,
  opened: OpenedSync,
  session: Session,
): Promise<MadePlan> {
  const { source, folder, journal, pool, description, sync: settings } = opened;
  const { calls, figures } = await sessionCalls(session, pool, []);
  const made = await makeSyncPlan(
    { ...opened, settings },
    folder.plan,
    (totals) => planHead('sync', journal.begin, totals, description, rememberedSync(options)),
    (rows) => refuseShortFile(source.name, rows, options),
    calls,
    session,
  );
  journal.note(figures.take());
  if (made.counts.create > 0) opened.aboutNewUsers.forEach(session.notice);
  return made;
}

/** From here on the run is one that writes, and `resume` goes on with its plan. */
export async function beginPlan(
  opened: Pick<OpenedSync, 'source' | 'journal'>,
  { counts, checked }: MadePlan,
  session: Session,
): Promise<void> {
  if (checked.rows > 0 && writesNothing(counts)) {
    session.notice(`Nothing to do: ${opened.source.name} asks for no change that can be made.`);
  }
  await endCheck(opened, checked, session);
}

/** Carries out what of a plan is pending, and writes the reports. */
export async function runSync(
  sync: Sync,
  folder: RunFolder,
  session: Session,
): Promise<FinishedRun> {
  const { pool, journal, passwords, source } = sync;
  const reason = writesNothing(await planCounts(sync.plan))
    ? undefined
    : await carryOut(
        pool,
        importCategories(sync),
        (calls) => syncWork(sync, calls, session),
        session,
      );
  const rows = syncRows(sync, false, session.listener);
  const ending = { folder, journal, resumable: source.resumable, ...rows };
  return finishWithPasswords(ending, passwords, reason, session);
}
