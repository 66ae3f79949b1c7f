import { checkFile } from '../run/check-file.js';
import { checkSignIns } from '../verify/check-sign-ins.js';
import { openView, runImport } from '../import/import-run.js';
import { passwordsAgain } from '../import/passwords.js';
import type { FinishedRun } from '../run/finish-run.js';
import type { RunListener } from '../listener.js';
import type { PoolOptions, ResumeOptions, RowOptions } from '../options.js';
import { lockPool } from '../run/pool-lock.js';
import { Refusal } from '../refusal.js';
import { openFileAgain, poolAgain, reopenRun } from '../run/reopen-run.js';
import type { Remembered } from '../run/remembered.js';
import type { Reopened } from '../run/reopen-run.js';
import { withSession } from '../run/session.js';
import type { Session } from '../run/session.js';
import { runSync } from '../sync/sync-users.js';
import { resumeUndo } from '../undo/undo-run.js';
import { undoCommand, verifyActionOf } from '../run/commands.js';
import { openVerification, runVerification } from '../verify/verify-run.js';

/**
 * Goes on with a run that was stopped, interrupted or killed. Refuses another file content and
 * another pool. Otherwise as `importUsers`.
 */
export function resumeRun(
  options: ResumeOptions,
  listener: RunListener = {},
): Promise<FinishedRun> {
  return withSession(options, listener, async (opened) => {
    const reopened = await reopenRun(options, opened);
    const session = asBefore(opened, reopened.remembered);
    const { begin } = reopened.journal;
    if (reopened.remembered.dryRun === true) {
      throw new Refusal(`Run "${begin.run}" was a dry run: there is nothing to go on with.`);
    }
    const pool = poolAgain(reopened, options.pool);
    switch (begin.command) {
      case undoCommand:
        return resumeUndo(reopened, pool, options, session);
      case 'sync':
        return resumeSync(reopened, pool, options, session);
      case 'import':
        return resumeImport(reopened, pool, options, session);
      default:
        return resumeVerification(reopened, pool, options, session);
    }
  });
}

/** As many invitations a session as before, unless another number is given. */
function asBefore(session: Session, { inviteLimit: before }: Remembered): Session {
  const inviteLimit = session.options.inviteLimit ?? before;
  if (inviteLimit === undefined) return session;
  return { ...session, options: { ...session.options, inviteLimit } };
}

async function resumeImport(
  reopened: Reopened,
  pool: PoolOptions,
  options: ResumeOptions,
  session: Session,
): Promise<FinishedRun> {
  const { folder, journal, remembered } = reopened;
  const source = await openFileAgain(reopened, options, session);
  const rows = rowsAgain(reopened, options);
  const view = await openView(rows, pool, source, journal.begin.at, session);
  const passwords = await passwordsAgain(remembered.rows, view.description, session);
  journal.note({ t: 'session', at: session.clock.wall() });
  const { retryFailed = false } = options;
  const work = { ...view, source, journal, passwords, retryFailed };
  if (!journal.whole) await checkFile(work, session);
  return runImport(work, folder, session);
}

/** A sync goes on with its own plan: another look at the pool would find its own changes. */
async function resumeSync(
  reopened: Reopened,
  address: PoolOptions,
  options: ResumeOptions,
  session: Session,
): Promise<FinishedRun> {
  const { folder, journal, remembered } = reopened;
  const { begin } = journal;
  if (!journal.whole) {
    throw new Refusal(
      `Run "${begin.run}" ended before its plan was made, and nothing was sent: sync the file anew.`,
    );
  }
  const source = await openFileAgain(reopened, options, session);
  const rows = { ...rowsAgain(reopened, options), onExisting: 'fail' } as const;
  const view = await openView(rows, address, source, begin.at, session);
  await lockPool(view.pool, session);
  const passwords = await passwordsAgain(remembered.rows, view.description, session);
  journal.note({ t: 'session', at: session.clock.wall() });
  const { retryFailed = false } = options;
  const plan = folder.plan;
  return runSync({ ...view, source, journal, passwords, retryFailed, plan }, folder, session);
}

async function resumeVerification(
  reopened: Reopened,
  pool: PoolOptions,
  options: ResumeOptions,
  session: Session,
): Promise<FinishedRun> {
  const { folder, journal, remembered } = reopened;
  const action = verifyActionOf(journal.begin.command);
  if (!action) {
    throw new Refusal(`Run "${journal.begin.run}" is of a kind that this version does not know.`);
  }
  const source = await openFileAgain(reopened, options, session);
  const settings = { action, attribute: remembered.attribute ?? 'email' };
  const rows = rowsAgain(reopened, options);
  const view = await openVerification(rows, settings, pool, source, session);
  journal.note({ t: 'session', at: session.clock.wall() });
  const { retryFailed = false } = options;
  const work = { ...view, source, journal, retryFailed };
  if (!journal.whole) await checkSignIns(work, session);
  return runVerification(work, folder, session);
}

function rowsAgain(
  { remembered }: Reopened,
  { clientId = remembered.clientId, clientSecret }: ResumeOptions,
): RowOptions & Pick<ResumeOptions, 'clientId' | 'clientSecret'> {
  return {
    ...remembered.rows,
    ...(clientId !== undefined && { clientId }),
    ...(clientSecret !== undefined && { clientSecret }),
  };
}
