import process from 'node:process';
import { Readable } from 'node:stream';

import type { FileOptions } from '../../api/options.js';
import { verifyUsers } from '../../api/verify/verify-users.js';
import { csvLine } from '../../record/csv-line.js';
import { askSecret } from '../ask-secret.js';
import { columnsFrom } from '../columns.js';
import { callsFrom, clientFrom, fileFrom, maskFrom, poolFrom } from '../options.js';
import type {
  CallArguments,
  FileArguments,
  PoolArguments,
  RunArguments,
  ScreenArguments,
  VerifyArguments,
} from '../options.js';
import { UsageError } from '../usage-error.js';
import { followRun } from './follow-run.js';

export type VerifyCommandArguments = {
  readonly action: 'send' | 'confirm';
  readonly file?: string | undefined;
  readonly run?: string | undefined;
} & PoolArguments &
  FileArguments &
  VerifyArguments &
  CallArguments &
  RunArguments &
  ScreenArguments;

/** `verify send` and `verify confirm`, for a file of people or for one who is asked for. */
export async function runVerify(given: VerifyCommandArguments): Promise<number> {
  const { action, run } = given;
  if (given.from !== undefined) throw new UsageError('--from goes with import and validate.');
  const { mapping, defaultCountry } = await columnsFrom(given);
  const work = {
    action,
    attribute: given.attribute,
    pool: poolFrom(given),
    reports: given.reports,
    ...maskFrom(given),
    ...(run !== undefined && { run }),
    ...callsFrom(given),
    ...clientFrom(given),
  };
  const rows = {
    ...(mapping && { mapping }),
    ...(defaultCountry !== undefined && { defaultCountry }),
  };
  const options = { ...work, ...((await onePerson(given)) ?? { ...peopleOf(given), ...rows }) };
  return followRun(given, (signal, listener) => verifyUsers({ ...options, signal }, listener));
}

function peopleOf(given: VerifyCommandArguments): FileOptions {
  const { file } = given;
  if (file === undefined) {
    throw new UsageError('Whose address? Give a FILE, or one user with --username.');
  }
  return { file, stdin: process.stdin, ...fileFrom(given) };
}

/** One person's row as it would stand in a file, read as standard input is: it is never on the disk. */
async function onePerson({
  username,
  file,
  action,
}: VerifyCommandArguments): Promise<FileOptions | undefined> {
  if (username === undefined) return undefined;
  if (file !== undefined) throw new UsageError('Give either a FILE or --username.');
  const cells = [username, await askSecret(`Password of ${printable(username)}`)];
  const header = ['username', 'password'];
  if (action === 'confirm') {
    header.push('code');
    cells.push(await askSecret('Code that was sent'));
  }
  const stdin = Readable.from([Buffer.from(csvLine(header) + csvLine(cells))]);
  return { file: '-', stdin, encoding: 'utf-8', delimiter: ',' };
}

function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}
