import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, constants, open } from 'node:fs/promises';

import type { PoolDescription } from '../cognito/description.js';
import { Refusal } from './refusal.js';
import type { Remembered } from './remembered.js';

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
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(plan)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  });
}

/** Copies a run's own plan, mode 0600 as that is. Throws a `Refusal` when the file is there already. */
export function copyPlan(from: string, path: string): Promise<void> {
  return toNewFile(path, () => copyFile(from, path, constants.COPYFILE_EXCL));
}

async function toNewFile(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new Refusal(
      error.code === 'EEXIST'
        ? `${path} is there already and is not overwritten: name another file for the plan.`
        : `${path} can't be written (${String(error.code)}): name another file for the plan.`,
    );
  }
}

/** Reads what a plan is for. Throws a `Refusal` when it is not one. */
export async function readPlan(path: string): Promise<PlanFile> {
  const line = await firstLine(path);
  try {
    const value: unknown = JSON.parse(line);
    if (isPlan(value)) return value;
  } catch {
    // told below: not JSON is not a plan
  }
  throw new Refusal(`${path} is not a plan of this version: save one with --dry-run --save-plan.`);
}

async function firstLine(path: string): Promise<string> {
  const stream = createReadStream(path, { encoding: 'utf8', end: mostBytesOfHead });
  let text = '';
  try {
    for await (const chunk of stream as AsyncIterable<string>) {
      text += chunk;
      if (text.includes('\n')) break;
    }
  } catch {
    throw new Refusal(`The plan ${path} can't be read: check the path.`);
  }
  return text.split('\n', 1)[0] ?? '';
}

function isPlan(value: unknown): value is PlanFile {
  if (typeof value !== 'object' || value === null) return false;
  const { plan, version, command, file, pool, options } = value as Partial<PlanFile>;
  return (
    plan === 'cognito-bulk' &&
    version === 1 &&
    (command === 'import' || command === 'sync') &&
    typeof file?.path === 'string' &&
    typeof file.sha256 === 'string' &&
    typeof pool?.id === 'string' &&
    typeof pool.sha256 === 'string' &&
    typeof options === 'object'
  );
}

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
