import process from 'node:process';

import { describePool } from '../../api/pool/describe-pool.js';
import { NewFile } from '../../api/run/new-file.js';
import type { PoolDescription } from '../../cognito/description.js';
import { watchInterrupts } from '../interrupts.js';
import { callsFrom, poolFrom } from '../options.js';
import type { CallArguments, PoolArguments, ScreenArguments } from '../options.js';
import { Screen } from '../screen/screen.js';

export type PoolCommandArguments = {
  readonly output?: string | undefined;
} & PoolArguments &
  CallArguments &
  ScreenArguments;

/** Writes a pool's description to standard output, or to a file that does not exist yet. */
export async function runPool(given: PoolCommandArguments): Promise<number> {
  const { output, 'client-id': clientId } = given;
  const pool = poolFrom(given);
  const screen = new Screen({ ...given, progress: false });
  const interrupts = watchInterrupts(() => undefined);
  const file = output === undefined ? undefined : await NewFile.create(output, '--output');
  try {
    const description = await describePool(
      {
        pool,
        ...(clientId !== undefined && { clientId }),
        ...callsFrom(given),
        signal: interrupts.signal,
      },
      screen.listener,
    );
    const text = `${JSON.stringify(description, undefined, 2)}\n`;
    if (file === undefined) {
      process.stdout.write(text);
      return 0;
    }
    file.add(text);
    await file.finish();
    screen.end(
      { pool: { id: description.UserPool.Id }, output: file.path },
      savedText(description, file.path),
    );
    return 0;
  } catch (error) {
    await file?.abandon();
    throw error;
  } finally {
    interrupts.stopWatching();
  }
}

function savedText({ UserPool, Groups, UserPoolClients }: PoolDescription, path: string): string {
  const attributes = UserPool.SchemaAttributes?.length ?? 0;
  const parts = [`${attributes} attributes`, `${Groups?.length ?? 0} groups`];
  if (UserPoolClients) parts.push('the app client without its secret');
  return `Pool ${UserPool.Id} (${parts.join(', ')}) is saved in ${path}.\nCheck a file against it: cognito-bulk validate people.csv --schema ${path}`;
}
