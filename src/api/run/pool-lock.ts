import { lstat } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

import type { ReadableUserPool } from '../../cognito/user-pool.js';
import { LockedError, takeLock } from '../../journal/lock.js';
import { Refusal } from '../refusal.js';
import { makeFolders } from './folders.js';
import type { Session } from './session.js';

/**
 * Keeps a second run that changes users away from the pool, as long as the session lasts. The lock
 * is of this machine and this user. To be taken once the pool has answered. Throws a `Refusal` that
 * says who holds it.
 */
export async function lockPool(
  { userPoolId, host }: ReadableUserPool,
  { releases }: Session,
): Promise<void> {
  const folder = join(tmpdir(), `cognito-bulk-${userInfo().uid}`);
  // A local pool may have the same ID behind an endpoint of its own.
  const name = `${userPoolId}-${host.replace(/[^\w.-]/g, '-')}.lock`;
  try {
    await makeFolders(folder);
    await refuseOthers(folder);
    releases.add(await takeLock(join(folder, name)));
  } catch (error) {
    if (error instanceof LockedError) {
      throw new Refusal(`Pool ${userPoolId} is taken by another run: ${error.message}.`);
    }
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new Refusal(
      `No lock can be kept in ${folder} (${String(error.code)}): make it writable, or set TMPDIR.`,
    );
  }
}

/** In a folder for all, another user may have made it first, to keep locks or to lead them elsewhere. */
async function refuseOthers(folder: string): Promise<void> {
  const found = await lstat(folder);
  const { uid } = userInfo();
  if (found.isDirectory() && (uid === -1 || (found.uid === uid && (found.mode & 0o022) === 0)))
    return;
  throw new Refusal(
    `${folder} is not a folder that only this user can write to: take it away, or set TMPDIR.`,
  );
}
