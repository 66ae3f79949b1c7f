import { chmod, mkdir, rm, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';

import { makeFolders } from './folders.js';
import { LockedError, takeLock } from '../../journal/lock.js';
import { syncFolder } from '../../files/sync-folder.js';
import { Refusal } from '../refusal.js';

/** Where runs are kept when nobody says. */
export const defaultReports = 'reports';

/** A run's folder, locked by this process. */
export interface RunFolder {
  readonly run: string;
  readonly path: string;
  readonly journal: string;
  /** What a sync or an undo is to do, user by user; imports have none. */
  readonly plan: string;
  release(): Promise<void>;
}

/** Makes the folder of a new run, mode 0700. Throws a `Refusal` when there is one by that name. */
export async function createRunFolder(
  reports: string,
  run: string | undefined,
  file: string,
  now: Date,
): Promise<RunFolder> {
  if (run !== undefined && !isName(run)) {
    throw new Refusal(
      `--run ${run} can't be a folder's name: use letters, digits, ".", "_" and "-".`,
    );
  }
  try {
    await makeFolders(reports);
    const name = await makeFolder(reports, run, file, now);
    const path = join(reports, name);
    // The umask may have taken from mkdir's mode what the owner needs.
    await chmod(path, 0o700);
    await syncFolder(reports);
    return await lock(name, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new Refusal(
      `No run can be kept under ${reports} (${String(error.code)}): name a folder that can be written with --reports.`,
    );
  }
}

/** Finds a run by its name under `reports` or by its folder, and locks it. */
export async function openRunFolder(reports: string, run: string): Promise<RunFolder> {
  for (const path of [join(reports, run), run]) {
    const journal = await stat(join(path, 'journal.jsonl')).catch(() => undefined);
    if (journal?.isFile() === true) return lock(basename(resolve(path)), path);
  }
  throw new Refusal(`There is no run "${run}": give its name under ${reports}, or its folder.`);
}

/** Takes a folder away in which nothing worth keeping was begun. */
export async function removeRunFolder(folder: RunFolder): Promise<void> {
  await rm(folder.path, { recursive: true, force: true });
}

async function lock(run: string, path: string): Promise<RunFolder> {
  try {
    let release: (() => Promise<void>) | undefined = await takeLock(join(path, 'lock'));
    return {
      run,
      path,
      journal: join(path, 'journal.jsonl'),
      plan: join(path, 'plan.jsonl'),
      release: async () => {
        const once = release;
        release = undefined;
        await once?.();
      },
    };
  } catch (error) {
    if (error instanceof LockedError) throw new Refusal(`Run "${run}" is taken: ${error.message}.`);
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new Refusal(
      `The lock ${join(path, 'lock')} can't be written (${String(error.code)}): give this user the run's folder, on a disk with room.`,
    );
  }
}

async function makeFolder(
  reports: string,
  run: string | undefined,
  file: string,
  now: Date,
): Promise<string> {
  const wanted = run ?? defaultName(file, now);
  for (let copy = 1; ; copy++) {
    const name = copy === 1 ? wanted : `${wanted}-${copy}`;
    try {
      await mkdir(join(reports, name), { mode: 0o700 });
      return name;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      if (run !== undefined) {
        throw new Refusal(`There is a run "${run}" already: resume it, or choose another name.`);
      }
    }
  }
}

/** For example `2026-01-31T0915-people`. */
function defaultName(file: string, now: Date): string {
  const time = now.toISOString().slice(0, 16).replace(':', '');
  const stem = file === '-' ? 'stdin' : basename(file).replace(/(\.csv)?(\.gz)?$/i, '');
  const safe = stem.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 60);
  return `${time}-${safe || 'file'}`;
}

function isName(run: string): boolean {
  return /^[\p{L}\p{N}_-][\p{L}\p{N}._-]{0,99}$/u.test(run);
}
