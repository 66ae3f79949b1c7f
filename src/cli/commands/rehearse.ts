import { importUsers } from '../../api/import/import-users.js';
import type { ImportOptions } from '../../api/options.js';
import { describePool } from '../../api/pool/describe-pool.js';
import { poolFrom } from '../arguments/pool.js';
import { UsageError } from '../usage-error.js';
import { followRun } from './follow-run.js';
import type { ImportArguments } from './import.js';
import { openLocalPool, wayTo } from './local-pool.js';

/** Milliseconds that the service takes for a call, near enough to rehearse with. */
const usualLatencyMs = 80;

/** Runs the whole import against a local pool made from the live or the saved description. */
export async function rehearse(
  given: ImportArguments,
  work: Omit<ImportOptions, 'pool'>,
): Promise<number> {
  const { schema, faults, speed } = given;
  if (!(speed > 0 && speed <= 1_000)) throw new UsageError('--speed takes a number up to 1000.');
  const description =
    schema === undefined ? await describePool({ pool: poolFrom(given) }) : undefined;
  const pool = await openLocalPool({
    schema,
    description,
    data: undefined,
    faults,
    speed,
    latency: usualLatencyMs,
    quotas: true,
  });
  try {
    const options = { ...work, speed, rehearsal: true, pool: wayTo(pool) };
    return await followRun(given, (signal, listener) =>
      importUsers({ ...options, signal }, listener),
    );
  } finally {
    await pool.close();
  }
}
