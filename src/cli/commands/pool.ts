import process from 'node:process';

import { describePool } from '../../api/pool/describe-pool.js';
import { onNewFile } from '../../api/run/new-file.js';
import type { PoolDescription } from '../../cognito/description.js';
import { WholeFile } from '../../files/whole-file.js';
import { callsFrom } from '../arguments/calls.js';
import { onlyGiven } from '../arguments/only-given.js';
import { poolFrom } from '../arguments/pool.js';
import { interruptible } from '../interrupts.js';
import type { Given } from '../options.js';
import { Screen } from '../screen/screen.js';

type PoolArguments = Given<'pool' | 'client' | 'calls' | 'screen' | 'description'>;

/** Writes a pool's description to standard output, or to a file that does not exist yet. */
export async function runPool(given: PoolArguments): Promise<number> {
  const { output, 'client-id': clientId } = given;
  const options = { pool: poolFrom(given), ...onlyGiven({ clientId }), ...callsFrom(given) };
  const screen = await Screen.open({ ...given, progress: false });
  return interruptible(async (signal) => {
    const file =
      output === undefined
        ? undefined
        : await onNewFile(output, '--output', () => WholeFile.createNew(output));
    try {
      const description = await describePool({ ...options, signal }, screen.listener);
      const text = `${JSON.stringify(description, undefined, 2)}\n`;
      if (file === undefined) {
        process.stdout.write(text);
        return 0;
      }
      file.add(text);
      await onNewFile(file.path, '--output', () => file.finish());
      const saved = { pool: { id: description.UserPool.Id }, output: file.path };
      await screen.end(saved, savedText(description, file.path));
      return 0;
    } catch (error) {
      await file?.abandon();
      throw error;
    }
  });
}

function savedText({ UserPool, Groups, UserPoolClients }: PoolDescription, path: string): string {
  const attributes = UserPool.SchemaAttributes?.length ?? 0;
  const parts = [`${attributes} attributes`, `${Groups?.length ?? 0} groups`];
  if (UserPoolClients) parts.push('the app client without its secret');
  return `Pool ${UserPool.Id} (${parts.join(', ')}) is saved in ${path}.\nCheck a file against it: cognito-bulk validate people.csv --schema ${path}`;
}
