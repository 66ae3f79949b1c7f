import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { FiguresEntry } from '../../journal/entries.js';
import type { Summary } from '../summary.js';
import { readPageAssets } from './assets.js';
import type { PageRows } from './page-rows.js';
import { pageText } from './page-text.js';
import { openPrivate } from '../private-file.js';

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
  const path = join(folder, 'report.html');
  const { troubles, isMasked, embedded } = rows;
  const content = { summary, figures, troubles, rows: embedded, isMasked };
  const { before, behind } = pageText(content, await readPageAssets());
  try {
    await rm(`${path}.part`, { force: true });
    const file = await openPrivate(`${path}.part`, 'wx');
    try {
      await file.writeFile(before);
      for await (const bytes of rows.read()) await file.writeFile(bytes);
      await file.writeFile(behind);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.part`, path);
  } finally {
    await rm(`${path}.part`, { force: true });
    await rows.remove();
  }
}
