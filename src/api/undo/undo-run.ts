import { changeUser } from '../../apply/change-user.js';
import type { ChangeAction } from '../../apply/change-user.js';
import type { Calls } from '../../apply/calls.js';
import type { PoolDescription } from '../../cognito/description.js';
import type { UserPool } from '../../cognito/user-pool.js';
import type { Journal } from '../../journal/journal.js';
import type { PlanCounts } from '../../plan/planned.js';
import { writesNothing } from '../../plan/planned.js';
import type { RemovalCap } from '../../plan/removal-cap.js';
import { carryOut } from '../run/carry-out.js';
import { undoCommand } from '../run/commands.js';
import type { Work } from '../run/carry-out.js';
import { finishRun } from '../run/finish-run.js';
import type { FinishedRun } from '../run/finish-run.js';
import type { RunListener } from '../listener.js';
import { newRun } from '../run/new-run.js';
import type { PoolOptions, ResumeOptions, UndoOptions } from '../options.js';
import { isPending } from '../run/pending-rows.js';
import { confirmPlan, refuseRemovals } from '../plans/before-writing.js';
import { PlanWriter, allPlanned, planCounts } from '../plans/plan-lines.js';
import { lockPool } from '../run/pool-lock.js';
import { readDescription } from '../run/pool-view.js';
import { Refusal } from '../refusal.js';
import { rememberedFrom } from '../run/remembered.js';
import { poolAgain, reopenRun } from '../run/reopen-run.js';
import type { Reopened } from '../run/reopen-run.js';
import type { RunFolder } from '../run/run-folder.js';
import { firstCalls, openPool, sessionCalls, withSession } from '../run/session.js';
import type { Session } from '../run/session.js';
import { counted } from '../../record/counted.js';
import { planUndo } from './undo-plan.js';
import type { Lasting } from './undo-plan.js';
import { undoRows } from './undo-rows.js';
import { UnknownUsers } from './undo-unknown.js';

/**
 * Deletes the users whom a run made and enables those whom it disabled; each is found by `sub`, and
 * left alone where somebody changed their attributes since. Resolves and rejects as `syncUsers` does.
 */
export function undoRun(options: UndoOptions, listener: RunListener = {}): Promise<FinishedRun> {
  return withSession(options, listener, (session) =>
    beginUndo(options, false, session, async (undo) => {
      const { counts, lasting, folder, journal } = undo;
      refuseRemovals(counts, options.maxRemovals ?? noCap);
      await confirmPlan(counts, options.confirm);
      tellLasting(lasting, session);
      if (writesNothing(counts)) session.notice('Nothing to do: the run made and disabled nobody.');
      await beginJournal(journal);
      return carryOutUndo({ ...undo, retryFailed: false }, folder, session);
    }),
  );
}

/** All whom a run made, unless somebody says otherwise. */
export const noCap: RemovalCap = { users: Infinity };

/** An undo that has its plan. */
export interface Undo {
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
  const mask = options.mask ?? target.remembered.mask;
  const about = {
    command: undoCommand,
    file: `undo-${run}`,
    pool,
    remembered: rememberedFrom({
      pool: address,
      ...(dry && { dryRun: true }),
      ...(mask !== undefined && { mask }),
    }),
    ...(options.reports !== undefined && { reports: options.reports }),
  };
  return newRun(about, { name: run, resumable: false }, session, async (folder, journal) => {
    const { calls, figures } = await sessionCalls(session, pool, []);
    const unknown = await UnknownUsers.find(target, pool, description, calls, options, session);
    const writer = await PlanWriter.create(folder.plan, { undo: run });
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
  const path = folder.plan;
  const reason = writesNothing(await planCounts(path))
    ? undefined
    : await carryOut(undo.pool, [], (calls) => undoWork(undo, path, calls, session), session);
  const rows = undoRows(path, false, session.listener);
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
    let count = 0;
    for await (const pending of pendingChanges(path, undo)) count += pending.length;
    listener.onPhase?.('undoing', count);
    yield* pendingChanges(path, undo);
  }
  return {
    journal,
    pace: 'UserUpdate',
    actions: actions(),
    apply: (action, earlier, effort) => changeUser(action, earlier, effort, tools),
  };
}

/** What is still to be done, in the order of the plan. */
async function* pendingChanges(
  path: string,
  undo: UndoWork,
): AsyncGenerator<readonly ChangeAction[]> {
  for await (const people of allPlanned(path)) {
    yield people.flatMap((planned) => {
      const isChange = planned.do === 'delete' || planned.do === 'enable';
      if (!isChange || !isPending(undo, planned.row)) return [];
      const { row, line = 0, username } = planned;
      return { row, line, username, planned };
    });
  }
}
