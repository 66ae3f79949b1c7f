import type { CallOutcome } from '../apply/calls.js';
import type { RowResult } from '../apply/result.js';
import type { Operation } from '../cognito/quotas.js';

export type Phase = 'checking' | 'reading the pool' | 'importing' | 'verifying' | 'reporting';

/** What a run tells while it goes on. All members are optional; none may throw. */
export interface RunListener {
  /** A phase begins; `total` is in bytes while checking, else in rows. */
  readonly onPhase?: (phase: Phase, total: number) => void;
  /** How far the phase is, in the unit of its total. */
  readonly onProgress?: (done: number) => void;
  /** A row is done with, or left for `resume`. */
  readonly onResult?: (result: RowResult) => void;
  readonly onCall?: (operation: Operation, outcome: CallOutcome, milliseconds: number) => void;
  /** Something that the user should know, in one sentence. */
  readonly onNotice?: (message: string) => void;
}
