import type { StepName } from '../plan/steps.js';

export type Status =
  | 'created'
  | 'updated'
  | 'unchanged'
  | 'exists'
  | 'disabled'
  | 'deleted'
  | 'verified'
  | 'code-sent'
  | 'partial'
  | 'failed'
  | 'invalid'
  | 'not-attempted'
  /** `validate` found nothing wrong. */
  | 'valid'
  /** What a dry run found that the run would do. */
  | 'would-create'
  | 'would-update'
  | 'would-disable'
  | 'would-delete';

/** A step can't be done, for a reason of ours and not the service's: the row's own failure. */
export class StepRefused extends Error {
  override readonly name = 'StepRefused';
  /** Kebab-case. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** What became of one row: a value, never an exception. */
export interface RowResult {
  /** The row's place in the file, from 0. */
  readonly row: number;
  /** The line on which it starts; the header is line 1. */
  readonly line: number;
  readonly username: string;
  readonly status: Status;
  readonly sub?: string;
  readonly code?: string;
  readonly message?: string;
  /** Of a user whom the row made: their `attributesFingerprint` then, by which an undo tells a change. */
  readonly made?: string;
  /** What was done, in order. */
  readonly steps: readonly StepName[];
  /** The most tries that any one call of the row needed; 0 where none was sent. */
  readonly attempts: number;
  /** False where the row has to be taken up again by `resume`: the run ended, or an answer was lost. */
  readonly final: boolean;
  /**
   * When a code was sent or handed in for this user in the last hour, in milliseconds since 1970:
   * the service allows only so many.
   */
  readonly triesAt?: readonly number[];
  /**
   * Set while it is unknown whether the row's create was done, or its code taken: when it was first
   * sent, in milliseconds since 1970 by the service's clock.
   */
  readonly unknownSince?: number;
  /**
   * `unsent`, beside `unknownSince`: the create came back without an invitation, for the reason in
   * `code`. `unknown`: one was sent and has no answer, so that no other is ever sent.
   */
  readonly invitation?: 'unsent' | 'unknown';
}
