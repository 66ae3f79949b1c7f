import { examinePool } from '../../api/pool/examine-pool.js';
import type { Examination } from '../../api/pool/examine-pool.js';
import { watchInterrupts } from '../interrupts.js';
import { callsFrom, poolFrom } from '../options.js';
import type { CallArguments, PoolArguments, ScreenArguments } from '../options.js';
import { examinationText } from '../screen/examination-text.js';
import { Screen } from '../screen/screen.js';

export type DoctorArguments = PoolArguments & CallArguments & ScreenArguments;

/** Shows what is missing for which command; ends with 1 where something is. */
export async function runDoctor(given: DoctorArguments): Promise<number> {
  const clientId = given['client-id'];
  const screen = new Screen({ ...given, progress: false });
  const interrupts = watchInterrupts(() => undefined);
  try {
    const examination = await examinePool(
      {
        pool: poolFrom(given),
        ...(clientId !== undefined && { clientId }),
        ...callsFrom(given),
        signal: interrupts.signal,
      },
      screen.listener,
    );
    screen.end(examination, examinationText(examination));
    return isWell(examination) ? 0 : 1;
  } finally {
    interrupts.stopWatching();
  }
}

/** What only some runs need is told, and no reason to fail. */
function isWell({ findings, commands }: Examination): boolean {
  return (
    findings.every((finding) => finding.is !== 'missing') &&
    commands.every(({ missing }) => missing.length === 0)
  );
}
