import process from 'node:process';

import type { Interruption } from '../api/options.js';
import { Refusal } from '../api/refusal.js';
import type { PlanCounts } from '../plan/planned.js';
import { removals } from '../plan/removal-cap.js';
import { counted } from '../record/counted.js';
import type { Given } from './options.js';
import type { Screen } from './screen/screen.js';

/**
 * Asks, with the numbers, before anything is written: once, on a terminal. Elsewhere users are
 * disabled or deleted only with `--yes`. Throws a `Refusal` where that is missing, and at a signal.
 */
export function confirmOn(
  screen: Screen,
  given: Given<'removals' | 'run'>,
  signal: AbortSignal,
): { readonly confirm?: (counts: PlanCounts) => Promise<boolean> } {
  if (given.yes) return {};
  const isTerminal = process.stdin.isTTY && process.stderr.isTTY;
  if (isTerminal && given['log-format'] === 'text') {
    return { confirm: (counts) => ask(screen, counts, signal) };
  }
  return {
    confirm: (counts) => {
      const count = removals(counts);
      if (count === 0) return Promise.resolve(true);
      throw new Refusal(
        `${counted(count, 'user')} would be disabled or deleted, and nobody can be asked here: give --yes.`,
      );
    },
  };
}

const ctrlC: Interruption = { by: 'Ctrl-C', exitCode: 130 };

async function ask(screen: Screen, counts: PlanCounts, signal: AbortSignal): Promise<boolean> {
  screen.pause();
  // Loaded only here and where a password is asked for.
  const { confirm, isCancel } = await import('@clack/prompts');
  const answer = await confirm({
    message: `${planText(counts)}. Go on?`,
    initialValue: false,
    output: process.stderr,
    signal,
  });
  if (!isCancel(answer)) return answer;
  // Here Ctrl-C is a key and no signal.
  const { by, exitCode } = signal.aborted ? (signal.reason as Interruption) : ctrlC;
  throw new Refusal(`${by}: nothing was written.`, exitCode);
}

/** "3 users to create, 1 to update, 2 to disable": what there is of each. */
function planText(counts: PlanCounts): string {
  const parts = (['create', 'update', 'enable', 'disable', 'delete'] as const).flatMap((name) =>
    counts[name] === 0 ? [] : `${counts[name].toLocaleString('en')} to ${name}`,
  );
  return parts.length === 0 ? 'Nothing to do' : `Users: ${parts.join(', ')}`;
}
