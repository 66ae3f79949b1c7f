import type { PoolDescription } from '../../cognito/description.js';
import type { Header } from '../../record/header.js';
import type { Source } from '../../source/index.js';
import { carryOut } from '../run/carry-out.js';
import { checkHeader, readWholeHeader } from '../run/check-file.js';
import { openClient } from '../run/client.js';
import { importCategories, importWork } from './import-work.js';
import type { Import } from './import-work.js';
import type { ClientOptions, PoolOptions, RowOptions } from '../options.js';
import { readDescription } from '../run/pool-view.js';
import { fileRows } from '../run/reported-rows.js';
import type { RunFolder } from '../run/run-folder.js';
import { firstCalls, openPool } from '../run/session.js';
import type { Session } from '../run/session.js';
import { finishWithPasswords } from './passwords.js';
import type { FinishedRun } from '../run/finish-run.js';
import { forNamesAlone, importSettings, mayNameGroups, readingSettings } from '../run/settings.js';

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
  const { pool, source, header, journal, passwords } = work;
  const reason = await carryOut(
    pool,
    importCategories(work),
    (calls) => importWork(work, calls, session),
    session,
  );
  const rows = fileRows(source, header, session.listener);
  const lasts = work.poolEnds !== true && journal.begin.rehearsal !== true;
  const resumable = source.resumable && lasts;
  return finishWithPasswords({ folder, journal, resumable, ...rows }, passwords, reason, session);
}
