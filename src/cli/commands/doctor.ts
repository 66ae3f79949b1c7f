import { examinePool } from '../../api/pool/examine-pool.js';
import type { Examination } from '../../api/pool/examine-pool.js';
import { callsFrom } from '../arguments/calls.js';
import { onlyGiven } from '../arguments/only-given.js';
import { poolFrom } from '../arguments/pool.js';
import { interruptible } from '../interrupts.js';
import type { Given } from '../options.js';
import { examinationText } from '../screen/examination-text.js';
import { Screen } from '../screen/screen.js';

/** Shows what is missing for which command; ends with 1 where something is. */
export async function runDoctor(given: Given<'pool' | 'calls' | 'screen'>): Promise<number> {
  const screen = await Screen.open({ ...given, progress: false });
  return interruptible(async (signal) => {
    const examination = await examinePool(
      {
        pool: poolFrom(given),
        ...onlyGiven({ clientId: given['client-id'] }),
        ...callsFrom(given),
        signal,
      },
      screen.listener,
    );
    screen.end(examination, examinationText(examination));
    return isWell(examination) ? 0 : 1;
  });
}

/** What only some runs need is told, and no reason to fail. */
function isWell({ findings, commands }: Examination): boolean {
  return (
    findings.every((finding) => finding.is !== 'missing') &&
    commands.every(({ missing }) => missing.length === 0)
  );
}
