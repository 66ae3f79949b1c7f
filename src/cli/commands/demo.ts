import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { importUsers } from '../../api/import/import-users.js';
import { columnsFrom } from '../columns.js';
import { callsFrom, fileFrom, maskFrom, rowsFrom } from '../options.js';
import type {
  CallArguments,
  FileArguments,
  LocalArguments,
  RowArguments,
  RunArguments,
  ScreenArguments,
} from '../options.js';
import { followRun } from './follow-run.js';
import { anyCredentials, openLocalPool } from './local-pool.js';

export type DemoArguments = { readonly file?: string | undefined } & LocalArguments &
  FileArguments &
  RowArguments &
  CallArguments &
  RunArguments &
  ScreenArguments;

const fixture = fileURLToPath(new URL('../../../fixtures/users.csv', import.meta.url));

/** The whole job on a local pool. */
export async function runDemo(given: DemoArguments): Promise<number> {
  const pool = await openLocalPool(given, () => undefined);
  try {
    const options = {
      file: given.file ?? fixture,
      stdin: process.stdin,
      pool: {
        userPoolId: pool.userPoolId,
        region: pool.region,
        endpointUrl: pool.endpoint,
        credentials: anyCredentials,
      },
      reports: given.reports,
      ...maskFrom(given),
      ...fileFrom(given),
      ...(await columnsFrom(given)),
      ...rowsFrom(given),
      ...callsFrom(given),
    };
    // Its pool ends with it, so nothing can be resumed.
    return await followRun(given, async (signal, listener) => ({
      ...(await importUsers({ ...options, signal }, listener)),
      resumable: false,
    }));
  } finally {
    await pool.close();
  }
}
