import { Journal } from '../journal/journal.js';
import { openSource } from '../source/index.js';
import type { Source } from '../source/index.js';
import { checkFile, checkHeader } from './check-file.js';
import { checkSignInHeader, checkSignIns } from './check-sign-ins.js';
import { reportRun } from './finish-run.js';
import type { Reported } from './finish-run.js';
import { openPasswords, openView, runImport } from './import-run.js';
import type { FinishedRun } from './import-run.js';
import type { RunListener } from './listener.js';
import type { ResumeOptions } from './options.js';
import { Refusal } from './refusal.js';
import type { Remembered } from './remembered.js';
import { defaultReports, openRunFolder } from './run-folder.js';
import type { RunFolder } from './run-folder.js';
import { withSession } from './session.js';
import type { Session } from './session.js';
import { readingSettings } from './settings.js';
import { verifyActionOf } from './verify-commands.js';
import { openVerification, runVerification, signInSettings } from './verify-run.js';

/**
 * Goes on with a run that was stopped, interrupted or killed. Refuses another file content and
 * another pool. Otherwise as `importUsers`.
 */
export function resumeRun(
  options: ResumeOptions,
  listener: RunListener = {},
): Promise<FinishedRun> {
  return withSession(options, listener, async (session) => {
    const { clock } = session;
    const { folder, journal, source, remembered } = await reopen(options, session);
    const { begin } = journal;
    const address = { ...remembered.pool, ...options.pool };
    if (address.userPoolId !== undefined && address.userPoolId !== begin.pool.id) {
      throw new Refusal(
        `Run "${begin.run}" is of pool ${begin.pool.id}: resume it there, or import the file anew.`,
      );
    }
    const pool = { region: begin.pool.region, ...address, userPoolId: begin.pool.id };
    const { clientId = remembered.clientId, clientSecret, retryFailed = false } = options;
    const rows = {
      ...remembered.rows,
      ...(clientId !== undefined && { clientId }),
      ...(clientSecret !== undefined && { clientSecret }),
    };
    const action = verifyActionOf(begin.command);
    if (action) {
      const settings = { action, attribute: remembered.attribute ?? 'email' };
      const view = await openVerification(rows, settings, pool, source, session);
      journal.note({ t: 'session', at: clock.wall() });
      if (!journal.whole) await checkSignIns(source, view.header, journal, session);
      return runVerification({ ...view, source, journal, retryFailed }, folder, session);
    }
    const view = await openView(rows, pool, source, begin.at, session);
    const passwords = await openPasswords(remembered.rows, view.description, 'resume', session);
    journal.note({ t: 'session', at: clock.wall() });
    if (!journal.whole) await checkFile(source, view.header, view.description, journal, session);
    return runImport({ ...view, source, journal, passwords, retryFailed }, folder, session);
  });
}

/** Writes the reports of a run again, from its journal and its file. Calls nothing. */
export function writeReport(
  options: Pick<ResumeOptions, 'run' | 'reports'>,
  listener: RunListener = {},
): Promise<FinishedRun> {
  return withSession({}, listener, async (session) => {
    const { folder, journal, source, remembered } = await reopen(options, session);
    const header = await reportedHeader(source, journal, remembered, session);
    const summary = await reportRun({ folder: folder.path, source, header, journal }, listener);
    return { summary, folder: folder.path, resumable: true };
  });
}

/** The run's own check of the header stands; here it only has to say which column is which. */
async function reportedHeader(
  source: Source,
  { begin }: Journal,
  { rows }: Remembered,
  session: Session,
): Promise<Reported['header']> {
  const action = verifyActionOf(begin.command);
  if (action) {
    return checkSignInHeader(source, undefined, await signInSettings(rows, action, begin.at));
  }
  const reading = await readingSettings(rows, new Date(begin.at));
  return checkHeader(source, undefined, reading, session);
}

interface Reopened {
  readonly folder: RunFolder;
  readonly journal: Journal;
  readonly source: Source;
  readonly remembered: Remembered;
}

/** Opens what an earlier session left: its folder, its journal and the file as it was. */
async function reopen(
  options: Pick<ResumeOptions, 'run' | 'reports'>,
  { releases, clock }: Session,
): Promise<Reopened> {
  const folder = await openRunFolder(options.reports ?? defaultReports, options.run);
  releases.add(() => folder.release());
  const journal = await Journal.resume(folder.journal, () => clock.wall());
  releases.add(() => journal.close());
  const remembered = journal.begin.options as unknown as Remembered;
  const source = await openSourceAgain(journal, remembered);
  releases.add(() => source.close());
  return { folder, journal, source, remembered };
}

async function openSourceAgain(journal: Journal, { file }: Remembered): Promise<Source> {
  const { begin, whole } = journal;
  if (begin.file.path === undefined) {
    throw new Refusal(
      `Run "${begin.run}" read standard input, which can't be read again: import what rejects.csv holds.`,
    );
  }
  const source = await openSource(begin.file.path, file);
  if (whole && (await source.digest()) !== whole.sha256) {
    await source.close();
    throw new Refusal(
      `${begin.file.path} is not what run "${begin.run}" was begun with: put that content back, or import the new file as a run of its own.`,
    );
  }
  return source;
}
