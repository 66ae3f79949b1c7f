import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

import { metricsStart } from '../report/metrics.js';
import { systemCode } from '../source/error.js';
import { UsageError } from './usage-error.js';

/** The collector runs as another user. */
const mode = 0o644;

/** Throws a `UsageError` where the file is there and holds no metrics of ours. */
export async function checkMetricsFile(path: string): Promise<void> {
  if (path === '') throw new UsageError('--metrics takes the path of a file.');
  const file = await open(path, 'r').catch(() => undefined);
  // Not there yet; or not to be read, which the writing will tell.
  if (!file) return;
  try {
    if (!(await isOurs(file))) {
      throw new UsageError(
        `--metrics ${path} is something else and not overwritten: name a file of its own.`,
      );
    }
  } finally {
    await file.close();
  }
}

async function isOurs(file: FileHandle): Promise<boolean> {
  const stat = await file.stat();
  if (!stat.isFile()) return false;
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(metricsStart.length) });
  return bytesRead === 0 || buffer.toString('latin1') === metricsStart;
}

/**
 * Writes the file as a whole or not at all: the collector may read it at any moment. Under its first
 * name the collector takes no notice of it. Returns why it could not be written, where it could not.
 */
export async function writeMetricsFile(path: string, text: string): Promise<string | undefined> {
  const part = `${path}.${randomUUID()}.part`;
  try {
    const file = await open(part, 'wx', mode);
    try {
      await file.chmod(mode);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, path);
    return undefined;
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    return `--metrics ${path} can't be written (${systemCode(error)}): the figures of this run are not in it.`;
  }
}
