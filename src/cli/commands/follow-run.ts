import type { RunListener } from '../../api/listener.js';
import type { FinishedRun } from '../../api/run/finish-run.js';
import { interruptible } from '../interrupts.js';
import type { Given } from '../options.js';
import { Screen } from '../screen/screen.js';
import { tellEnd } from '../unattended.js';

/**
 * Runs what makes a run: with progress, an orderly end on Ctrl-C, and a summary that is shown and,
 * where that is asked for, posted and measured.
 */
export async function followRun(
  given: Given<'run' | 'screen'>,
  start: (signal: AbortSignal, listener: RunListener, screen: Screen) => Promise<FinishedRun>,
): Promise<number> {
  const screen = await Screen.open(given);
  try {
    return await interruptible(
      async (signal) => {
        const run = await start(signal, screen.listener, screen);
        const exitCode = await screen.summary(run);
        await tellEnd(given, { ...run.summary, exitCode }, screen.warn);
        return exitCode;
      },
      ({ by }) => {
        screen.notice(
          `${by}: ending in good order, which takes up to 10 seconds. Once more ends at once; resume goes on either way.`,
        );
      },
    );
  } finally {
    screen.stop();
  }
}
