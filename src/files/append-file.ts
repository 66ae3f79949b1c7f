import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

import { makePrivate } from './private-file.js';
import { syncFolder } from './sync-folder.js';

/** How long a line may wait for others before it is written, when nobody waits for it. */
const idleMs = 200;

/**
 * The most that is written before it is flushed, one longer line apart: what a power cut can take or
 * spoil. All in front of it is on the disk.
 */
export const mostBytesUnflushed = 1 << 20;

/** Gives what is to end a group: `flushed` bytes are on the disk, `isEmpty` says that nothing waits. */
export type GroupEnd = (flushed: number, isEmpty: boolean) => string | undefined;

/** The journal or the password file can't be written: the run has to end. */
export class AppendError extends Error {
  override readonly name = 'AppendError';
}

/** The file was deleted while it was written, and what stood in it is gone. */
export class DeletedError extends AppendError {}

/**
 * A file that lines are added to, flushed to the disk in groups: while one flush is under way the
 * next lines gather, so that a thousand writers a second cost a few flushes. A group is written only
 * once the one before it is on the disk, and after the first failure nothing more is: what a crash
 * tears is in the last group.
 */
export class AppendFile {
  readonly path: string;
  readonly #file: FileHandle;
  /** Bytes that were handed over so far, which is where the next line starts. */
  #end: number;
  /** Bytes that are on the disk. */
  #flushed: number;
  #pending: Buffer[] = [];
  #flushing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failure: AppendError | undefined;
  #closed = false;
  readonly #groupEnd: GroupEnd;

  private constructor(path: string, file: FileHandle, end: number, groupEnd: GroupEnd) {
    this.path = path;
    this.#file = file;
    this.#end = this.#flushed = end;
    this.#groupEnd = groupEnd;
  }

  /**
   * Makes a file that was not there (`create`), or goes on with one after its first `length` bytes.
   * Resolves when that much is on the disk, the name of the file included: a process that was killed
   * may have left it in memory alone. `groupEnd` is asked whenever a group is about to be written.
   */
  static async open(
    path: string,
    from: 'create' | { length: number },
    groupEnd: GroupEnd = () => undefined,
  ): Promise<AppendFile> {
    const file = from === 'create' ? await makePrivate(path) : await open(path, 'r+');
    const length = from === 'create' ? 0 : from.length;
    try {
      if (from !== 'create') {
        await file.truncate(length);
        await file.datasync();
      }
      await syncFolder(dirname(path));
    } catch (error) {
      await file.close();
      throw error;
    }
    return new AppendFile(path, file, length, groupEnd);
  }

  /** Adds a line and says at which byte it starts. It is on the disk after the next `flush`. */
  append(line: string): number {
    const start = this.#end;
    // After the end of a run a call may still come back; what it says is found out by `resume`.
    if (this.#closed) return start;
    const bytes = Buffer.from(line + '\n');
    this.#pending.push(bytes);
    this.#end += bytes.length;
    this.#timer ??= setTimeout(() => {
      this.flush().catch(() => undefined); // kept in #failure, which the next flush throws
    }, idleMs);
    return start;
  }

  /** Resolves when every line added so far is on the disk. Rejects with `AppendError`. */
  async flush(): Promise<void> {
    // A flush under way may not have the latest lines; the next one, shared by all who wait, has.
    await this.#flushing?.catch(() => undefined);
    this.#flushing ??= this.#write().finally(() => (this.#flushing = undefined));
    await this.#flushing;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    try {
      await this.flush();
    } finally {
      this.#closed = true;
      clearTimeout(this.#timer);
      await this.#file.close();
    }
  }

  async #write(): Promise<void> {
    if (this.#failure) throw this.#failure;
    const last = this.#groupEnd(this.#flushed, this.#pending.length === 0);
    if (last !== undefined) this.append(last);
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#pending;
    this.#pending = [];
    try {
      for (const group of groupsOf(lines)) await this.#writeGroup(group);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.#failure =
        error instanceof DeletedError
          ? error
          : new AppendError(`${this.path} can't be written: ${text}`);
      throw this.#failure;
    }
  }

  async #writeGroup(bytes: Buffer): Promise<void> {
    let written = 0;
    while (written < bytes.length) {
      const { bytesWritten } = await this.#file.write(
        bytes,
        written,
        bytes.length - written,
        this.#flushed + written,
      );
      written += bytesWritten;
    }
    await this.#file.datasync();
    // An open file can be written on without its name, and is gone when it is closed.
    const { nlink } = await this.#file.stat();
    if (nlink === 0) throw new DeletedError(`${this.path} was deleted during the run`);
    this.#flushed += bytes.length;
  }
}

/** Lines put together, as many as may be spoilt at once. */
function* groupsOf(lines: readonly Buffer[]): Generator<Buffer> {
  let group: Buffer[] = [];
  let size = 0;
  for (const line of lines) {
    if (size > 0 && size + line.length > mostBytesUnflushed) {
      yield Buffer.concat(group);
      [group, size] = [[], 0];
    }
    group.push(line);
    size += line.length;
  }
  if (size > 0) yield Buffer.concat(group);
}
