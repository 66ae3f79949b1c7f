/** What a plan says of one row, or of one user who is in no row: plain data, a line of its file. */
export type Planned =
  PlannedCreate | PlannedUpdate | PlannedRemoval | PlannedEnable | PlannedNothing;

interface PlannedBase {
  /** The row's place in the file, from 0; users who are in no row have the places after the last. */
  readonly row: number;
}

export interface PlannedCreate extends PlannedBase {
  readonly do: 'create';
}

/** A user as they were when the plan was made. */
export interface PlannedOn {
  readonly sub: string;
  /** Their `userFingerprint`: whoever has another one by now is left alone. */
  readonly as: string;
}

export interface PlannedUpdate extends PlannedBase, PlannedOn {
  readonly do: 'update';
  /** Names of the attributes that differ. */
  readonly attributes: readonly string[];
  /** Names of those that differ, and can only be set when a user is made. */
  readonly immutable: readonly string[];
  readonly join: readonly string[];
  readonly leave: readonly string[];
  readonly enabling?: 'enable' | 'disable';
}

/** A user who is to lose their access, or to be gone. */
export interface PlannedRemoval extends PlannedBase, PlannedOn {
  readonly do: 'disable' | 'delete';
  /** What the pool knows them by. */
  readonly username: string;
  /** Of an undo: the line of the row that made them. */
  readonly line?: number;
}

/** An undo's: a user whom the run disabled. */
export interface PlannedEnable extends PlannedBase, PlannedOn {
  readonly do: 'enable';
  readonly username: string;
  readonly line: number;
}

/** Nothing is done: all is as it should be, or something is in the way. */
export interface PlannedNothing extends PlannedBase {
  readonly do: 'nothing';
  readonly status: 'unchanged' | 'exists' | 'failed' | 'not-attempted';
  readonly sub?: string;
  readonly code?: string;
  readonly message?: string;
  /** Of a user who is in no row of the file. */
  readonly username?: string;
  readonly line?: number;
}

/** How many of which, as people are asked about them. */
export interface PlanCounts {
  readonly create: number;
  readonly update: number;
  /** Users who would be disabled, by their row or for having none. */
  readonly disable: number;
  readonly enable: number;
  readonly delete: number;
  readonly nothing: number;
  /** Users whom a share of removals is counted against. */
  readonly scope: number;
}

/** Whether a plan would write anything. */
export function writesNothing(counts: PlanCounts): boolean {
  return counts.create + counts.update + counts.disable + counts.enable + counts.delete === 0;
}

export type Counting = { -readonly [Name in keyof PlanCounts]: number };

export function noCounts(): Counting {
  return { create: 0, update: 0, disable: 0, enable: 0, delete: 0, nothing: 0, scope: 0 };
}

/** Adds what is planned for one user; whether they are in the scope, a plan does not say. */
export function countPlanned(planned: Planned, counts: Counting): void {
  if (planned.do !== 'update') {
    counts[planned.do]++;
    return;
  }
  const { enabling } = planned;
  if (enabling) counts[enabling]++;
  if (!enabling || hasOtherChange(planned)) counts.update++;
}

/** Whether an update is more than enabling or disabling. */
export function hasOtherChange({ attributes, join, leave }: PlannedUpdate): boolean {
  return attributes.length + join.length + leave.length > 0;
}
