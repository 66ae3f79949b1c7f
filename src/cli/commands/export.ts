import process from 'node:process';

import { exportUsers } from '../../api/export/export-users.js';
import type { ExportedUsers } from '../../api/export/export-users.js';
import { counted } from '../../record/counted.js';
import { callsFrom } from '../arguments/calls.js';
import { poolFrom } from '../arguments/pool.js';
import { interruptible } from '../interrupts.js';
import type { Given } from '../options.js';
import { Screen } from '../screen/screen.js';
import { UsageError } from '../usage-error.js';

type ExportArguments = Given<'pool' | 'calls' | 'duration' | 'screen' | 'users'>;

/** Writes a pool's users to standard output, or to a file that does not exist yet. */
export async function runExport(given: ExportArguments): Promise<number> {
  const output = given.output === '-' ? undefined : given.output;
  if (given.json && output === undefined) {
    throw new UsageError('--json takes standard output: name a file for the users with --output.');
  }
  const target = output === undefined ? { to: process.stdout } : { output };
  const options = { pool: poolFrom(given), ...callsFrom(given), ...target };
  // A bar between the lines of the file, on one terminal, would serve nobody.
  const onTerminal = output === undefined && process.stdout.isTTY;
  const screen = await Screen.open({ ...given, progress: given.progress && !onTerminal });
  try {
    return await interruptible(
      async (signal) => {
        const exported = await exportUsers({ ...options, signal }, screen.listener);
        if (output !== undefined) await screen.end(exported, exportedText(exported, output));
        return 0;
      },
      ({ by }) => {
        screen.notice(`${by}: ending in good order. Once more ends at once.`);
      },
    );
  } catch (error) {
    // What is wrong with standard output is said in the end; `| head` is no error at all.
    if ((error as NodeJS.ErrnoException).syscall === 'write') return 0;
    throw error;
  } finally {
    screen.stop();
  }
}

function exportedText({ pool, users, columns }: ExportedUsers, output: string): string {
  return `${counted(users, 'user')} of pool ${pool.id} (${columns.length} columns) in ${output}, which import and sync read back.`;
}
