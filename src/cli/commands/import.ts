import process from 'node:process';

import { importUsers } from '../../api/import-users.js';
import { callsFrom, fileFrom, poolFrom, rowsFrom } from '../options.js';
import type {
  CallArguments,
  FileArguments,
  PoolArguments,
  RowArguments,
  RunArguments,
  ScreenArguments,
} from '../options.js';
import { followRun } from './follow-run.js';

export type ImportArguments = {
  readonly file: string;
  readonly run?: string | undefined;
} & PoolArguments &
  FileArguments &
  RowArguments &
  CallArguments &
  RunArguments &
  ScreenArguments;

export function runImport(given: ImportArguments): Promise<number> {
  const options = {
    file: given.file,
    stdin: process.stdin,
    pool: poolFrom(given),
    reports: given.reports,
    ...(given.run !== undefined && { run: given.run }),
    ...fileFrom(given),
    ...rowsFrom(given),
    ...callsFrom(given),
  };
  return followRun(given, (signal, listener) => importUsers({ ...options, signal }, listener));
}
