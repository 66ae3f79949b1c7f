import { dryRunUndo } from '../../api/undo/undo-dry-run.js';
import { undoRun } from '../../api/undo/undo-run.js';
import { confirmOn } from '../confirm.js';
import { addressFrom, callsFrom, maskFrom } from '../options.js';
import type { CallArguments, PoolArguments, RunArguments, ScreenArguments } from '../options.js';
import { capFrom } from '../sync-arguments.js';
import type { RemovalArguments, UndoArguments } from '../sync-arguments.js';
import { UsageError } from '../usage-error.js';
import { followRun } from './follow-run.js';

export type UndoCommandArguments = {
  readonly run: string;
  readonly 'dry-run': boolean;
  readonly 'exit-code': boolean;
} & PoolArguments &
  UndoArguments &
  RemovalArguments &
  CallArguments &
  RunArguments &
  ScreenArguments;

export async function runUndo(given: UndoCommandArguments): Promise<number> {
  if (given['exit-code'] && !given['dry-run']) {
    throw new UsageError('--exit-code goes with --dry-run.');
  }
  const userPoolId = given['user-pool-id'];
  const options = {
    run: given.run,
    reports: given.reports,
    ...maskFrom(given),
    evenIfChanged: given['even-if-changed'],
    pool: { ...addressFrom(given), ...(userPoolId !== undefined && { userPoolId }) },
    ...capFrom(given),
    ...callsFrom(given),
  };
  return followRun(given, (signal, listener, screen) =>
    given['dry-run']
      ? dryRunUndo({ ...options, exitCode: given['exit-code'], signal }, listener)
      : undoRun({ ...options, signal, ...confirmOn(screen, given, signal) }, listener),
  );
}
