import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/**
 * Makes a file that only its owner can read and write, whatever the umask: one of 0777 would keep the
 * owner from it. Rejects with what the system says; with EEXIST where something is there by that name.
 */
export async function makePrivate(path: string): Promise<FileHandle> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.chmod(0o600);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}
