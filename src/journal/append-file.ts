import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/** How long a line may wait for others before it is written, when nobody waits for it. */
const idleMs = 200;

/** The journal or the password file can't be written: the run has to end. */
export class AppendError extends Error {
  override readonly name = 'AppendError';
}

/**
 * A file that lines are added to, flushed to the disk in groups: while one flush is under way the
 * next lines gather, so that a thousand writers a second cost a few flushes. After the first
 * failure nothing more is written, so that a torn line can only be the last.
 */
export class AppendFile {
  readonly path: string;
  readonly #file: FileHandle;
  /** Bytes that were handed over so far, which is where the next line starts. */
  #end: number;
  #pending: Buffer[] = [];
  #flushing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failure: AppendError | undefined;
  #closed = false;
  readonly #lastLine: () => string | undefined;

  private constructor(
    path: string,
    file: FileHandle,
    end: number,
    lastLine: () => string | undefined,
  ) {
    this.path = path;
    this.#file = file;
    this.#end = end;
    this.#lastLine = lastLine;
  }

  /**
   * Makes a file that was not there (`create`), or goes on with one after its first `length` bytes.
   * `lastLine` is asked for a line of its own whenever a group is about to be written.
   */
  static async open(
    path: string,
    from: 'create' | { length: number },
    lastLine: () => string | undefined = () => undefined,
  ): Promise<AppendFile> {
    const file = await open(path, from === 'create' ? 'ax' : 'r+', 0o600);
    const length = from === 'create' ? 0 : from.length;
    try {
      if (from === 'create') await file.chmod(0o600);
      else await file.truncate(length);
    } catch (error) {
      await file.close();
      throw error;
    }
    return new AppendFile(path, file, length, lastLine);
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
    const last = this.#lastLine();
    if (last !== undefined) this.append(last);
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pending.length === 0) return;
    const bytes = Buffer.concat(this.#pending);
    const position = this.#end - bytes.length;
    this.#pending = [];
    try {
      let written = 0;
      while (written < bytes.length) {
        const { bytesWritten } = await this.#file.write(
          bytes,
          written,
          bytes.length - written,
          position + written,
        );
        written += bytesWritten;
      }
      await this.#file.datasync();
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.#failure = new AppendError(`${this.path} can't be written: ${text}`);
      throw this.#failure;
    }
  }
}
