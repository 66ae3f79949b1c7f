import { open } from 'node:fs/promises';

/** What systems say that can't flush a folder, or don't let this user open it; most need not be told. */
const excuses: ReadonlySet<unknown> = new Set(['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP']);

/**
 * Resolves when the names of the files in a folder are on the disk. The flush of a file is one of its
 * content: after a power cut a new file may be gone together with all that was flushed into it.
 */
export async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && excuses.has(error.code))) throw error;
  }
}
