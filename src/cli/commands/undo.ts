import { dryRunUndo } from '../../api/undo/undo-dry-run.js';
import { undoRun } from '../../api/undo/undo-run.js';
import { callsFrom } from '../arguments/calls.js';
import { refuseWithoutDryRun } from '../arguments/dry-run.js';
import { knownPoolFrom } from '../arguments/pool.js';
import { capFrom } from '../arguments/removals.js';
import { runFrom } from '../arguments/run.js';
import { confirmOn } from '../confirm.js';
import type { Given } from '../options.js';
import { followRun } from './follow-run.js';

type UndoArguments = Given<
  'pool' | 'undo' | 'removals' | 'calls' | 'duration' | 'errors' | 'run' | 'screen'
> & {
  readonly run: string;
};

export async function runUndo(given: UndoArguments): Promise<number> {
  refuseWithoutDryRun(given, 'exit-code');
  const options = {
    ...runFrom(given),
    run: given.run,
    evenIfChanged: given['even-if-changed'],
    pool: knownPoolFrom(given),
    ...capFrom(given),
    ...callsFrom(given),
  };
  return followRun(given, (signal, listener, screen) =>
    given['dry-run']
      ? dryRunUndo({ ...options, exitCode: given['exit-code'], signal }, listener)
      : undoRun({ ...options, signal, ...confirmOn(screen, given, signal) }, listener),
  );
}
