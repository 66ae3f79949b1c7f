import { Refusal } from '../refusal.js';

/**
 * Works on a file of the user's own that did not exist. Throws a `Refusal` where the file system lets
 * it not be written, or where something is there by its name.
 * @param use what the file is for, in the message: `--fix`.
 */
export async function onNewFile<T>(path: string, use: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    const { code, path: at = path } = error as NodeJS.ErrnoException;
    throw new Refusal(
      code === 'EEXIST'
        ? `${at} is there already and is not overwritten: name another file for ${use}.`
        : `${path} can't be written (${String(code)}): name another file for ${use}.`,
    );
  }
}
