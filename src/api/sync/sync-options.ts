import type { PlanCounts } from '../../plan/planned.js';
import type { Prices } from '../../plan/forecast.js';
import type { RemovalCap } from '../../plan/removal-cap.js';
import type { Scope } from '../../plan/scope.js';
import type { ImportOptions } from '../options.js';

/** What a sync does with the users of the pool. */
export interface SyncChoices {
  /** What joins file and pool: `username` (the default) or an attribute. */
  readonly key?: string;
  /** Default `add`: nobody leaves a group. */
  readonly groupsMode?: 'add' | 'exact';
  /** What becomes of users in the scope who are not in the file. Default `ignore`. */
  readonly missing?: 'ignore' | 'disable' | 'delete';
  /** Which users the file owns; needed where missing ones are removed. */
  readonly scope?: Scope;
  /** Default a tenth of the scope: a plan that removes more is refused as a whole. */
  readonly maxRemovals?: RemovalCap;
  /** A file with fewer rows is refused; 0 takes any, also one half as long as last time's. */
  readonly minRows?: number;
  /** A text file: the users whose username, `sub` or address stands in a line of it are never removed. */
  readonly protect?: string;
}

export interface SyncOptions
  extends
    SyncChoices,
    Omit<ImportOptions, 'onExisting' | 'resend' | 'fileSha256' | 'rehearsal' | 'poolEnds'> {
  /**
   * Asked before anything is written, where there is something to do. False ends it with a `Refusal`.
   * Default: nobody is asked.
   */
  readonly confirm?: (counts: PlanCounts) => Promise<boolean>;
}

export interface SyncDryRunOptions extends Omit<SyncOptions, 'confirm'> {
  /** Writes the plan to a file that must not exist yet. */
  readonly savePlan?: string;
  /** Ends with exit code 4 where the run would change something. */
  readonly exitCode?: boolean;
  /** Tells values in the difference, which are personal data. */
  readonly showValues?: boolean;
  /** In place of the published ones. */
  readonly prices?: Prices;
}
