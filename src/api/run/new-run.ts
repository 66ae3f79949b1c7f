import { basename } from 'node:path';

import { AppendError } from '../../files/append-file.js';
import { isSystemError } from '../../files/system-error.js';
import { Journal } from '../../journal/journal.js';
import type { Source } from '../../source/index.js';
import type { FinishedRun } from './finish-run.js';
import { lastingName } from './open-file.js';
import type { RunOptions } from '../options.js';
import { Refusal } from '../refusal.js';
import type { Remembered } from './remembered.js';
import { createRunFolder, defaultReports, removeRunFolder } from './run-folder.js';
import type { RunFolder } from './run-folder.js';
import type { Session } from './session.js';

/** What a run is, as its first line in the journal says it. */
export interface NewRun extends RunOptions {
  readonly command: string;
  /** The path or address as it was given, or `-`. */
  readonly file: string;
  readonly pool: { readonly userPoolId: string; readonly region: string };
  readonly remembered: Remembered;
  readonly rehearsal?: boolean;
}

/**
 * Makes a run's folder and journal and works in them. What was begun is taken away again when the
 * work fails before the file was checked, or in a dry run, since nothing was sent then.
 */
export async function newRun(
  about: NewRun,
  source: Pick<Source, 'name' | 'resumable'>,
  session: Session,
  work: (folder: RunFolder, journal: Journal) => Promise<FinishedRun>,
): Promise<FinishedRun> {
  const { releases, clock } = session;
  const { command, pool, rehearsal, run, reports = defaultReports } = about;
  const at = clock.wall();
  const file = rehearsal === true ? `rehearsal-${basename(about.file)}` : about.file;
  const folder = await createRunFolder(reports, run, file, new Date(at));
  releases.add(() => folder.release());
  const journal = await Journal.create(
    folder.journal,
    {
      t: 'run',
      version: 1,
      run: folder.run,
      command,
      at,
      file: { name: source.name, path: source.resumable ? lastingName(about.file) : undefined },
      pool: { id: pool.userPoolId, region: pool.region },
      ...(rehearsal === true && { rehearsal }),
      options: about.remembered,
    },
    () => clock.wall(),
  ).catch(refuseFolder(folder));
  releases.add(() => journal.close());
  try {
    return await work(folder, journal);
  } catch (error) {
    if (journal.whole && about.remembered.dryRun !== true) throw error;
    await journal.close();
    await folder.release();
    await removeRunFolder(folder);
    if (error instanceof AppendError || isSystemError(error)) refuseFolder(folder)(error);
    throw error;
  }
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
