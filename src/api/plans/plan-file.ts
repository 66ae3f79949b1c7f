import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, chmod, copyFile, constants, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { PoolDescription } from '../../cognito/description.js';
import { count, flag, object, oneOf, ShapeError, text, time } from '../../cognito/json-shape.js';
import { syncFolder } from '../../journal/sync-folder.js';
import { rememberedIn } from '../run/read-remembered.js';
import { Refusal } from '../refusal.js';
import type { Remembered } from '../run/remembered.js';
import { openPrivate } from '../../report/private-file.js';

/**
 * What `--save-plan` writes and `apply` carries out: the run as it was looked at, and no secret. Of a
 * sync it is the first line, and what is to be done for each user follows.
 */
export interface PlanFile {
  readonly plan: 'cognito-bulk';
  readonly version: 1;
  readonly command: 'import' | 'sync';
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly file: { readonly path: string; readonly sha256: string; readonly rows: number };
  readonly pool: {
    readonly id: string;
    readonly region: string;
    readonly withGroups: boolean;
    /** Of what of the pool decides on the rows. */
    readonly sha256: string;
  };
  readonly options: Remembered;
  /** Of an import: rows by what would happen, for whoever reads the plan. */
  readonly byStatus?: Readonly<Record<string, number>>;
}

/** The options of a run with a mapping for each of a thousand columns are smaller. */
const mostBytesOfHead = 1024 * 1024;

/** Writes a plan, mode 0600. Throws a `Refusal` when the file is there already. */
export function writePlan(path: string, plan: PlanFile): Promise<void> {
  return toNewFile(path, async () => {
    const file = await openPrivate(path, 'wx');
    try {
      await file.writeFile(`${JSON.stringify(plan)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  });
}

/**
 * Copies a run's own plan, mode 0600. Resolves when it is on the disk: after a power cut nothing else
 * says what is left to do. Throws a `Refusal` when the file is there already.
 */
export function copyPlan(from: string, path: string): Promise<void> {
  return toNewFile(path, async () => {
    await copyFile(from, path, constants.COPYFILE_EXCL);
    await chmod(path, 0o600);
    const file = await open(path, 'r+');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    await syncFolder(dirname(path));
  });
}

/** Throws a `Refusal` when the file is there already: better now than after a look at the whole pool. */
export async function refuseExisting(path: string): Promise<void> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere) throw new Refusal(isThereAlready(path));
}

const isThereAlready = (path: string): string =>
  `${path} is there already and is not overwritten: name another file for the plan.`;

async function toNewFile(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new Refusal(
      error.code === 'EEXIST'
        ? isThereAlready(path)
        : `${path} can't be written (${String(error.code)}): name another file for the plan.`,
    );
  }
}

/** Reads what a plan is for. Throws a `Refusal` when it is not one. */
export async function readPlan(path: string): Promise<PlanFile> {
  const line = await firstLine(path);
  try {
    const value: unknown = JSON.parse(line);
    planMembers(value, '');
    return value as PlanFile;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof ShapeError)) throw error;
  }
  throw new Refusal(`${path} is not a plan of this version: save one with --dry-run --save-plan.`);
}

async function firstLine(path: string): Promise<string> {
  let line = '';
  try {
    if (!(await stat(path)).isFile()) throw notAFile(path);
    const stream = createReadStream(path, { encoding: 'utf8', end: mostBytesOfHead });
    for await (const chunk of stream as AsyncIterable<string>) {
      line += chunk;
      if (line.includes('\n')) break;
    }
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(`The plan ${path} can't be read: check the path.`);
  }
  return line.split('\n', 1)[0] ?? '';
}

function notAFile(path: string): Refusal {
  return new Refusal(
    `${path} is not a regular file, and a plan is read more than once: give the file that --save-plan wrote.`,
  );
}

const planMembers = object({
  'plan!': oneOf('cognito-bulk'),
  'version!': oneOf(1),
  'command!': oneOf('import', 'sync'),
  'at!': time,
  'file!': object({ 'path!': text, 'sha256!': text, 'rows!': count }),
  'pool!': object({ 'id!': text, 'region!': text, 'withGroups!': flag, 'sha256!': text }),
  'options!': (value) => rememberedIn(value),
});

/** A hash of what of a description decides on rows: not of how many users there are. */
export function descriptionHash({ UserPool, Groups }: PoolDescription): string {
  const settings = { ...UserPool, EstimatedNumberOfUsers: undefined };
  const groups = Groups?.map(({ GroupName }) => GroupName).sort();
  return createHash('sha256').update(canonical({ settings, groups })).digest('hex');
}

/** JSON with the members of every object in one order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
