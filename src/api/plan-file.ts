import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';

import type { PoolDescription } from '../cognito/description.js';
import { Refusal } from './refusal.js';
import type { Remembered } from './remembered.js';

/** What `--save-plan` writes and `apply` carries out: the import as it was looked at, and no secret. */
export interface PlanFile {
  readonly plan: 'cognito-bulk';
  readonly version: 1;
  readonly command: 'import';
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
  /** Rows by what would happen, for whoever reads the plan. */
  readonly byStatus: Readonly<Record<string, number>>;
}

/** Writes a plan, mode 0600. Throws a `Refusal` when the file is there already. */
export async function writePlan(path: string, plan: PlanFile): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(plan, undefined, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new Refusal(
      error.code === 'EEXIST'
        ? `${path} is there already and is not overwritten: name another file for the plan.`
        : `${path} can't be written (${String(error.code)}): name another file for the plan.`,
    );
  }
}

/** Reads a plan. Throws a `Refusal` when it is not one. */
export async function readPlan(path: string): Promise<PlanFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    throw new Refusal(`The plan ${path} can't be read: check the path.`);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (isPlan(value)) return value;
  } catch {
    // told below: not JSON is not a plan
  }
  throw new Refusal(`${path} is not a plan of this version: save one with --dry-run --save-plan.`);
}

function isPlan(value: unknown): value is PlanFile {
  if (typeof value !== 'object' || value === null) return false;
  const { plan, version, command, file, pool, options } = value as Partial<PlanFile>;
  return (
    plan === 'cognito-bulk' &&
    version === 1 &&
    command === 'import' &&
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
