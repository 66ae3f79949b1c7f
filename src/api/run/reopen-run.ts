import { ShapeError } from '../../cognito/json-shape.js';
import { Journal } from '../../journal/journal.js';
import { shown } from '../../source/error.js';
import type { Source } from '../../source/index.js';
import { openFile, s3Again } from './open-file.js';
import type { PoolOptions, ResumeOptions } from '../options.js';
import { rememberedIn } from './read-remembered.js';
import { Refusal } from '../refusal.js';
import type { Remembered } from './remembered.js';
import { defaultReports, openRunFolder } from './run-folder.js';
import type { RunFolder } from './run-folder.js';
import type { Session } from './session.js';

/** What an earlier session left of a run. */
export interface Reopened {
  readonly folder: RunFolder;
  readonly journal: Journal;
  readonly remembered: Remembered;
}

/** Opens a run's folder and its journal, which are this process's until the session ends. */
export async function reopenRun(
  { reports = defaultReports, run }: Pick<ResumeOptions, 'run' | 'reports'>,
  { releases, clock }: Session,
): Promise<Reopened> {
  const folder = await openRunFolder(reports, run);
  releases.add(() => folder.release());
  const journal = await resumeJournal(folder, () => clock.wall());
  releases.add(() => journal.close());
  return { folder, journal, remembered: rememberedOf(journal) };
}

async function resumeJournal({ journal }: RunFolder, now: () => number): Promise<Journal> {
  try {
    return await Journal.resume(journal, now);
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error;
    throw new Refusal(
      `The journal ${journal} can't be opened (${String(error.code)}): give this user the run's folder, on a disk that can be written.`,
    );
  }
}

function rememberedOf({ begin }: Journal): Remembered {
  try {
    return rememberedIn(begin.options);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new Refusal(
      `The journal of run "${shown(begin.run)}" does not say how it was begun (${error.message}): import the file anew.`,
    );
  }
}

/** Opens the file of a run as it was. Throws a `Refusal` where it is gone or has another content. */
export async function openFileAgain(
  { journal, remembered: { file } }: Pick<Reopened, 'journal' | 'remembered'>,
  { pool, signal, timeoutMs }: Omit<ResumeOptions, 'run'>,
  session: Session,
): Promise<Source> {
  const { begin, whole } = journal;
  if (begin.file.path === undefined) {
    throw new Refusal(
      `Run "${begin.run}" read standard input, which can't be read again: import what rejects.csv holds.`,
    );
  }
  const opening = {
    ...file,
    file: begin.file.path,
    s3: s3Again(file.s3, pool),
    pool: { userPoolId: begin.pool.id },
    ...(signal && { signal }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  };
  const source = await openFile(opening, session);
  if (whole && (await source.digest()) !== whole.sha256) {
    throw new Refusal(
      `${begin.file.path} is not what run "${begin.run}" was begun with: put that content back, or import the new file as a run of its own.`,
    );
  }
  return source;
}

/** The address of a run's pool, with what is given anew. Throws a `Refusal` for another pool. */
export function poolAgain(
  { journal: { begin }, remembered }: Pick<Reopened, 'journal' | 'remembered'>,
  given: Partial<PoolOptions> | undefined,
): PoolOptions {
  const address = { ...remembered.pool, ...given };
  if (address.userPoolId !== undefined && address.userPoolId !== begin.pool.id) {
    throw new Refusal(
      `Run "${begin.run}" is of pool ${begin.pool.id}: resume it there, or import the file anew.`,
    );
  }
  return { region: begin.pool.region, ...address, userPoolId: begin.pool.id };
}
