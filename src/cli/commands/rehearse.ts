import { importUsers } from '../../api/import/import-users.js';
import type { ImportOptions } from '../../api/options.js';
import { describePool } from '../../api/pool/describe-pool.js';
import { numberIn } from '../arguments/number.js';
import { poolFrom } from '../arguments/pool.js';
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
  numberIn(speed, '--speed', 0.001, 1_000);
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
    return await followRun(given, (signal, listener, screen) => {
      if (speed > 1) screen.notice(ofThisMachine(speed));
      return importUsers({ ...options, signal }, listener);
    });
  } finally {
    await pool.close();
  }
}

/** What a small file takes is mostly this machine's own time, which a speed multiplies as well. */
function ofThisMachine(speed: number): string {
  return `Times below are this machine's own, times ${speed}: too long for a small file. How long the run takes, --dry-run tells.`;
}
