import { resolve } from 'node:path';

import type { PoolDescription } from '../cognito/description.js';
import type { BeginEntry } from '../journal/entries.js';
import { Journal } from '../journal/journal.js';
import { PasswordFile } from '../journal/password-file.js';
import { LineTable } from '../record/line-table.js';
import type { Summary } from '../report/summary.js';
import { openSource } from '../source/index.js';
import type { Source } from '../source/index.js';
import { carryOut } from './carry-out.js';
import type { Import } from './carry-out.js';
import { checkFile, checkHeader } from './check-file.js';
import { finishRun, reportRun } from './finish-run.js';
import type { RunListener } from './listener.js';
import type {
  FileOptions,
  ImportOptions,
  PoolOptions,
  ResumeOptions,
  RowOptions,
} from './options.js';
import { readDescription } from './pool-view.js';
import { Refusal } from './refusal.js';
import { createRunFolder, openRunFolder, removeRunFolder } from './run-folder.js';
import type { RunFolder } from './run-folder.js';
import { firstCalls, openPool, sessionCalls, withSession } from './session.js';
import type { Session } from './session.js';
import { importSettings, readingSettings } from './settings.js';

const defaultReports = 'reports';

/** A run that has its reports. */
export interface FinishedRun {
  readonly summary: Summary;
  /** The folder that holds them. */
  readonly folder: string;
}

/** What `resume` goes on with: all that decides on the rows, and no secret. */
interface Remembered {
  readonly file: Omit<FileOptions, 'file' | 'stdin'>;
  readonly rows: RowOptions;
  readonly pool: Omit<PoolOptions, 'userPoolId' | 'region' | 'credentials'>;
}

/**
 * Brings the people of a CSV into a user pool. Resolves with the summary once the reports are
 * written, also when rows failed or the run was stopped. Rejects with a `Refusal`, `SourceError` or
 * `PoolError` when nothing was begun, and with an `AppendError` when the disk gave up.
 */
export function importUsers(
  options: ImportOptions,
  listener: RunListener = {},
): Promise<FinishedRun> {
  return withSession(options, listener, async (session) => {
    const { releases, clock } = session;
    const source = await openSource(options.file, options);
    releases.add(() => source.close());
    if (!source.resumable) {
      session.notice(`${source.name} can't be read again later, so this run can't be resumed.`);
    }
    const view = await openView(options, options.pool, source, clock.wall(), session);

    const begin = clock.wall();
    const reports = options.reports ?? defaultReports;
    const folder = await createRunFolder(reports, options.run, options.file, new Date(begin));
    releases.add(() => folder.release());
    const journal = await Journal.create(
      folder.journal,
      beginEntry(folder, source, options, view.pool, begin),
      () => clock.wall(),
    );
    releases.add(() => journal.close());
    try {
      await checkFile(source, view.header, view.description, journal, session);
      const passwords = await openPasswords(options, view.description, 'create', session);
      return await run(
        { ...view, source, journal, passwords, retryFailed: false },
        folder,
        session,
      );
    } catch (error) {
      // Before the file was checked nothing was sent, and there is nothing to keep.
      if (!journal.whole) {
        await journal.close();
        await folder.release();
        await removeRunFolder(folder);
      }
      throw error;
    }
  });
}

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
    const view = await openView(remembered.rows, pool, source, begin.at, session);
    const passwords = await openPasswords(remembered.rows, view.description, 'resume', session);

    journal.note({ t: 'session', at: clock.wall() });
    if (!journal.whole) await checkFile(source, view.header, view.description, journal, session);
    const retryFailed = options.retryFailed ?? false;
    return run({ ...view, source, journal, passwords, retryFailed }, folder, session);
  });
}

/** Writes the reports of a run again, from its journal and its file. Calls nothing. */
export function writeReport(
  options: Pick<ResumeOptions, 'run' | 'reports'>,
  listener: RunListener = {},
): Promise<FinishedRun> {
  return withSession({}, listener, async (session) => {
    const { folder, journal, source, remembered } = await reopen(options, session);
    const reading = readingSettings(remembered.rows, new Date(journal.begin.at));
    // The run's own check of the header stands; here it only has to say which column is which.
    const header = checkHeader(source, undefined, reading, session);
    const summary = await reportRun({ folder: folder.path, source, header, journal }, listener);
    return { summary, folder: folder.path };
  });
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

type View = Pick<Import, 'pool' | 'description' | 'header' | 'settings'>;

/** Opens the pool, reads its description and holds the header against it. */
async function openView(
  options: RowOptions,
  address: PoolOptions,
  source: Source,
  now: number,
  session: Session,
): Promise<View> {
  const pool = await openPool(address, session);
  const namesGroups =
    (options.groups ?? []).length > 0 ||
    source.header.cells.some((cell) => cell.trim().toLowerCase() === 'groups');
  const description = await readDescription(pool, firstCalls(session), namesGroups);
  const header = checkHeader(source, description, readingSettings(options, new Date(now)), session);
  return { pool, description, header, settings: importSettings(options, header) };
}

async function run(work: Import, folder: RunFolder, session: Session): Promise<FinishedRun> {
  const { clock, listener, releases } = session;
  const { passwords, journal } = work;
  if (passwords) releases.add(() => passwords.close());
  const calls = await sessionCalls(session, work.pool, firstCalls(session), ['UserCreation']);
  const reason = await carryOut(work, calls, session);

  const unused = new LineTable(true, 0);
  const summary = await finishRun(
    { folder: folder.path, source: work.source, header: work.header, journal },
    reason,
    () => clock.wall(),
    listener,
    ({ username, steps, final }) => {
      if (final && !steps.includes('password') && unused.look(username) === 0) unused.add(1);
    },
  );
  await passwords?.finish((username) => unused.look(username) > 0);
  return { summary, folder: folder.path };
}

async function openPasswords(
  { generatePasswords: path }: RowOptions,
  description: PoolDescription,
  how: 'create' | 'resume',
  session: Session,
): Promise<PasswordFile | undefined> {
  if (path === undefined) return undefined;
  const policy = description.UserPool.Policies?.PasswordPolicy ?? {};
  try {
    return await PasswordFile[how](path, policy);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    if (how === 'resume' && error.code === 'ENOENT') {
      session.notice(`${path} is gone, so new passwords go into a new file of that name.`);
      return PasswordFile.create(path, policy);
    }
    throw new Refusal(
      error.code === 'EEXIST'
        ? `${path} is there already and may hold passwords, so it is not overwritten: name another file.`
        : `${path} can't be written (${String(error.code)}): name another file.`,
    );
  }
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

function beginEntry(
  folder: RunFolder,
  source: Source,
  options: ImportOptions,
  pool: { readonly userPoolId: string; readonly region: string },
  at: number,
): BeginEntry {
  const { encoding, delimiter, passwordMode, generatePasswords, invite, onExisting } = options;
  const { verified, groups, createGroups } = options;
  const { profile, endpointUrl } = options.pool;
  const remembered = {
    file: { encoding, delimiter },
    rows: {
      passwordMode,
      generatePasswords: generatePasswords === undefined ? undefined : resolve(generatePasswords),
      invite,
      onExisting,
      verified,
      groups,
      createGroups,
    },
    pool: { profile, endpointUrl },
  };
  return {
    t: 'run',
    version: 1,
    run: folder.run,
    command: 'import',
    at,
    file: { name: source.name, path: source.resumable ? resolve(options.file) : undefined },
    pool: { id: pool.userPoolId, region: pool.region },
    options: remembered,
  };
}
