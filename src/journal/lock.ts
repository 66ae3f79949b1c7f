import { randomUUID } from 'node:crypto';
import { constants, readFileSync, readlinkSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { kill, pid } from 'node:process';

/** Somebody else has the run. */
export class LockedError extends Error {
  override readonly name = 'LockedError';
}

interface Claim {
  readonly id: string;
  readonly pid: number;
  readonly host: string;
  /** Tells a process from a later one with the same number, where the system says. */
  readonly started: string | undefined;
  /** Which start of the machine it was. */
  readonly boot?: string | undefined;
  /** Within which the number is one process's: containers count their own. */
  readonly namespace?: string | undefined;
}

/**
 * Takes a lock that a dead process can't keep. Each contender appends its claim to the file; the
 * holder is the first claim that is neither released nor of a dead process. Since appends have one
 * order that all see, there is no moment at which two can hold it, and nothing stale to remove.
 * Returns what releases it. Rejects with `LockedError`, naming the holder, or with what the system
 * says where the path is no file of its own: a link could lead to any file of this user, and a FIFO
 * has no end.
 */
export async function takeLock(path: string): Promise<() => Promise<void>> {
  const mine: Claim = {
    id: randomUUID(),
    pid,
    host: hostname(),
    started: startOf(pid),
    boot: told(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()),
    namespace: told(() => readlinkSync('/proc/self/ns/pid')),
  };
  // The line feed in front ends a line that a crash tore.
  const note = (entry: object): Promise<void> => append(path, `\n${JSON.stringify(entry)}\n`);
  await note(mine);
  const release = (): Promise<void> => note({ released: mine.id });

  const holder = holderOf(await readFile(path, 'utf8'), mine);
  if (holder === undefined || holder.id === mine.id) return release;
  await release();
  throw new LockedError(
    isSeenFrom(mine, holder)
      ? `process ${holder.pid} on this machine is at it: wait for it to end, or stop it`
      : `process ${holder.pid} on ${holder.host.replace(/\p{C}/gu, '?')} is at it: if that machine is gone, delete ${path}`,
  );
}

const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
/** Two lines of some 150 bytes for each run that had the lock. */
const mostBytes = 64 * 1_024 * 1_024;

async function append(path: string, text: string): Promise<void> {
  const file = await open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  try {
    const found = await file.stat();
    if (!found.isFile()) throw notALock('EINVAL');
    if (found.size > mostBytes) throw notALock('EFBIG');
    // The umask may have taken what the owner needs.
    if ((found.mode & 0o777) === 0) await file.chmod(0o600);
    await file.appendFile(text);
  } finally {
    await file.close();
  }
}

function notALock(code: string): Error {
  return Object.assign(new Error('the file of the lock is something else'), { code });
}

function holderOf(text: string, mine: Claim): Claim | undefined {
  const claims: Claim[] = [];
  const released = new Set<string>();
  for (const line of text.split('\n')) {
    const entry = parse(line);
    if (entry && 'released' in entry) released.add(entry.released);
    else if (entry) claims.push(entry);
  }
  return claims.find((claim) => !released.has(claim.id) && isAlive(claim, mine));
}

function parse(line: string): Claim | { released: string } | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return isRelease(entry) || isClaim(entry) ? entry : undefined;
  } catch {
    return undefined; // an empty line, or one that a crash tore
  }
}

function isRelease(entry: unknown): entry is { released: string } {
  return typeof entry === 'object' && entry !== null && 'released' in entry;
}

/** Longer than the name of any machine. */
const mostOfHost = 255;

/** To the system 0 and negative numbers are groups of processes, one of which is always there. */
function isClaim(entry: unknown): entry is Claim {
  if (typeof entry !== 'object' || entry === null) return false;
  const { id, pid: process, host } = entry as Readonly<Record<string, unknown>>;
  return (
    typeof id === 'string' &&
    typeof host === 'string' &&
    host.length <= mostOfHost &&
    Number.isSafeInteger(process) &&
    (process as number) > 0
  );
}

function isAlive(claim: Claim, mine: Claim): boolean {
  if (!isSeenFrom(mine, claim)) return true;
  // The machine was started again since. Two by one name are not told apart.
  if (differ(claim.boot, mine.boot)) return false;
  try {
    kill(claim.pid, 0);
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return claim.started === undefined || claim.started === startOf(claim.pid);
}

/** Whether a claim's process would show here, if there is one. */
function isSeenFrom(mine: Claim, claim: Claim): boolean {
  if (claim.host !== mine.host) return false;
  return differ(claim.boot, mine.boot) || !differ(claim.namespace, mine.namespace);
}

/** Where one of the two is not known, they may be the same. */
function differ(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}

/** When a process started, in the kernel's ticks; undefined where there is no /proc. */
function startOf(process: number): string | undefined {
  return told(() => {
    const stat = readFileSync(`/proc/${process}/stat`, 'latin1');
    // The name, in parentheses, may hold anything; the start is the 20th field after it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  });
}

/** What the system says, where it is one that does. */
function told<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
