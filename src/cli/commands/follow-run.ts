import type { FinishedRun } from '../../api/import-run.js';
import type { RunListener } from '../../api/listener.js';
import { watchInterrupts } from '../interrupts.js';
import type { ScreenArguments } from '../options.js';
import { Screen } from '../screen/screen.js';

/** Runs what makes a run: with progress, an orderly end on Ctrl-C, and the summary at the end. */
export async function followRun(
  given: ScreenArguments,
  start: (signal: AbortSignal, listener: RunListener) => Promise<FinishedRun>,
): Promise<number> {
  const screen = new Screen(given);
  const interrupts = watchInterrupts(({ by }) => {
    screen.notice(
      `${by}: ending in good order, which takes up to 10 seconds. Once more ends at once; resume goes on either way.`,
    );
  });
  try {
    const run = await start(interrupts.signal, screen.listener);
    screen.summary(run);
    return run.summary.exitCode;
  } finally {
    screen.stop();
    interrupts.stopWatching();
  }
}
