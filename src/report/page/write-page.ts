import { join } from 'node:path';

import type { FiguresEntry } from '../../journal/entries.js';
import type { Summary } from '../summary.js';
import { WholeFile } from '../whole-file.js';
import { readPageAssets } from './assets.js';
import type { PageRows } from './page-rows.js';
import { pageText } from './page-text.js';

/**
 * Writes report.html as a whole or not at all, mode 0600.
 *
 * @param rows finished; what they keep on the disk is gone afterwards.
 */
export async function writePage(
  folder: string,
  summary: Summary,
  figures: readonly FiguresEntry[],
  rows: PageRows,
): Promise<void> {
  const { troubles, isMasked, embedded } = rows;
  const content = { summary, figures, troubles, rows: embedded, isMasked };
  const { before, behind } = pageText(content, await readPageAssets());
  try {
    const file = await WholeFile.create(join(folder, 'report.html'));
    try {
      file.add(before);
      for await (const text of rows.read()) {
        file.add(text);
        await file.drain();
      }
      file.add(behind);
      await file.finish();
    } catch (error) {
      await file.abandon();
      throw error;
    }
  } finally {
    await rows.remove();
  }
}
