import type { RowResult } from './result.js';

/** What is known of a row from an earlier session of the run. */
export interface Earlier {
  /** When a create, a message or a code was sent whose answer is not known, in milliseconds since 1970 by the service's clock. */
  readonly triedAt?: number;
  /** How far the row got. */
  readonly result?: RowResult;
}

/**
 * Where the engine writes what it is about to do and what came of it. Owned here, kept by journal/.
 * What can't be done twice without harm has a line of its own: a create, a message to a person, a
 * code that is handed in. The steps after a create need none: after a crash the create is looked up,
 * and the later steps do no harm when done twice.
 */
export interface Ledger {
  /**
   * Resolves when it is on the disk that this row's create, message or code may be sent.
   * `at` is in milliseconds since 1970, by the service's clock.
   */
  willTry(row: number, at: number): Promise<void>;
  /** What became of the row in this session. */
  done(result: RowResult): void;
}
