import { join } from 'node:path';

import type { Summary } from './summary.js';
import { WholeFile } from '../files/whole-file.js';

/** Writes summary.json as a whole or not at all, mode 0600. */
export async function writeSummary(folder: string, summary: Summary): Promise<void> {
  const file = await WholeFile.create(join(folder, 'summary.json'));
  await file.write([`${JSON.stringify(summary, undefined, 2)}\n`]);
}
