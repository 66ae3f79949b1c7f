import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

import type { PoolDescription } from '../../cognito/description.js';
import { count, flag, object, oneOf, ShapeError, text, time } from '../../cognito/json-shape.js';
import { checkFree, WholeFile } from '../../files/whole-file.js';
import type { BeginEntry } from '../../journal/entries.js';
import type { Source } from '../../source/index.js';
import { onNewFile } from '../run/new-file.js';
import { rememberedIn } from '../run/read-remembered.js';
import { Refusal } from '../refusal.js';
import type { Remembered } from '../run/remembered.js';

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

/**
 * What the plan of a run is for.
 *
 * @param options of the run itself, and not of the dry run that plans it.
 */
export function planHead(
  command: PlanFile['command'],
  { at, file, pool }: BeginEntry,
  { sha256, rows }: { readonly sha256: string; readonly rows: number },
  description: PoolDescription,
  options: Remembered,
): PlanFile {
  return {
    plan: 'cognito-bulk',
    version: 1,
    command,
    at,
    file: { path: file.path ?? '-', sha256, rows },
    pool: {
      ...pool,
      withGroups: description.Groups !== undefined,
      sha256: descriptionHash(description),
    },
    options,
  };
}

/** The options of a run with a mapping for each of a thousand columns are smaller. */
const mostBytesOfHead = 1024 * 1024;

/** Writes a plan. Throws a `Refusal` when the file is there already. */
export function writePlan(path: string, plan: PlanFile): Promise<void> {
  return save(path, () => [`${JSON.stringify(plan)}\n`]);
}

/** Copies a run's own plan. Throws a `Refusal` when the file is there already. */
export function copyPlan(from: string, path: string): Promise<void> {
  return save(path, () => createReadStream(from, 'utf8'));
}

/** Resolves when it is on the disk: after a power cut nothing else says what is left to do. */
function save(path: string, pieces: () => Iterable<string> | AsyncIterable<string>): Promise<void> {
  return onNewFile(path, 'the plan', async () => {
    const file = await WholeFile.createNew(path);
    await file.write(pieces());
  });
}

/**
 * Throws a `Refusal` where no plan can be saved, which is better known now than after a look at the
 * whole pool: its file is there already, or the people's file can't be read again.
 */
export async function refuseUnsaveable(
  path: string | undefined,
  { resumable }: Pick<Source, 'resumable'>,
): Promise<void> {
  if (path === undefined) return;
  if (!resumable) {
    throw new Refusal(
      'A plan names a file that apply reads again: give a path instead of standard input.',
    );
  }
  await onNewFile(path, 'the plan', () => checkFree(path));
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
