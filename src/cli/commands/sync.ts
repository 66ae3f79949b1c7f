import { dryRunSync } from '../../api/sync/sync-dry-run.js';
import { syncUsers } from '../../api/sync/sync-users.js';
import { callsFrom } from '../arguments/calls.js';
import { dryRunFrom, refuseWithoutDryRun } from '../arguments/dry-run.js';
import { peopleFrom } from '../arguments/people.js';
import { clientFrom, poolFrom } from '../arguments/pool.js';
import { capFrom } from '../arguments/removals.js';
import { runFrom } from '../arguments/run.js';
import { choicesFrom } from '../arguments/sync.js';
import { confirmOn } from '../confirm.js';
import type { Given } from '../options.js';
import { differencesText } from '../screen/differences-text.js';
import { followRun } from './follow-run.js';

type SyncArguments = Given<
  | 'pool'
  | 'client'
  | 'file'
  | 'rows'
  | 'sync'
  | 'calls'
  | 'duration'
  | 'errors'
  | 'invitations'
  | 'dryRun'
  | 'newRun'
  | 'screen'
> & { readonly file: string };

export async function runSync(given: SyncArguments): Promise<number> {
  refuseWithoutDryRun(given, 'save-plan', 'exit-code', 'prices', 'show-values');
  const options = {
    ...runFrom(given),
    ...(await peopleFrom(given)),
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
  const look = { ...options, ...dryRunFrom(given), showValues: given['show-values'] };
  return followRun(given, async (signal, listener, screen) => {
    const run = await dryRunSync({ ...look, signal }, listener);
    screen.pause();
    const text = differencesText(run.differences, `${run.folder}/results.csv`);
    if (text !== '') screen.say(text);
    return run;
  });
}
