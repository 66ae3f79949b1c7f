import type { CallOutcome } from '../apply/calls.js';
import type { RowResult } from '../apply/result.js';
import type { Operation } from '../cognito/quotas.js';

export type Phase =
  | 'checking'
  | 'reading the groups'
  | 'reading the pool'
  | 'importing'
  | 'syncing'
  | 'undoing'
  | 'verifying'
  | 'reporting'
  | 'writing the file';

/** What a run tells while it goes on. All members are optional; none may throw. */
export interface RunListener {
  /**
   * A phase begins; `total` is in bytes while checking, in users while reading the pool, in
   * memberships while reading the groups, else in rows; 0 where nobody knows it. Where calls are made
   * for the rows it is how many of them have a result to come, each told by `onResult`.
   */
  readonly onPhase?: (phase: Phase, total: number) => void;
  /** How far a phase is that makes no calls for the rows, in the unit of its total. */
  readonly onProgress?: (done: number) => void;
  /**
   * A row is done with, or left for `resume`. A row that is invalid is told while its file is
   * checked, and one whose outcome nobody knows while the reports are written.
   */
  readonly onResult?: (result: RowResult) => void;
  readonly onCall?: (operation: Operation, outcome: CallOutcome, milliseconds: number) => void;
  /** Something that the user should know, in one sentence. */
  readonly onNotice?: (message: string) => void;
}
