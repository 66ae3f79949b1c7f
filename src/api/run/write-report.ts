import { checkHeader } from './check-file.js';
import { checkSignInHeader } from '../verify/check-sign-ins.js';
import { reportRun } from './finish-run.js';
import type { FinishedRun } from './finish-run.js';
import type { RunListener } from '../listener.js';
import type { ResumeOptions } from '../options.js';
import { openFileAgain, reopenRun } from './reopen-run.js';
import type { Reopened } from './reopen-run.js';
import { fileRows } from './reported-rows.js';
import type { ReportedRows } from './reported-rows.js';
import { withSession } from './session.js';
import type { Session } from './session.js';
import { readingSettings } from './settings.js';
import { planPath, syncRows } from '../sync/sync-run.js';
import { undoRows } from '../undo/undo-rows.js';
import { undoCommand } from '../undo/undo-run.js';
import { verifyActionOf } from '../verify/verify-commands.js';
import { signInSettings } from '../verify/verify-run.js';

/** Writes the reports of a run again, from its journal and its file. Calls nothing. */
export function writeReport(
  options: Pick<ResumeOptions, 'run' | 'reports' | 'mask'>,
  listener: RunListener = {},
): Promise<FinishedRun> {
  return withSession({}, listener, async (session) => {
    const reopened = await reopenRun(options, session);
    const { folder, journal } = reopened;
    const rows = await rowsOf(reopened, options, session);
    return reportRun({ folder, journal, mask: options.mask, ...rows }, listener);
  });
}

/** The run's own check of the header stands; here it only has to say which column is which. */
async function rowsOf(
  reopened: Reopened,
  options: Pick<ResumeOptions, 'run' | 'reports'>,
  session: Session,
): Promise<ReportedRows> {
  const { folder, journal, remembered } = reopened;
  const { listener } = session;
  const { command, at } = journal.begin;
  if (command === undoCommand) return undoRows(planPath(folder), remembered, listener);
  const source = await openFileAgain(reopened, options, session);
  const action = verifyActionOf(command);
  if (action) {
    const reading = await signInSettings(remembered.rows, action, at);
    return fileRows(source, checkSignInHeader(source, undefined, reading), listener);
  }
  const reading = await readingSettings(remembered.rows, new Date(at));
  const header = checkHeader(source, undefined, reading, session);
  if (command !== 'sync' || !journal.whole) return fileRows(source, header, listener);
  const sync = { source, header, journal, plan: planPath(folder) };
  return syncRows(sync, remembered.dryRun === true, listener);
}
