import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/**
 * Opens a new file that only its owner can read and write, whatever the umask: one of 0777 would keep
 * the owner from it. Rejects with what the system says.
 * @param flags `wx` where nothing may be there by that name.
 */
export async function openPrivate(path: string, flags: 'w' | 'wx'): Promise<FileHandle> {
  const file = await open(path, flags, 0o600);
  try {
    await file.chmod(0o600);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}
