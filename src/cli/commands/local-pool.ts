import {
  LocalPoolError,
  NO_LIMITS,
  readFaultPlan,
  readLocalPoolSettings,
  startLocalPool,
} from '../../local/index.js';
import type { DeliveredMessage, LocalPool } from '../../local/index.js';
import { readSmallFile } from '../../source/small-file.js';
import type { LocalArguments } from '../options.js';
import { UsageError } from '../usage-error.js';

/** Starts the local pool that the arguments describe; a `UsageError` says what of them won't do. */
export async function openLocalPool(
  given: LocalArguments & {
    readonly port?: number;
    /** In place of a `schema` file. */
    readonly description?: unknown;
  },
  onMessage: (message: DeliveredMessage) => void,
): Promise<LocalPool> {
  try {
    return await startLocalPool({
      ...(given.schema !== undefined && {
        settings: readLocalPoolSettings(await readJson(given.schema, '--schema')),
      }),
      ...(given.description !== undefined && {
        settings: readLocalPoolSettings(given.description),
      }),
      ...(given.faults !== undefined && {
        faults: readFaultPlan(await readJson(given.faults, '--faults')),
      }),
      ...(given.data !== undefined && { dataFile: given.data }),
      ...(given.port !== undefined && { port: given.port }),
      ...(!given.quotas && { limits: NO_LIMITS }),
      latencyMs: given.latency,
      speed: given.speed,
      onMessage,
    });
  } catch (error) {
    if (error instanceof LocalPoolError) throw new UsageError(error.message);
    throw error;
  }
}

/** With ten thousand groups, and what is said of each. */
const mostBytes = 64 * 1_024 * 1_024;

async function readJson(path: string, option: string): Promise<unknown> {
  let text: string;
  try {
    text = (await readSmallFile(path, mostBytes)).toString();
  } catch {
    throw new UsageError(`${option} ${path} can't be read: check the path.`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${option} ${path} is not JSON: see docs/local-pool.md for an example.`);
  }
}

/** An access key for a local pool, which takes any. */
export const anyCredentials = { accessKeyId: 'local', secretAccessKey: 'local' };
