import { basename, resolve } from 'node:path';

import { AppendError } from '../journal/append-file.js';
import type { BeginEntry } from '../journal/entries.js';
import { Journal } from '../journal/journal.js';
import { openSource } from '../source/index.js';
import type { Source } from '../source/index.js';
import { checkFile } from './check-file.js';
import { openPasswords, openView, runImport } from './import-run.js';
import type { FinishedRun } from './import-run.js';
import type { RunListener } from './listener.js';
import type { ImportOptions } from './options.js';
import { Refusal } from './refusal.js';
import { rememberedFrom } from './remembered.js';
import { createRunFolder, defaultReports, removeRunFolder } from './run-folder.js';
import type { RunFolder } from './run-folder.js';
import { withSession } from './session.js';

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
    const { run } = options;
    const file = options.rehearsal === true ? `rehearsal-${basename(options.file)}` : options.file;
    const folder = await createRunFolder(reports, run, file, new Date(begin));
    releases.add(() => folder.release());
    const journal = await Journal.create(
      folder.journal,
      beginEntry(folder, source, options, view.pool, begin),
      () => clock.wall(),
    ).catch(refuseFolder(folder));
    releases.add(() => journal.close());
    try {
      await checkFile(source, view.header, view.description, journal, session);
      const passwords = await openPasswords(options, view.description, 'create', session);
      return await runImport(
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
      if (error instanceof AppendError && !journal.whole) refuseFolder(folder)(error);
      throw error;
    }
  });
}

/** Nothing was sent yet, so a disk that gives up is a reason not to begin. */
function refuseFolder(folder: RunFolder): (error: unknown) => never {
  return (error) => {
    const text = error instanceof Error ? error.message : String(error);
    throw new Refusal(
      `The run's folder ${folder.path} can't be written (${text}): nothing was sent.`,
    );
  };
}

function beginEntry(
  folder: RunFolder,
  source: Source,
  options: ImportOptions,
  pool: { readonly userPoolId: string; readonly region: string },
  at: number,
): BeginEntry {
  return {
    t: 'run',
    version: 1,
    run: folder.run,
    command: 'import',
    at,
    file: { name: source.name, path: source.resumable ? resolve(options.file) : undefined },
    pool: { id: pool.userPoolId, region: pool.region },
    ...(options.rehearsal === true && { rehearsal: true }),
    options: rememberedFrom(options),
  };
}
