import { link, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

import { isThere } from './is-there.js';
import { syncFolder } from './sync-folder.js';
import { TextFile } from './text-file.js';

/**
 * A text file that is there as a whole or not at all, also after a power cut: written beside its
 * name, flushed, and moved into place. Mode 0600.
 */
export class WholeFile {
  readonly path: string;
  readonly #part: string;
  readonly #text: TextFile;
  readonly #move: (from: string, to: string) => Promise<void>;

  private constructor(path: string, part: string, text: TextFile, move: typeof moveToNew) {
    this.path = path;
    this.#part = part;
    this.#text = text;
    this.#move = move;
  }

  /**
   * One of ours, which takes the place of an earlier one.
   * @param part where it is written; what a killed process left there is deleted.
   */
  static async create(path: string, part = partOf(path)): Promise<WholeFile> {
    await rm(part, { force: true });
    return new WholeFile(path, part, await TextFile.create(part), rename);
  }

  /**
   * One of the user's own, which takes the place of nothing. Rejects with EEXIST, and `finish` does,
   * where something is there by its name.
   * @param part where it is written, under the same condition.
   */
  static async createNew(path: string, part = partOf(path)): Promise<WholeFile> {
    await checkFree(path, part);
    return new WholeFile(path, part, await TextFile.create(part), moveToNew);
  }

  /** Takes text, which waits in memory until `drain` or `finish`. */
  add(text: string): void {
    this.#text.add(text);
  }

  /** Writes what waits, once it is worth a call. */
  drain(): Promise<void> {
    return this.#text.drain();
  }

  /** Resolves when the file is in its place for good. */
  async finish(): Promise<void> {
    await this.#text.finish();
    await this.#move(this.#part, this.path);
    await syncFolder(dirname(this.path));
  }

  /** Leaves what was there before; for use after a failure. */
  async abandon(): Promise<void> {
    await this.#text.abandon();
    await rm(this.#part, { force: true });
  }

  /** Adds all of it and finishes, or abandons the file. */
  async write(pieces: Iterable<string> | AsyncIterable<string>): Promise<void> {
    try {
      for await (const piece of pieces) {
        this.add(piece);
        await this.drain();
      }
      await this.finish();
    } catch (error) {
      await this.abandon();
      throw error;
    }
  }
}

/** Rejects with EEXIST where `createNew` does. */
export async function checkFree(path: string, part = partOf(path)): Promise<void> {
  for (const name of [path, part]) if (await isThere(name)) throw taken(name);
}

const partOf = (path: string): string => `${path}.part`;

function taken(path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${path} is there already`), { code: 'EEXIST', path });
}

/** By a link, which never takes the place of another file. */
async function moveToNew(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch {
    if (await isThere(to)) throw taken(to);
    // A file system without links.
    await rename(from, to);
    return;
  }
  await rm(from);
}
