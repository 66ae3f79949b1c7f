import { chmod, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

import { syncFolder } from '../../files/sync-folder.js';
import { systemCode } from '../../source/error.js';

/**
 * Makes a folder and those above it that are missing, mode 0700 whatever the umask; one that is there
 * stays as it is. What was made outlives a power cut. Rejects with what the system says. Node's own
 * `recursive` never ends where a folder can't be made and the system says that the one above it is
 * missing, as under /proc.
 */
export async function makeFolders(path: string): Promise<void> {
  if (await isMade(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeFolders(parent);
  await makeOne(path);
}

/** False where the folder above is missing. */
async function isMade(path: string): Promise<boolean> {
  try {
    await makeOne(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}

async function makeOne(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (systemCode(error) === 'EEXIST' && (await stat(path)).isDirectory()) return;
    throw error;
  }
  // The umask may have taken from mkdir's mode what the owner needs.
  await chmod(path, 0o700);
  await syncFolder(dirname(path));
}
