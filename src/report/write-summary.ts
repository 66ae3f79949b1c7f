import { rename } from 'node:fs/promises';
import { join } from 'node:path';

import type { Summary } from './summary.js';
import { openPrivate } from './private-file.js';

/** Writes summary.json as a whole or not at all, mode 0600. */
export async function writeSummary(folder: string, summary: Summary): Promise<void> {
  const path = join(folder, 'summary.json');
  const file = await openPrivate(`${path}.part`, 'w');
  try {
    await file.writeFile(`${JSON.stringify(summary, undefined, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.part`, path);
}
