import process from 'node:process';

import { dryRunSync } from '../../api/sync/sync-dry-run.js';
import { syncUsers } from '../../api/sync/sync-users.js';
import { columnsFrom } from '../columns.js';
import { confirmOn } from '../confirm.js';
import {
  callsFrom,
  clientFrom,
  fileFrom,
  maskFrom,
  poolFrom,
  pricesFrom,
  rowsFrom,
} from '../options.js';
import type {
  CallArguments,
  DryRunArguments,
  FileArguments,
  PoolArguments,
  RowArguments,
  RunArguments,
  ScreenArguments,
} from '../options.js';
import { differencesText } from '../screen/differences-text.js';
import { capFrom, choicesFrom } from '../sync-arguments.js';
import type { RemovalArguments, SyncArguments } from '../sync-arguments.js';
import { UsageError } from '../usage-error.js';
import { followRun } from './follow-run.js';

export type SyncCommandArguments = {
  readonly file: string;
  readonly run?: string | undefined;
  readonly 'show-values': boolean;
} & PoolArguments &
  FileArguments &
  RowArguments &
  SyncArguments &
  RemovalArguments &
  CallArguments &
  DryRunArguments &
  RunArguments &
  ScreenArguments;

export async function runSync(given: SyncCommandArguments): Promise<number> {
  const needsDry = (['save-plan', 'exit-code', 'prices', 'show-values'] as const).find(
    (name) => given[name],
  );
  if (needsDry !== undefined && !given['dry-run']) {
    throw new UsageError(`--${needsDry} goes with --dry-run.`);
  }
  const options = {
    file: given.file,
    stdin: process.stdin,
    reports: given.reports,
    ...maskFrom(given),
    ...(given.run !== undefined && { run: given.run }),
    ...fileFrom(given),
    ...(await columnsFrom(given)),
    ...rowsFrom(given),
    ...choicesFrom(given),
    ...capFrom(given),
    ...callsFrom(given),
    ...clientFrom(given),
    pool: poolFrom(given),
  };
  if (!given['dry-run']) {
    return followRun(given, (signal, listener, screen) =>
      syncUsers({ ...options, signal, ...confirmOn(screen, given, signal) }, listener),
    );
  }
  const look = {
    ...options,
    exitCode: given['exit-code'],
    showValues: given['show-values'],
    ...(given.prices !== undefined && { prices: pricesFrom(given.prices) }),
    ...(given['save-plan'] !== undefined && { savePlan: given['save-plan'] }),
  };
  return followRun(given, async (signal, listener, screen) => {
    const run = await dryRunSync({ ...look, signal }, listener);
    screen.pause();
    const text = differencesText(run.differences, `${run.folder}/results.csv`);
    if (text !== '') screen.say(text);
    return run;
  });
}
