import { Readable } from 'node:stream';

import type { FileOptions } from '../../api/options.js';
import { verifyUsers } from '../../api/verify/verify-users.js';
import { csvLine } from '../../record/csv-line.js';
import { shownText } from '../../source/shown-text.js';
import { callsFrom } from '../arguments/calls.js';
import { columnsFrom } from '../arguments/columns.js';
import { fileFrom } from '../arguments/file.js';
import { onlyGiven } from '../arguments/only-given.js';
import { clientFrom, poolFrom } from '../arguments/pool.js';
import { runFrom } from '../arguments/run.js';
import { askSecret } from '../ask-secret.js';
import type { Given } from '../options.js';
import { UsageError } from '../usage-error.js';
import { followRun } from './follow-run.js';

type VerifyArguments = Given<
  'pool' | 'client' | 'file' | 'addresses' | 'calls' | 'duration' | 'errors' | 'newRun' | 'screen'
> & {
  readonly action: 'send' | 'confirm';
  readonly file?: string | undefined;
};

/** `verify send` and `verify confirm`, for a file of people or for one who is asked for. */
export async function runVerify(given: VerifyArguments): Promise<number> {
  if (given.from !== undefined) throw new UsageError('--from goes with import and validate.');
  const { mapping, defaultCountry } = await columnsFrom(given);
  const work = {
    action: given.action,
    attribute: given.attribute,
    pool: poolFrom(given),
    ...runFrom(given),
    ...callsFrom(given),
    ...clientFrom(given),
  };
  const rows = onlyGiven({ mapping, defaultCountry });
  const options = { ...work, ...((await onePerson(given)) ?? { ...peopleOf(given), ...rows }) };
  return followRun(given, (signal, listener) => verifyUsers({ ...options, signal }, listener));
}

function peopleOf({ file, ...given }: VerifyArguments): FileOptions {
  if (file === undefined) {
    throw new UsageError('Whose address? Give a FILE, or one user with --username.');
  }
  return fileFrom({ ...given, file });
}

/** One person's row as it would stand in a file, read as standard input is: it is never on the disk. */
async function onePerson({
  username,
  file,
  action,
}: VerifyArguments): Promise<FileOptions | undefined> {
  if (username === undefined) return undefined;
  if (file !== undefined) throw new UsageError('Give either a FILE or --username.');
  const cells = [username, await askSecret(`Password of ${shownText(username)}`)];
  const header = ['username', 'password'];
  if (action === 'confirm') {
    header.push('code');
    cells.push(await askSecret('Code that was sent'));
  }
  const stdin = Readable.from([Buffer.from(csvLine(header) + csvLine(cells))]);
  return { file: '-', stdin, encoding: 'utf-8', delimiter: ',' };
}
