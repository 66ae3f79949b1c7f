import type { StopReason } from '../../apply/stop.js';
import type { PoolDescription } from '../../cognito/description.js';
import type { UserPool } from '../../cognito/user-pool.js';
import type { Journal } from '../../journal/journal.js';
import type { PasswordFile } from '../../journal/password-file.js';
import type { PlanCounts } from '../../plan/planned.js';
import { writesNothing } from '../../plan/planned.js';
import { defaultRemovalCap } from '../../plan/removal-cap.js';
import type { RemovalCap } from '../../plan/removal-cap.js';
import { SyncPlan } from '../../plan/sync-plan.js';
import type { SyncSettings } from '../../plan/sync-plan.js';
import type { Header } from '../../record/header.js';
import type { Source } from '../../source/index.js';
import { carryOut } from '../run/carry-out.js';
import { seedFrom } from '../run/check-file.js';
import { finishRun } from '../run/finish-run.js';
import { openPasswords, openView } from '../import/import-run.js';
import type { FinishedRun, View } from '../import/import-run.js';
import type { RunListener } from '../listener.js';
import { checkSyncFile, groupsNotThere, makeSyncPlan } from './make-sync-plan.js';
import type { MadePlan } from './make-sync-plan.js';
import { newRun } from '../run/new-run.js';
import { lastingName, openFile } from '../run/open-file.js';
import { copyPlan, descriptionHash } from '../plans/plan-file.js';
import type { PlanFile } from '../plans/plan-file.js';
import { planCounts } from '../plans/plan-lines.js';
import { lockPool } from './pool-lock.js';
import { protectedPeople } from './protected-people.js';
import { Refusal } from '../refusal.js';
import { rememberedFrom } from '../run/remembered.js';
import type { Remembered } from '../run/remembered.js';
import type { RunFolder } from '../run/run-folder.js';
import {
  firstCalls,
  sessionCalls,
  sessionCallsUnlessStopped,
  withSession,
} from '../run/session.js';
import type { Session } from '../run/session.js';
import { refuseRemovals, refuseShortFile, refuseWithoutScope } from './sync-guards.js';
import type { SyncOptions } from './sync-options.js';
import { planPath, syncRows, syncWork } from './sync-run.js';
import type { Sync } from './sync-run.js';
import { UnusedPasswords } from '../import/unused-passwords.js';

/**
 * Makes a pool match a file. The plan is made, held against the caps and asked about before anything
 * is written. Resolves and rejects as `importUsers` does; a cap or a no is a `Refusal`.
 */
export function syncUsers(options: SyncOptions, listener: RunListener = {}): Promise<FinishedRun> {
  return withSession(options, listener, async (session) => {
    refuseWithoutScope(options);
    const source = await openFile(options, session);
    const view = await openSyncView(options, source, session);
    await lockPool(view.pool, session);
    const passwords = await openPasswords(options, view.description, 'create', session);
    let isBegun = false;
    if (passwords) {
      session.releases.add(() => (isBegun ? passwords.close() : passwords.discard()));
    }
    return newRun(aboutSync(options, view.pool), source, session, async (folder, journal) => {
      const made = await planSync(options, source, view, journal, folder, session);
      refuseRemovals(made.counts, options.maxRemovals ?? defaultRemovalCap);
      await confirmPlan(made.counts, options.confirm);
      await beginPlan(source, journal, made, session);
      isBegun = true;
      const sync = { ...view, source, journal, passwords, retryFailed: false };
      return runSync({ ...sync, plan: planPath(folder) }, folder, session);
    });
  });
}

/** Carries out a saved plan as a run of its own; each user is held against what the plan was made on. */
export function applySyncPlan(
  plan: string,
  options: SyncOptions & { readonly fileSha256?: string },
  listener: RunListener,
): Promise<FinishedRun> {
  return withSession(options, listener, async (session) => {
    const source = await openFile(options, session);
    const view = await openSyncView(options, source, session);
    await lockPool(view.pool, session);
    const passwords = await openPasswords(options, view.description, 'create', session);
    let isBegun = false;
    if (passwords) {
      session.releases.add(() => (isBegun ? passwords.close() : passwords.discard()));
    }
    return newRun(aboutSync(options, view.pool), source, session, async (folder, journal) => {
      await copyPlan(plan, planPath(folder));
      const counts = await planCounts(planPath(folder));
      refuseRemovals(counts, options.maxRemovals ?? defaultRemovalCap);
      const { missingGroups } = await checkAgain(options, source, view, journal, session);
      await confirmPlan(counts, options.confirm);
      await beginPlan(source, journal, { counts, missingGroups }, session);
      isBegun = true;
      const sync = { ...view, source, journal, passwords, retryFailed: false };
      return runSync({ ...sync, plan: planPath(folder) }, folder, session);
    });
  });
}

/** Reads the file for the rows that are invalid, which a plan does not hold. */
async function checkAgain(
  { fileSha256 }: { readonly fileSha256?: string },
  source: Source,
  view: SyncView,
  journal: Journal,
  session: Session,
): Promise<Pick<MadePlan, 'missingGroups'>> {
  const { header, description, sync: settings } = view;
  const rows = new SyncPlan(description.UserPool, settings, seedFrom(session));
  await checkSyncFile({ source, header, description, settings, journal }, rows, session);
  if (source.totals?.sha256 !== fileSha256) {
    throw new Refusal(`${source.name} was changed since the plan was made: make a new plan.`);
  }
  return { missingGroups: groupsNotThere(description, rows) };
}

