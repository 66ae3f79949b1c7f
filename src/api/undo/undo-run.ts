import { changeUser } from '../../apply/change-user.js';
import type { ChangeAction } from '../../apply/change-user.js';
import type { Calls } from '../../apply/calls.js';
import type { PoolDescription } from '../../cognito/description.js';
import type { UserPool } from '../../cognito/user-pool.js';
import type { Journal } from '../../journal/journal.js';
import type { PlanCounts, Planned } from '../../plan/planned.js';
import { writesNothing } from '../../plan/planned.js';
import { carryOut } from '../run/carry-out.js';
import type { Work } from '../run/carry-out.js';
import { finishRun } from '../run/finish-run.js';
import type { FinishedRun } from '../run/finish-run.js';
import type { RunListener } from '../listener.js';
import { newRun } from '../run/new-run.js';
import type { PoolOptions, ResumeOptions } from '../options.js';
import { isPending } from '../run/pending-rows.js';
import { PlanWriter, planCounts, plannedOthers } from '../plans/plan-lines.js';
import { lockPool } from '../sync/pool-lock.js';
import { readDescription } from '../run/pool-view.js';
import { Refusal } from '../refusal.js';
import type { Remembered } from '../run/remembered.js';
import { poolAgain, reopenRun } from '../run/reopen-run.js';
import type { Reopened } from '../run/reopen-run.js';
import type { RunFolder } from '../run/run-folder.js';
import { firstCalls, openPool, sessionCalls, withSession } from '../run/session.js';
import type { Session } from '../run/session.js';
import { refuseRemovals } from '../sync/sync-guards.js';
import { planPath } from '../sync/sync-run.js';
import { confirmPlan } from '../sync/sync-users.js';
import type { UndoOptions } from './undo-options.js';
import { counted } from '../counted.js';
import { planUndo } from './undo-plan.js';
import type { Lasting } from './undo-plan.js';
import { plannedPeople } from './undo-rows.js';
import { UnknownUsers } from './undo-unknown.js';

/** What the run of an undo is called in its journal. */
export const undoCommand = 'undo';

/**
 * Deletes the users whom a run made and enables those whom it disabled; each is found by `sub`, and
 * left alone where somebody changed their attributes since. Resolves and rejects as `syncUsers` does.
 */
export function undoRun(options: UndoOptions, listener: RunListener = {}): Promise<FinishedRun> {
  return withSession(options, listener, (session) =>
    beginUndo(options, false, session, async (undo) => {
      const { counts, lasting, folder, journal } = undo;
      refuseRemovals(counts, options.maxRemovals ?? { users: Infinity });
      await confirmPlan(counts, options.confirm);
      tellLasting(lasting, session);
      if (writesNothing(counts)) session.notice('Nothing to do: the run made and disabled nobody.');
      await beginJournal(journal);
      return carryOutUndo({ ...undo, retryFailed: false }, folder, session);
    }),
  );
}

/** An undo that has its plan. */
interface Undo {
  readonly pool: UserPool;
  readonly description: PoolDescription;
  readonly journal: Journal;
  readonly folder: RunFolder;
  readonly counts: PlanCounts;
  readonly lasting: Lasting;
}

/** Opens the run and its pool, and makes the plan in a run of its own. */
export async function beginUndo(
  options: UndoOptions,
  dry: boolean,
  session: Session,
  work: (undo: Undo) => Promise<FinishedRun>,
): Promise<FinishedRun> {
  const target = await reopenRun(options, session);
  refuseOtherKinds(target);
  const address = poolAgain(target, options.pool);
  const pool = await openPool(address, session);
  const description = await readDescription(pool, firstCalls(session), false);
  if (!dry) await lockPool(pool, session);
  const { run } = target.journal.begin;
  const about = {
    command: undoCommand,
    file: `undo-${run}`,
    pool,
    remembered: remembered(address, dry, options.mask ?? target.remembered.mask),
    ...(options.reports !== undefined && { reports: options.reports }),
  };
  return newRun(about, { name: run, resumable: false }, session, async (folder, journal) => {
    const { calls, figures } = await sessionCalls(session, pool, []);
    const unknown = await UnknownUsers.find(target, pool, description, calls, options, session);
    const writer = await PlanWriter.create(planPath(folder), { undo: run });
    const { counts, lasting } = await planUndo(
      target.journal,
      unknown,
      options.evenIfChanged === true,
      (planned) => {
        writer.add(planned);
        return writer.drain();
      },
    );
    await writer.finish(counts);
    journal.note(figures.take());
    return work({ pool, description, journal, folder, counts, lasting });
  });
}

