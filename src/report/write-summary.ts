import { join } from 'node:path';

import type { Summary } from './summary.js';
import { WholeFile } from './whole-file.js';

/** Writes summary.json as a whole or not at all, mode 0600. */
export async function writeSummary(folder: string, summary: Summary): Promise<void> {
  const file = await WholeFile.create(join(folder, 'summary.json'));
  try {
    file.add(`${JSON.stringify(summary, undefined, 2)}\n`);
    await file.finish();
  } catch (error) {
    await file.abandon();
    throw error;
  }
}
