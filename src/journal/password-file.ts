import { parse } from 'csv-parse/sync';
import { randomInt } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, open, rename, rm } from 'node:fs/promises';
import process from 'node:process';

import type { PasswordBook } from '../apply/tools.js';
import type { PasswordPolicy } from '../cognito/description.js';
import { AppendError, AppendFile } from '../files/append-file.js';
import { isThere } from '../files/is-there.js';
import { csvLine } from '../record/csv-line.js';
import { withFormulaGuard, withoutFormulaGuard } from '../record/formula-guard.js';
import { generatePassword } from '../record/generated-password.js';
import { LineTable } from '../record/line-table.js';
import { systemCode } from '../source/error.js';
import { JournalError } from './read-journal.js';
import { LineCutter } from './whole-lines.js';
import type { WholeLine } from './whole-lines.js';

const header = 'username,password';

/**
 * The file of generated passwords, `username,password`, mode 0600. A password is on the disk before
 * it is handed out, and is the same when it is asked for again, also after a crash: no account can
 * have a password that nobody knows. Memory: some 30 bytes for each.
 */
export class PasswordFile implements PasswordBook {
  readonly #file: AppendFile;
  readonly #policy: PasswordPolicy;
  /** Username to its place in `#offsets`, counted from 1. */
  readonly #places = new LineTable(true, randomInt(2 ** 31));
  readonly #offsets: number[] = [];

  private constructor(file: AppendFile, policy: PasswordPolicy) {
    this.#file = file;
    this.#policy = policy;
  }

  /**
   * Makes the file. Rejects with EEXIST when it is there, and with `JournalError` when what `finish`
   * writes beside it is: either may be the only copy of something.
   */
  static async create(path: string, policy: PasswordPolicy): Promise<PasswordFile> {
    if (await isThere(partOf(path))) {
      throw new JournalError(
        `${partOf(path)} is there already and is not overwritten: move it away, or name another file than ${path}`,
      );
    }
    const passwords = new PasswordFile(await AppendFile.open(path, 'create'), policy);
    try {
      passwords.#file.append(header);
      await passwords.#file.flush();
      return passwords;
    } catch (error) {
      await passwords.discard().catch(() => undefined);
      throw error;
    }
  }

  /**
   * Goes on with the file of an earlier session; a line that a crash tore is cut off. Rejects with
   * `JournalError`, and touches nothing, where the file or what stands beside it is none of ours: what
   * names it is a journal, which others may have written to.
   */
  static async resume(path: string, policy: PasswordPolicy): Promise<PasswordFile> {
    await refuseForeign(path, 'put that file back, with its owner and mode');
    const part = partOf(path);
    const hasPart = await isThere(part);
    if (hasPart) await refuseForeign(part, 'move it away');
    const lines: [username: string, offset: number][] = [];
    let end = 0;
    for await (const { text, offset, length } of linesOf(path)) {
      end = offset + length;
      if (isTorn(text)) continue;
      const username = offset === 0 ? undefined : cellsOf(text, path)[0];
      if (username !== undefined) lines.push([username, offset]);
    }
    // A session was killed while it finished; all that is in there is here, too.
    if (hasPart) await rm(part);
    const passwords = new PasswordFile(await AppendFile.open(path, { length: end }), policy);
    if (end === 0) {
      passwords.#file.append(header);
      // Before anything else is written, as `create` has it.
      await passwords.#file.flush();
    }
    for (const [username, offset] of lines) passwords.#note(username, offset);
    return passwords;
  }

