import { checkFile } from '../run/check-file.js';
import { openView, runImport } from './import-run.js';
import type { FinishedRun } from '../run/finish-run.js';
import type { RunListener } from '../listener.js';
import { newPasswords } from './passwords.js';
import { newRun } from '../run/new-run.js';
import type { ImportOptions } from '../options.js';
import { openForRun } from '../run/open-file.js';
import { rememberedFrom } from '../run/remembered.js';
import { withSession } from '../run/session.js';

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
    const source = await openForRun(options, session);
    const view = await openView(options, options.pool, source, session.clock.wall(), session);
    // Before the run, which can then only ever resume with a file that it made itself.
    const passwords = await newPasswords(options, view.description, session);
    const about = {
      ...options,
      command: 'import',
      pool: view.pool,
      remembered: rememberedFrom(options),
    };
    return newRun(about, source, session, async (folder, journal) => {
      const { poolEnds = false, fileSha256 } = options;
      const file = { ...view, source, journal };
      await checkFile(file, session, { fileSha256 });
      passwords.keep();
      const work = { ...file, passwords: passwords.file, poolEnds, retryFailed: false };
      return runImport(work, folder, session);
    });
  });
}
