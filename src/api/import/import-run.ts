import type { PoolDescription } from '../../cognito/description.js';
import type { Category } from '../../cognito/quotas.js';
import { PasswordFile } from '../../journal/password-file.js';
import type { Header } from '../../record/header.js';
import type { Summary } from '../../report/summary.js';
import type { Source } from '../../source/index.js';
import { carryOut } from '../run/carry-out.js';
import { checkHeader, readWholeHeader } from '../run/check-file.js';
import { openClient } from '../run/client.js';
import { finishRun } from '../run/finish-run.js';
import { importWork } from './import-work.js';
import type { Import } from './import-work.js';
import type { ClientOptions, PoolOptions, RowOptions } from '../options.js';
import { readDescription } from '../run/pool-view.js';
import { Refusal } from '../refusal.js';
import { fileRows } from '../run/reported-rows.js';
import type { RunFolder } from '../run/run-folder.js';
import { firstCalls, openPool, sessionCallsUnlessStopped } from '../run/session.js';
import type { Session } from '../run/session.js';
import { UnusedPasswords } from './unused-passwords.js';
import { forNamesAlone, importSettings, mayNameGroups, readingSettings } from '../run/settings.js';

/** A run that has its reports. */
export interface FinishedRun {
  readonly summary: Summary;
  /** The folder that holds them. */
  readonly folder: string;
  /** Whether `resume` can go on with it: not where the file or the pool is gone with the process. */
  readonly resumable: boolean;
}

/** What of an import is known once its pool was read and its header stands. */
export type View = Pick<Import, 'pool' | 'description' | 'header' | 'settings' | 'client'>;

/** Opens the pool, reads its description and holds the header against it. */
export async function openView(
  options: RowOptions & ClientOptions,
  address: PoolOptions,
  source: Source,
  now: number,
  session: Session,
): Promise<View> {
  const pool = await openPool(address, session);
  const namesGroups = mayNameGroups(options, source.header.cells);
  const description = await readDescription(pool, firstCalls(session), namesGroups);
  const header =
    options.resend === true
      ? await headerOfNames(options, description, source, now, session)
      : await headerOf(options, description, source, now, session);
  const settings = importSettings(options, header);
  if (settings.passwordMode === 'challenge') {
    session.notice(
      '--password-mode permanent does the same with half the calls, unless a trigger has to see the sign-in; both share 30 calls a second.',
    );
  }
  const client =
    settings.passwordMode === 'challenge'
      ? await openClient(
          options,
          pool,
          session,
          ', or take --password-mode permanent, which needs no client',
        )
      : undefined;
  return { pool, description, header, settings, client };
}

async function headerOf(
  options: RowOptions,
  description: PoolDescription,
  source: Source,
  now: number,
  session: Session,
): Promise<Header> {
  const reading = await readingSettings(options, new Date(now));
  return checkHeader(source, description, reading, session);
}

/** Of whoever is invited again only the name is sent: warnings about all the rest would mislead. */
async function headerOfNames(
  options: RowOptions,
  description: PoolDescription,
  source: Source,
  now: number,
  session: Session,
): Promise<Header> {
  const names = forNamesAlone(options, description);
  const reading = await readingSettings(names.options, new Date(now));
  session.notice(
    'The temporary password of an earlier invitation stops working for everybody who is invited again.',
  );
  return readWholeHeader(source, names.description, reading).header;
}

/** Carries out all rows that are pending and writes the reports. */
export async function runImport(
  work: Import,
  folder: RunFolder,
  session: Session,
): Promise<FinishedRun> {
  const { clock, listener } = session;
  const { passwords, journal } = work;
  const asked: Category[] = [
    'UserCreation',
    ...(work.client ? (['UserAuthentication'] as const) : []),
  ];
  const first = firstCalls(session);
  const calls = await sessionCallsUnlessStopped(session, work.pool, first, asked);
  const reason = calls
    ? await carryOut(importWork(work, calls, session), calls, session)
    : session.stop.reason;

  const unused = new UnusedPasswords();
  const summary = await finishRun(
    {
      folder: folder.path,
      journal,
      mask: session.options.mask,
      ...fileRows(work.source, work.header, listener),
    },
    reason,
    () => clock.wall(),
    listener,
    (result) => {
      unused.see(result);
    },
  );
  await passwords?.finish((username) => unused.has(username));
  const resumable = work.source.resumable && journal.begin.rehearsal !== true;
  return { summary, folder: folder.path, resumable };
}

/** Opens the file for generated passwords, where one is wanted. */
export async function openPasswords(
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
