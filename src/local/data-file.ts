import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

import { WholeFile } from '../files/whole-file.js';
import { applyLine, groupLine, userLine } from './data-lines.js';
import type { Line } from './data-lines.js';
import { LocalPoolError } from './errors.js';
import type { StoredGroup, StoredUser, UserStore } from './user-store.js';

/**
 * The first line of a data file: whose users it holds, and the key of the pool's tokens, so that a
 * sign-in outlives a restart.
 */
interface Header {
  readonly localPool: 1;
  readonly userPoolId: string;
  readonly tokenKey: string;
}

/** The log of what changed: one JSON document a line, the whole user each time. */
export class MutationLog {
  readonly #descriptor: number;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  // Written before the answer is sent. The system has the bytes then, so that killing the process
  // loses nothing that was answered.
  putUser(user: StoredUser): void {
    this.#write({ user: userLine(user) });
  }

  dropUser(user: StoredUser): void {
    this.#write({ gone: user.username });
  }

  putGroup(group: StoredGroup): void {
    this.#write({ group: groupLine(group) });
  }

  dropGroup(group: StoredGroup): void {
    this.#write({ groupGone: group.name });
  }

  close(): void {
    fsyncSync(this.#descriptor);
    closeSync(this.#descriptor);
  }

  #write(line: Line): void {
    const bytes = Buffer.from(textOf(line));
    let written = 0;
    while (written < bytes.length) written += writeSync(this.#descriptor, bytes, written);
  }
}

interface OpenedDataFile {
  readonly log: MutationLog;
  readonly tokenKey: Buffer;
}

/**
 * Reads a data file into the store (or begins a new one), writes it anew without what is
 * outdated, and opens it for what comes. A last line that a kill tore off is dropped.
 * Rejects with a LocalPoolError where the file is another pool's or isn't a data file.
 */
export async function openDataFile(
  path: string,
  userPoolId: string,
  newKey: () => Buffer,
  users: UserStore,
  groups: Map<string, StoredGroup>,
): Promise<OpenedDataFile> {
  let tokenKey = newKey();
  let tidy = false;
  if (existsSync(path)) {
    const held = readLog(path, userPoolId, users, groups);
    tokenKey = held.tokenKey ?? tokenKey;
    tidy = held.tokenKey !== undefined && held.outdated === 0;
    if (tidy) cutTail(path, held.length);
  }
  if (!tidy) {
    const header: Header = { localPool: 1, userPoolId, tokenKey: tokenKey.toString('hex') };
    const file = await WholeFile.create(path, `${path}.new`);
    await file.write(allLines(header, users, groups));
  }
  return { log: new MutationLog(openSync(path, 'a', 0o600)), tokenKey };
}

interface HeldLog {
  /** Undefined where the file has no whole line yet. */
  readonly tokenKey: Buffer | undefined;
  /** Bytes up to the end of the last whole line. */
  readonly length: number;
  /** Lines that a later one made superfluous. */
  readonly outdated: number;
}

function readLog(
  path: string,
  userPoolId: string,
  users: UserStore,
  groups: Map<string, StoredGroup>,
): HeldLog {
  let tokenKey: Buffer | undefined;
  let number = 0;
  const shared = new Map<string, string>();
  const length = eachLine(path, (text) => {
    number += 1;
    if (tokenKey === undefined) {
      tokenKey = readHeader(path, text, userPoolId);
      return;
    }
    applyLine(parsed(path, number, text) as Line, users, groups, shared);
  });
  return { tokenKey, length, outdated: number - 1 - users.size - groups.size };
}

function readHeader(path: string, text: string, userPoolId: string): Buffer {
  const header = parsed(path, 1, text) as Partial<Header>;
  if (header.localPool !== 1 || typeof header.tokenKey !== 'string') {
    throw new LocalPoolError(`${path} is not the data file of a local pool.`);
  }
  if (header.userPoolId !== userPoolId) {
    throw new LocalPoolError(
      `${path} holds the users of ${String(header.userPoolId)}, not of ${userPoolId}.`,
    );
  }
  return Buffer.from(header.tokenKey, 'hex');
}

function parsed(path: string, number: number, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new LocalPoolError(`${path} can't be read: line ${number} is damaged.`);
  }
}

function* allLines(
  header: Header,
  users: UserStore,
  groups: ReadonlyMap<string, StoredGroup>,
): Generator<string> {
  yield `${JSON.stringify(header)}\n`;
  for (const group of groups.values()) yield textOf({ group: groupLine(group) });
  for (const user of users) yield textOf({ user: userLine(user) });
}

const textOf = (line: Line): string => `${JSON.stringify(line)}\n`;

const CHUNK = 1 << 20;

/** Calls back with every line that is whole; returns how many bytes those lines take. */
function eachLine(path: string, onLine: (text: string) => void): number {
  const descriptor = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(CHUNK);
    const decoder = new StringDecoder('utf8');
    let rest = '';
    let length = 0;
    for (;;) {
      const read = readSync(descriptor, buffer, 0, CHUNK, null);
      if (read === 0) return length;
      rest += decoder.write(buffer.subarray(0, read));
      let from = 0;
      for (let end = rest.indexOf('\n'); end !== -1; end = rest.indexOf('\n', from)) {
        const text = rest.slice(from, end);
        onLine(text);
        length += Buffer.byteLength(text) + 1;
        from = end + 1;
      }
      rest = rest.slice(from);
    }
  } finally {
    closeSync(descriptor);
  }
}

function cutTail(path: string, length: number): void {
  const descriptor = openSync(path, 'r+');
  try {
    ftruncateSync(descriptor, length);
  } finally {
    closeSync(descriptor);
  }
}
