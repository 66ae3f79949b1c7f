import { rename, rm } from 'node:fs/promises';

import { TextFile } from '../../report/text-file.js';
import { Refusal } from '../refusal.js';
import { openPrivate } from '../../report/private-file.js';

/**
 * A file of the user's own that did not exist, mode 0600, and that is there as a whole or not at all:
 * the name is claimed by an empty file, and the text written beside it is moved there at the end. A
 * process that is killed leaves the empty file, which nothing takes for a whole one.
 */
export class NewFile {
  readonly path: string;
  readonly #text: TextFile;

  private constructor(path: string, text: TextFile) {
    this.path = path;
    this.#text = text;
  }

  /**
   * Throws a `Refusal` where something is there by that name.
   * @param option what asked for the file, for the message: `--fix`.
   */
  static async create(path: string, option: string): Promise<NewFile> {
    try {
      await (await openPrivate(path, 'wx')).close();
    } catch (error) {
      throw refusal(path, option, error);
    }
    try {
      return new NewFile(path, new TextFile(await openPrivate(partOf(path), 'wx')));
    } catch (error) {
      await rm(path, { force: true });
      throw refusal(partOf(path), option, error);
    }
  }

  /** Takes text, which waits in memory until `drain` or `finish`. */
  add(text: string): void {
    this.#text.add(text);
  }

  /** Writes what waits, once it is worth a call. */
  drain(): Promise<void> {
    return this.#text.drain();
  }

  async finish(): Promise<void> {
    await this.#text.finish();
    await rename(partOf(this.path), this.path);
  }

  /** Leaves nothing behind. */
  async abandon(): Promise<void> {
    await this.#text.abandon();
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
