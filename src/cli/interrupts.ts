import process from 'node:process';

import type { Interruption } from '../api/options.js';

const signals = [
  ['SIGINT', { by: 'Ctrl-C', exitCode: 130 }],
  ['SIGTERM', { by: 'SIGTERM', exitCode: 143 }],
  ['SIGHUP', { by: 'the end of the terminal', exitCode: 129 }],
] as const satisfies readonly (readonly [NodeJS.Signals, Interruption])[];

/**
 * Does work that can be interrupted. The first signal of the system asks for an orderly end, by an
 * `Interruption` as the reason of the work's abort signal; another one ends the process at once,
 * which loses nothing: what is being tried stands in the journal already.
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  onFirst: (interruption: Interruption) => void = () => undefined,
): Promise<T> {
  const controller = new AbortController();
  const handlers = signals.map(([name, interruption]) => {
    const handler = (): void => {
      if (controller.signal.aborted) process.exit(interruption.exitCode);
      onFirst(interruption);
      controller.abort(interruption);
    };
    process.on(name, handler);
    return [name, handler] as const;
  });
  try {
    return await work(controller.signal);
  } finally {
    for (const [name, handler] of handlers) process.off(name, handler);
  }
}
