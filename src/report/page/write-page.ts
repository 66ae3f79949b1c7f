import { join } from 'node:path';

import type { FiguresEntry } from '../../journal/entries.js';
import { nextStep } from '../next-step.js';
import type { Summary } from '../summary.js';
import { WholeFile } from '../../files/whole-file.js';
import { readPageAssets } from './assets.js';
import type { PageRows } from './page-rows.js';
import { pageText } from './page-text.js';

/**
 * Writes report.html as a whole or not at all, mode 0600.
 *
 * @param rows finished; what they keep on the disk is gone afterwards.
 * @param resumable whether `resume` can go on with the run; default where its kind can be resumed.
 */
export async function writePage(
  folder: string,
  summary: Summary,
  figures: readonly FiguresEntry[],
  rows: PageRows,
  resumable: boolean = canBeResumed(summary),
): Promise<void> {
  const { troubles, isMasked, embedded } = rows;
  const next = nextStep(summary, folder, resumable);
  const content = { summary, next, figures, troubles, rows: embedded, isMasked };
  const { before, behind } = pageText(content, await readPageAssets());
  try {
    const file = await WholeFile.create(join(folder, 'report.html'));
    await file.write(joined(before, rows.read(), behind));
  } finally {
    await rows.remove();
  }
}

async function* joined(
  before: string,
  rows: AsyncIterable<string>,
  behind: string,
): AsyncGenerator<string> {
  yield before;
  yield* rows;
  yield behind;
}

function canBeResumed({ command, rehearsal }: Summary): boolean {
  return command !== 'validate' && rehearsal !== true;
}