function remembered(
  { profile, endpointUrl }: PoolOptions,
  dry: boolean,
  mask: boolean | undefined,
): Remembered {
  return {
    file: {},
    rows: {},
    pool: {
      ...(profile !== undefined && { profile }),
      ...(endpointUrl !== undefined && { endpointUrl }),
    },
    ...(dry && { dryRun: true }),
    ...(mask !== undefined && { mask }),
  };
}

/** A rehearsal's pool is gone, a dry run did nothing, and an address stays verified. */
function refuseOtherKinds({ journal: { begin }, remembered }: Reopened): void {
  const reason =
    remembered.dryRun === true
      ? 'was a dry run and changed nothing'
      : begin.rehearsal === true
        ? 'was a rehearsal, whose pool is gone'
        : begin.command === 'import' || begin.command === 'sync'
          ? undefined
          : `was a ${begin.command}, which can't be taken back`;
  if (reason !== undefined) throw new Refusal(`Run "${begin.run}" ${reason}.`);
}

export function tellLasting(
  { updated, deleted, messaged, billed }: Lasting,
  session: Session,
): void {
  const parts = [
    updated > 0 ? `updates of ${counted(updated, 'user')}` : '',
    deleted > 0 ? `${counted(deleted, 'user')} deleted` : '',
    messaged > 0 ? `messages to ${counted(messaged, 'user')}` : '',
    billed > 0 ? `${counted(billed, 'user')} billed as active this month` : '',
  ].filter((part) => part !== '');
  if (parts.length > 0) session.notice(`What can't be taken back: ${parts.join(', ')}.`);
}

export async function beginJournal(journal: Journal): Promise<void> {
  journal.checked({ t: 'checked', rows: 0, sha256: '', missingGroups: [] });
  await journal.flush();
}

/** Goes on with an undo. */
export async function resumeUndo(
  { folder, journal, remembered }: Reopened,
  address: PoolOptions,
  { retryFailed = false }: ResumeOptions,
  session: Session,
): Promise<FinishedRun> {
  if (!journal.whole) {
    throw new Refusal(
      `Run "${journal.begin.run}" ended before its plan was made, and nothing was sent: undo anew.`,
    );
  }
  const pool = await openPool({ ...remembered.pool, ...address }, session);
  const description = await readDescription(pool, firstCalls(session), false);
  await lockPool(pool, session);
  journal.note({ t: 'session', at: session.clock.wall() });
  return carryOutUndo({ pool, description, journal, retryFailed }, folder, session);
}

type UndoWork = Pick<Undo, 'pool' | 'description' | 'journal'> & { readonly retryFailed: boolean };

async function carryOutUndo(
  undo: UndoWork,
  folder: RunFolder,
  session: Session,
): Promise<FinishedRun> {
  const path = planPath(folder);
  const reason = writesNothing(await planCounts(path))
    ? undefined
    : await carryOut(undo.pool, [], (calls) => undoWork(undo, path, calls, session), session);
  const rows = plannedPeople(path, session.listener);
  return finishRun({ folder, journal: undo.journal, resumable: true, ...rows }, reason, session);
}

/** What an undo does: user by user what the plan in `path` says. */
export function undoWork(
  undo: UndoWork,
  path: string,
  calls: Calls,
  { stop, clock, listener }: Session,
): Work<ChangeAction> {
  const { pool, description, journal } = undo;
  const tools = {
    ...{ pool, settings: description.UserPool, calls, ledger: journal, clock, stop },
    ifChanged: 'undo with --even-if-changed deletes them all the same',
  };
  async function* actions(): AsyncGenerator<readonly ChangeAction[]> {
    listener.onPhase?.('undoing', await countPending(path, undo));
    for await (const lines of plannedOthers(path, 0)) {
      yield lines.flatMap((planned) => actionOf(planned, undo) ?? []);
    }
  }
  return {
    journal,
    pace: 'UserUpdate',
    actions: actions(),
    apply: (action, earlier, effort) => changeUser(action, earlier, effort, tools),
  };
}

/** Users for whom something is still to be done. */
async function countPending(path: string, undo: UndoWork): Promise<number> {
  let count = 0;
  for await (const lines of plannedOthers(path, 0)) {
    for (const planned of lines) if (actionOf(planned, undo)) count++;
  }
  return count;
}

/** Users whom an undo changes. */
export const changesOf = (counts: PlanCounts): number => counts.delete + counts.enable;

function actionOf(planned: Planned, undo: UndoWork): ChangeAction | undefined {
  if (planned.do !== 'delete' && planned.do !== 'enable') return undefined;
  if (!isPending(undo, planned.row)) return undefined;
  const { row, line = 0, username } = planned;
  return { row, line, username, planned };
}
