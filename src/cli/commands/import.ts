import { importUsers } from '../../api/import/import-users.js';
import type { RowOptions } from '../../api/options.js';
import { callsFrom } from '../arguments/calls.js';
import { dryRunFrom, refuseWithoutDryRun } from '../arguments/dry-run.js';
import { peopleFrom } from '../arguments/people.js';
import { clientFrom, poolFrom } from '../arguments/pool.js';
import { runFrom } from '../arguments/run.js';
import type { Given } from '../options.js';
import { UsageError } from '../usage-error.js';
import { followRun } from './follow-run.js';

export type ImportArguments = Given<
  | 'pool'
  | 'client'
  | 'file'
  | 'rows'
  | 'existing'
  | 'calls'
  | 'duration'
  | 'errors'
  | 'invitations'
  | 'beforehand'
  | 'newRun'
  | 'screen'
> & { readonly file: string };

/** `import`, and what goes before it: `--dry-run` and `--rehearse`, each loaded only when it is run. */
export async function runImport(given: ImportArguments): Promise<number> {
  refuseMixtures(given);
  const work = {
    ...runFrom(given),
    ...(await peopleFrom(given)),
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
  if (given['dry-run']) {
    const { dryRun } = await import('../../api/import/dry-run.js');
    const look = { ...options, ...dryRunFrom(given) };
    return followRun(given, (signal, listener) => dryRun({ ...look, signal }, listener));
  }
  return followRun(given, (signal, listener) => importUsers({ ...options, signal }, listener));
}

/** An option that would have no effect is a misunderstanding, and said. */
function refuseMixtures(given: ImportArguments): void {
  const { 'dry-run': dry, rehearse } = given;
  if (dry && rehearse) throw new UsageError('Give either --dry-run or --rehearse.');
  refuseWithoutDryRun(given, 'save-plan', 'exit-code', 'prices');
  const needsRehearsal = (['schema', 'faults'] as const).find((name) => given[name] !== undefined);
  if (needsRehearsal !== undefined && !rehearse) {
    throw new UsageError(`--${needsRehearsal} goes with --rehearse.`);
  }
  if (given.speed !== 1 && !rehearse) throw new UsageError('--speed goes with --rehearse.');
}

/** Whoever is invited again is so by email, unless another way is asked for. */
function resendFrom({ resend, invite }: ImportArguments): Pick<RowOptions, 'resend' | 'invite'> {
  return resend ? { resend, invite: invite === 'none' ? 'email' : invite } : {};
}
