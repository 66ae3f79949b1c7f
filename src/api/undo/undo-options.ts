import type { CallOptions, PoolOptions, RunOptions } from '../options.js';
import type { SyncOptions } from '../sync/sync-options.js';

export interface UndoOptions
  extends
    CallOptions,
    Pick<RunOptions, 'reports' | 'mask'>,
    Pick<SyncOptions, 'maxRemovals' | 'confirm'> {
  /** The run that is taken back: its name under `reports`, or its folder. */
  readonly run: string;
  /** What of the pool's address is to differ from the run's: its region, profile, endpoint or credentials. */
  readonly pool?: Partial<PoolOptions>;
  /** Deletes users whose attributes were changed since, too. */
  readonly evenIfChanged?: boolean;
}

export interface UndoDryRunOptions extends Omit<UndoOptions, 'confirm'> {
  /** Ends with exit code 4 where the undo would change something. */
  readonly exitCode?: boolean;
}
