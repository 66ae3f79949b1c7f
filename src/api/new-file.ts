import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

import { Refusal } from './refusal.js';

/**
 * A file of the user's own that did not exist, mode 0600, and that is there as a whole or not at all:
 * the name is claimed by an empty file, and the text written beside it is moved there at the end. A
 * process that is killed leaves the empty file, which nothing takes for a whole one.
 */
export class NewFile {
  readonly path: string;
  readonly #file: FileHandle;

  private constructor(path: string, file: FileHandle) {
    this.path = path;
    this.#file = file;
  }

  /**
   * Throws a `Refusal` where something is there by that name.
   * @param option what asked for the file, for the message: `--fix`.
   */
  static async create(path: string, option: string): Promise<NewFile> {
    try {
      await (await open(path, 'wx', 0o600)).close();
    } catch (error) {
      throw refusal(path, option, error);
    }
    try {
      return new NewFile(path, await open(partOf(path), 'wx', 0o600));
    } catch (error) {
      await rm(path, { force: true });
      throw refusal(partOf(path), option, error);
    }
  }

  async write(text: string): Promise<void> {
    await this.#file.writeFile(text);
  }

  async finish(): Promise<void> {
    await this.#file.sync();
    await this.#file.close();
    await rename(partOf(this.path), this.path);
  }

  /** Leaves nothing behind. */
  async abandon(): Promise<void> {
    await this.#file.close().catch(() => undefined);
    await rm(partOf(this.path), { force: true });
    await rm(this.path, { force: true });
  }
}

function partOf(path: string): string {
  return `${path}.part`;
}

function refusal(path: string, option: string, error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error)) return error;
  return new Refusal(
    error.code === 'EEXIST'
      ? `${path} is there already and is not overwritten: name another file for ${option}.`
      : `${path} can't be written (${String(error.code)}): name another file for ${option}.`,
  );
}
