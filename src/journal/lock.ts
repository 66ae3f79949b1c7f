import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
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
}

/**
 * Takes a lock that a dead process can't keep. Each contender appends its claim to the file; the
 * holder is the first claim that is neither released nor of a dead process. Since appends have one
 * order that all see, there is no moment at which two can hold it, and nothing stale to remove.
 * Returns what releases it. Rejects with `LockedError`, naming the holder.
 */
export async function takeLock(path: string): Promise<() => Promise<void>> {
  const mine: Claim = { id: randomUUID(), pid, host: hostname(), started: startOf(pid) };
  // The line feed in front ends a line that a crash tore.
  const append = (entry: object): Promise<void> =>
    appendFile(path, `\n${JSON.stringify(entry)}\n`, { mode: 0o600 });
  await append(mine);
  const release = (): Promise<void> => append({ released: mine.id });

  const holder = holderOf(await readFile(path, 'utf8'), mine.host);
  if (holder === undefined || holder.id === mine.id) return release;
  await release();
  throw new LockedError(
    holder.host === mine.host
      ? `process ${holder.pid} on this machine is at it: wait for it to end, or stop it`
      : `process ${holder.pid} on ${holder.host} is at it: if that machine is gone, delete ${path}`,
  );
}

function holderOf(text: string, host: string): Claim | undefined {
  const claims: Claim[] = [];
  const released = new Set<string>();
  for (const line of text.split('\n')) {
    const entry = parse(line);
    if (entry && 'released' in entry) released.add(entry.released);
    else if (entry) claims.push(entry);
  }
  return claims.find((claim) => !released.has(claim.id) && isAlive(claim, host));
}

function parse(line: string): Claim | { released: string } | undefined {
  try {
    return JSON.parse(line) as Claim | { released: string };
  } catch {
    return undefined; // an empty line, or one that a crash tore
  }
}

function isAlive(claim: Claim, host: string): boolean {
  if (claim.host !== host) return true; // can't be seen from here
  try {
    kill(claim.pid, 0);
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return claim.started === undefined || claim.started === startOf(claim.pid);
}

/** When a process started, in the kernel's ticks; undefined where there is no /proc. */
function startOf(process: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${process}/stat`, 'latin1');
    // The name, in parentheses, may hold anything; the start is the 20th field after it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
