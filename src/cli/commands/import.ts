import process from 'node:process';

import { dryRun } from '../../api/import/dry-run.js';
import { importUsers } from '../../api/import/import-users.js';
import type { RowOptions } from '../../api/options.js';
import { columnsFrom } from '../columns.js';
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
  BeforehandArguments,
  CallArguments,
  FileArguments,
  PoolArguments,
  ExistingArguments,
  RowArguments,
  RunArguments,
  ScreenArguments,
} from '../options.js';
import { UsageError } from '../usage-error.js';
import { followRun } from './follow-run.js';

export type ImportArguments = {
  readonly file: string;
  readonly run?: string | undefined;
} & PoolArguments &
  FileArguments &
  RowArguments &
  ExistingArguments &
  CallArguments &
  BeforehandArguments &
  RunArguments &
  ScreenArguments;

/** `import`, and what goes before it: `--dry-run` and `--rehearse`. */
export async function runImport(given: ImportArguments): Promise<number> {
  refuseMixtures(given);
  const work = {
    file: given.file,
    stdin: process.stdin,
    reports: given.reports,
    ...maskFrom(given),
    ...(given.run !== undefined && { run: given.run }),
    ...fileFrom(given),
    ...(await columnsFrom(given)),
    ...rowsFrom(given),
    onExisting: given['on-existing'],
    ...resendFrom(given),
    ...callsFrom(given),
    ...clientFrom(given),
  };
  if (given.rehearse) {
    const { rehearse } = await import('./rehearse.js');
    return rehearse(given, work);
  }
  const options = { ...work, pool: poolFrom(given) };
  if (!given['dry-run']) {
    return followRun(given, (signal, listener) => importUsers({ ...options, signal }, listener));
  }
  const look = {
    ...options,
    exitCode: given['exit-code'],
    ...(given.prices !== undefined && { prices: pricesFrom(given.prices) }),
    ...(given['save-plan'] !== undefined && { savePlan: given['save-plan'] }),
  };
  return followRun(given, (signal, listener) => dryRun({ ...look, signal }, listener));
}

/** An option that would have no effect is a misunderstanding, and said. */
function refuseMixtures(given: ImportArguments): void {
  const { 'dry-run': dry, rehearse } = given;
  if (dry && rehearse) throw new UsageError('Give either --dry-run or --rehearse.');
  const needsDry = (['save-plan', 'exit-code', 'prices'] as const).find((name) => given[name]);
  if (needsDry !== undefined && !dry) throw new UsageError(`--${needsDry} goes with --dry-run.`);
  const needsRehearsal = (['schema', 'faults'] as const).find((name) => given[name] !== undefined);
  if (needsRehearsal !== undefined && !rehearse) {
    throw new UsageError(`--${needsRehearsal} goes with --rehearse.`);
  }
  if (given.speed !== 1 && !rehearse) throw new UsageError('--speed goes with --rehearse.');
  if (given.resend) refuseBesideResend(given);
}

/** `--resend` invites, and does nothing else. */
function refuseBesideResend(given: ImportArguments): void {
  const beside = (
    [
      'dry-run',
      'rehearse',
      'generate-passwords',
      'password-mode',
      'verified',
      'create-groups',
    ] as const
  ).find((name) => given[name] !== undefined && given[name] !== false);
  if (beside !== undefined) {
    throw new UsageError(
      `--resend invites users who are there and does nothing else: leave --${beside} out.`,
    );
  }
}

/** Whoever is invited again is so by email, unless another way is asked for. */
function resendFrom({ resend, invite }: ImportArguments): Pick<RowOptions, 'resend' | 'invite'> {
  return resend ? { resend, invite: invite === 'none' ? 'email' : invite } : {};
}
