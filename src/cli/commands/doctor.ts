import process from 'node:process';

import { examinePool } from '../../api/pool/examine-pool.js';
import type { Examination } from '../../api/pool/examine-pool.js';
import { callsFrom } from '../arguments/calls.js';
import { clientFrom, poolFrom } from '../arguments/pool.js';
import { interruptible } from '../interrupts.js';
import type { Given } from '../options.js';
import { examinationText } from '../screen/examination-text.js';
import { Screen } from '../screen/screen.js';

/** Where nobody says how wide the screen is, as in a file. */
const usualColumns = 80;

/** Shows what is missing for which command; ends with 1 where something is, and with 2 where all is. */
export async function runDoctor(
  given: Given<'pool' | 'client' | 'calls' | 'screen'>,
): Promise<number> {
  const screen = await Screen.open({ ...given, progress: false });
  return interruptible(async (signal) => {
    const examination = await examinePool(
      { pool: poolFrom(given), ...clientFrom(given), ...callsFrom(given), signal },
      screen.listener,
    );
    const columns = process.stdout.isTTY ? process.stdout.columns : usualColumns;
    await screen.end(examination, examinationText(examination, columns));
    return exitCodeOf(examination);
  });
}

/** What only some runs need is told, and no reason to fail. */
function exitCodeOf({ findings, commands }: Examination): number {
  if (commands.every(({ may }) => may === 'no')) return 2;
  const isWell =
    findings.every((finding) => finding.is !== 'missing') &&
    commands.every(({ may }) => may !== 'no');
  return isWell ? 0 : 1;
}
