import { fileURLToPath } from 'node:url';

import { importUsers } from '../../api/import/import-users.js';
import { callsFrom } from '../arguments/calls.js';
import { peopleFrom } from '../arguments/people.js';
import { runFrom } from '../arguments/run.js';
import type { Given } from '../options.js';
import { followRun } from './follow-run.js';
import { openLocalPool, wayTo } from './local-pool.js';

type DemoArguments = Given<
  'local' | 'file' | 'rows' | 'calls' | 'duration' | 'errors' | 'invitations' | 'run' | 'screen'
> & {
  readonly file?: string | undefined;
};

const fixture = fileURLToPath(new URL('../../../fixtures/users.csv', import.meta.url));

/** The whole job on a local pool. */
export async function runDemo(given: DemoArguments): Promise<number> {
  const pool = await openLocalPool(given);
  try {
    const options = {
      pool: wayTo(pool),
      ...runFrom(given),
      ...(await peopleFrom({ ...given, file: given.file ?? fixture })),
      ...callsFrom(given),
    };
    return await followRun(given, (signal, listener) =>
      importUsers({ ...options, poolEnds: true, signal }, listener),
    );
  } finally {
    await pool.close();
  }
}
