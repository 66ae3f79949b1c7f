import process from 'node:process';

import type { Interruption } from '../api/options.js';

const signals = [
  ['SIGINT', { by: 'Ctrl-C', exitCode: 130 }],
  ['SIGTERM', { by: 'SIGTERM', exitCode: 143 }],
  ['SIGHUP', { by: 'the end of the terminal', exitCode: 129 }],
] as const satisfies readonly (readonly [NodeJS.Signals, Interruption])[];

/** Watches for signals while a command works. */
export interface Interrupts {
  /** Aborts with an `Interruption` at the first signal. */
  readonly signal: AbortSignal;
  stopWatching(): void;
}

/**
 * The first signal asks for an orderly end; another one ends the process at once, which loses
 * nothing: what is being tried stands in the journal already.
 */
export function watchInterrupts(onFirst: (interruption: Interruption) => void): Interrupts {
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
  return {
    signal: controller.signal,
    stopWatching: () => {
      for (const [name, handler] of handlers) process.off(name, handler);
    },
  };
}
