import { checkHeader } from '../run/check-file.js';
import { checkSignInHeader } from '../verify/check-sign-ins.js';
import { reportRun } from '../run/finish-run.js';
import type { FinishedRun } from '../run/finish-run.js';
import type { RunListener } from '../listener.js';
import type { ResumeOptions } from '../options.js';
import { Refusal } from '../refusal.js';
import { openFileAgain, reopenRun } from '../run/reopen-run.js';
import type { Reopened } from '../run/reopen-run.js';
import { fileRows } from '../run/reported-rows.js';
import type { ReportedRows } from '../run/reported-rows.js';
import { withSession } from '../run/session.js';
import type { Session } from '../run/session.js';
import { readingSettings } from '../run/settings.js';
import { syncRows } from '../sync/sync-run.js';
import { undoRows } from '../undo/undo-rows.js';
import { undoCommand, verifyActionOf } from '../run/commands.js';
import { signInSettings } from '../verify/verify-run.js';

/** Writes the reports of a run again, from its journal and its file. Calls nothing. */
export function writeReport(
  options: Pick<ResumeOptions, 'run' | 'reports' | 'mask'>,
  listener: RunListener = {},
): Promise<FinishedRun> {
  return withSession({}, listener, async (session) => {
    const reopened = await reopenRun(options, session);
    const { folder, journal, remembered } = reopened;
    if (remembered.dryRun === true && journal.begin.command === 'import') {
      throw new Refusal(
        `Run "${journal.begin.run}" was a dry run of an import, of which only its reports are kept: make it anew.`,
      );
    }
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
  const isDry = remembered.dryRun === true;
  if (command === undoCommand) return undoRows(folder.plan, isDry, listener);
  const source = await openFileAgain(reopened, options, session);
  const action = verifyActionOf(command);
  if (action) {
    const reading = await signInSettings(remembered.rows, action, at);
    return fileRows(source, checkSignInHeader(source, undefined, reading), listener);
  }
  const reading = await readingSettings(remembered.rows, new Date(at));
  const header = checkHeader(source, undefined, reading, session);
  if (command !== 'sync' || !journal.whole) return fileRows(source, header, listener);
  const sync = { source, header, journal, plan: folder.plan };
  return syncRows(sync, isDry, listener);
}
