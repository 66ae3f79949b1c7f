import type { PoolOptions } from '../../api/options.js';
import {
  LocalPoolError,
  NO_LIMITS,
  readFaultPlan,
  readLocalPoolSettings,
  startLocalPool,
} from '../../local/index.js';
import type { DeliveredMessage, LocalPool } from '../../local/index.js';
import { readSmallFile } from '../../source/small-file.js';
import { numberIn, wholeIn } from '../arguments/number.js';
import { onlyGiven } from '../arguments/only-given.js';
import type { Given } from '../options.js';
import { UsageError } from '../usage-error.js';

/** Starts the local pool that the arguments describe; a `UsageError` says what of them won't do. */
export async function openLocalPool(
  given: Given<'local'> & {
    readonly port?: number;
    /** In place of a `schema` file. */
    readonly description?: unknown;
  },
  onMessage: (message: DeliveredMessage) => void = () => undefined,
): Promise<LocalPool> {
  refuseWrongNumbers(given);
  try {
    const description = given.description ?? (await readJson(given.schema, '--schema'));
    const faults = await readJson(given.faults, '--faults');
    return await startLocalPool({
      ...onlyGiven({
        settings: description === undefined ? undefined : readLocalPoolSettings(description),
        faults: faults === undefined ? undefined : readFaultPlan(faults),
        dataFile: given.data,
        port: given.port,
        limits: given.quotas ? undefined : NO_LIMITS,
      }),
      latencyMs: given.latency,
      speed: given.speed,
      onMessage,
    });
  } catch (error) {
    if (error instanceof LocalPoolError) throw new UsageError(error.message);
    throw error;
  }
}

const longestLatencyMs = 60_000;
const fastestSpeed = 1_000;

function refuseWrongNumbers({
  port,
  latency,
  speed,
}: Pick<Given<'local'>, 'latency' | 'speed'> & { readonly port?: number }): void {
  wholeIn(port, '--port', 0, 65_535);
  numberIn(latency, '--latency', 0, longestLatencyMs);
  numberIn(speed, '--speed', 0.001, fastestSpeed);
}

/** With ten thousand groups, and what is said of each. */
const mostBytes = 64 * 1_024 * 1_024;

async function readJson(path: string | undefined, option: string): Promise<unknown> {
  if (path === undefined) return undefined;
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

/** How the library reaches a local pool, which takes any access key. */
export function wayTo({ userPoolId, region, endpoint }: LocalPool): PoolOptions {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return { userPoolId, region, endpointUrl: endpoint, credentials };
}