  async passwordFor(username: string): Promise<string> {
    const place = this.#places.look(username);
    if (place > 0) return this.#read(this.#offsets[place - 1] ?? 0);
    const password = generatePassword(this.#policy, (bound) => randomInt(bound));
    this.#note(username, this.#file.append(lineOf(username, password)));
    await this.#file.flush();
    return password;
  }

  /**
   * Closes the file and takes the passwords out that were never set, since their users were there
   * before or were refused.
   */
  async finish(isUnused: (username: string) => boolean): Promise<void> {
    await this.close();
    const { path } = this.#file;
    const part = partOf(path);
    const kept = await AppendFile.open(part, 'create').catch((error: unknown) => {
      throw new AppendError(`${part} can't be made (${systemCode(error)})`);
    });
    for await (const { text, offset } of linesOf(path)) {
      if (isTorn(text)) continue;
      const username = offset === 0 ? undefined : cellsOf(text, path)[0];
      if (username === undefined || !isUnused(username)) kept.append(text);
      // By which resume knows its own, also after a power cut.
      if (offset === 0) await kept.flush();
    }
    await kept.close();
    await rename(part, path);
  }

  /** Takes the file away again, for a run that never began. */
  async discard(): Promise<void> {
    await this.close().finally(() => rm(this.#file.path, { force: true }));
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #note(username: string, offset: number): void {
    this.#offsets.push(offset);
    if (this.#places.look(username) === 0) this.#places.add(this.#offsets.length);
  }

  async #read(offset: number): Promise<string> {
    await this.#file.flush();
    const file = await open(this.#file.path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(4_096), 0, 4_096, offset);
      const text = buffer.toString('utf8', 0, bytesRead);
      return cellsOf(text.slice(0, text.indexOf('\n')), this.#file.path)[1] ?? '';
    } finally {
      await file.close();
    }
  }
}

const partOf = (path: string): string => `${path}.part`;

/**
 * Throws a `JournalError` unless a file is as `create` makes it: no link and no FIFO, this user's, mode
 * 0600, and with our header, as far as a crash left it.
 * @param wayOut what to do about one that is not.
 */
async function refuseForeign(path: string, wayOut: string): Promise<void> {
  const why = await strangeness(path);
  if (why === undefined) return;
  throw new JournalError(
    `${path} ${why}, unlike the generated passwords of this run, and is left as it is: ${wayOut}`,
  );
}

async function strangeness(path: string): Promise<string | undefined> {
  const found = await lstat(path);
  if (!found.isFile()) return 'is not a regular file';
  // Windows has neither.
  const uid = process.getuid?.();
  if (uid !== undefined && found.uid !== uid) return 'belongs to another user';
  if (uid !== undefined && (found.mode & 0o777) !== 0o600) return 'has not mode 0600';
  const line = Buffer.from(`${header}\n`);
  const start = await startOf(path, line.length);
  // It is on the disk before anything else is written: only where nothing else is, it may be torn.
  const torn = found.size > line.length ? start : start.filter((byte) => byte !== 0);
  const isOurs = line.subarray(0, torn.length).equals(torn);
  return isOurs ? undefined : `does not begin with ${header}`;
}

async function startOf(path: string, bytes: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

const lineOf = (username: string, password: string): string =>
  csvLine([withFormulaGuard(username), password]).trimEnd();

function cellsOf(text: string, path: string): string[] {
  const [cells] = parsed(text, path);
  const [username, password] = cells ?? [];
  if (username === undefined || password === undefined) throw damaged(path);
  return [withoutFormulaGuard(username), password];
}

/** After a power cut zeros stand for what was not flushed; no password of such a line was handed out. */
const isTorn = (text: string): boolean => text.includes('\0');

/** A line that is not CSV is none that a crash tore, which has zeros in it or no line feed. */
function parsed(text: string, path: string): string[][] {
  try {
    return parse(text);
  } catch {
    throw damaged(path);
  }
}

function damaged(path: string): JournalError {
  return new JournalError(
    `${path} is damaged, and it may be the only place where passwords stand: put back a copy`,
  );
}

async function* linesOf(path: string): AsyncGenerator<WholeLine, void, undefined> {
  const cutter = new LineCutter();
  const chunks: AsyncIterable<Buffer> = createReadStream(path);
  for await (const chunk of chunks) yield* cutter.linesOf(chunk);
}
