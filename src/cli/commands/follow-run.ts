import type { FinishedRun } from '../../api/run/finish-run.js';
import type { RunListener } from '../../api/listener.js';
import { watchInterrupts } from '../interrupts.js';
import type { RunArguments, ScreenArguments } from '../options.js';
import { Screen } from '../screen/screen.js';
import { tellEnd } from '../unattended.js';

/**
 * Runs what makes a run: with progress, an orderly end on Ctrl-C, and a summary that is shown and,
 * where that is asked for, posted and measured.
 */
export async function followRun(
  given: ScreenArguments & RunArguments,
  start: (signal: AbortSignal, listener: RunListener, screen: Screen) => Promise<FinishedRun>,
): Promise<number> {
  const screen = await Screen.ofRun(given);
  const interrupts = watchInterrupts(({ by }) => {
    screen.notice(
      `${by}: ending in good order, which takes up to 10 seconds. Once more ends at once; resume goes on either way.`,
    );
  });
  try {
    const run = await start(interrupts.signal, screen.listener, screen);
    screen.summary(run);
    await tellEnd(given, run.summary, (message) => {
      screen.warn(message);
    });
    return run.summary.exitCode;
  } finally {
    screen.stop();
    interrupts.stopWatching();
  }
}
