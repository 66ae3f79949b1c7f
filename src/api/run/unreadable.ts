import type { StopReason } from '../../apply/stop.js';
import type { BeginEntry } from '../../journal/entries.js';
import { shownName, SourceError } from '../../source/error.js';
import { Refusal } from '../refusal.js';

/**
 * Why a run stops of which the file, or the plan in its folder, can't be read any more as it was
 * checked; undefined where something else is wrong.
 */
export function unreadable(
  error: unknown,
  { file }: Pick<BeginEntry, 'file'>,
): StopReason | undefined {
  if (error instanceof SourceError) {
    if (error.code !== 'file-changed') {
      return stopped('file-unreadable', error.message.replace(/\.$/, ''));
    }
    const name = shownName(file.name);
    return stopped(
      'file-changed',
      `${name} was changed while it was read: put its content back, then resume`,
    );
  }
  // Whoever reads rows is refused nothing but their plan.
  if (!(error instanceof Refusal)) return undefined;
  return stopped(
    'plan-changed',
    "the plan in the run's folder was changed while it was read: put its content back, then resume",
  );
}

function stopped(code: string, message: string): StopReason {
  return { outcome: 'stopped', code, message };
}