/** What of a sync is known once its pool was read and its header stands. */
export interface SyncView extends View {
  readonly sync: SyncSettings;
  /** What is worth saying where users are made, and not of a sync that makes none. */
  readonly aboutNewUsers: readonly string[];
}

/** Opens the pool and holds the header and the options against it. */
export async function openSyncView(
  options: SyncOptions,
  source: Source,
  session: Session,
): Promise<SyncView> {
  const sync: SyncSettings = {
    key: options.key ?? 'username',
    groupsMode: options.groupsMode ?? 'add',
    missing: options.missing ?? 'ignore',
    scope: options.scope ?? { is: 'all' },
    protected: await protectedPeople(options.protect),
  };
  const rows = { ...options, onExisting: 'fail' } as const;
  const aboutNewUsers: string[] = [];
  const view = await openView(rows, options.pool, source, session.clock.wall(), {
    ...session,
    notice: (message) => aboutNewUsers.push(message),
  });
  refuseUnknownNames(sync, view.header, view.description);
  return { ...view, sync, aboutNewUsers };
}

/** A scope or key that is not there would make everybody missing, or new. */
function refuseUnknownNames(
  { key, scope }: SyncSettings,
  header: Header,
  { UserPool }: PoolDescription,
): void {
  const known = new Set((UserPool.SchemaAttributes ?? []).map(({ Name }) => Name));
  const isKnown = (name: string): boolean => known.size === 0 || known.has(name);
  if (scope.is === 'attribute' && !isKnown(scope.name)) {
    throw new Refusal(`The pool has no attribute "${scope.name}", which --scope names.`);
  }
  if (key === 'username') return;
  if (!isKnown(key)) throw new Refusal(`The pool has no attribute "${key}", which --key names.`);
  if (header.columns.every(({ kind, name }) => kind !== 'attribute' || name !== key)) {
    throw new Refusal(
      `The file has no attribute column "${key}", which --key names: add it, or map one to it.`,
    );
  }
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
  source: Source,
  view: SyncView,
  journal: Journal,
  folder: RunFolder,
  session: Session,
): Promise<MadePlan> {
  const { pool, header, description, sync: settings } = view;
  const head = (sha256: string, rows: number): PlanFile => ({
    plan: 'cognito-bulk',
    version: 1,
    command: 'sync',
    at: session.clock.wall(),
    file: { path: source.resumable ? lastingName(options.file) : '-', sha256, rows },
    pool: {
      id: pool.userPoolId,
      region: pool.region,
      withGroups: description.Groups !== undefined,
      sha256: descriptionHash(description),
    },
    options: rememberedSync(options),
  });
  const { calls, figures } = await sessionCalls(session, pool, firstCalls(session), []);
  const made = await makeSyncPlan(
    { source, header, description, settings, journal, pool },
    planPath(folder),
    head,
    (rows) => refuseShortFile(source.name, rows, options),
    calls,
    session,
  );
  journal.note(figures.take());
  if (made.counts.create > 0) view.aboutNewUsers.forEach(session.notice);
  return made;
}

/** Asks before anything is written. Throws a `Refusal` where the answer is no. */
export async function confirmPlan(
  counts: PlanCounts,
  confirm: SyncOptions['confirm'],
): Promise<void> {
  if (!confirm || writesNothing(counts) || (await confirm(counts))) return;
  throw new Refusal('Nothing was written: the answer was no.');
}

/** From here on the run is one that writes, and `resume` goes on with its plan. */
export async function beginPlan(
  { totals, name }: Source,
  journal: Journal,
  { counts, missingGroups }: MadePlan,
  session: Session,
): Promise<void> {
  if (!totals) throw new Error('a whole pass has totals');
  if (totals.rows === 0) session.notice(`${name} has a header and no rows.`);
  if (writesNothing(counts))
    session.notice(`Nothing to do: ${name} asks for no change that can be made.`);
  journal.checked({ t: 'checked', ...totals, missingGroups });
  await journal.flush();
}

/** Carries out what of a plan is pending, and writes the reports. */
export async function runSync(
  sync: Sync & { readonly passwords: PasswordFile | undefined },
  folder: RunFolder,
  session: Session,
): Promise<FinishedRun> {
  const { clock, listener } = session;
  const { journal, passwords } = sync;
  const reason = writesNothing(await planCounts(sync.plan))
    ? undefined
    : await carryOutSync(sync, session);
  const unused = new UnusedPasswords();
  const summary = await finishRun(
    {
      folder: folder.path,
      journal,
      mask: session.options.mask,
      ...syncRows(sync, false, listener),
    },
    reason,
    () => clock.wall(),
    listener,
    (result) => {
      unused.see(result);
    },
  );
  await passwords?.finish((username) => unused.has(username));
  return { summary, folder: folder.path, resumable: sync.source.resumable };
}

async function carryOutSync(sync: Sync, session: Session): Promise<StopReason | undefined> {
  const calls = await sessionCallsUnlessStopped(session, sync.pool, firstCalls(session), [
    'UserCreation',
    ...(sync.client ? (['UserAuthentication'] as const) : []),
  ]);
  return calls ? carryOut(syncWork(sync, calls, session), calls, session) : session.stop.reason;
}

/** The cap of a plan that was saved: what is given now, else what it was made with. */
export function capOf(given: RemovalCap | undefined, { sync }: Remembered): RemovalCap {
  return given ?? sync?.maxRemovals ?? defaultRemovalCap;
}
