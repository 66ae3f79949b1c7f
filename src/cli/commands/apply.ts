import { applyPlan } from '../../api/resume/apply-plan.js';
import { callsFrom } from '../arguments/calls.js';
import { clientFrom, knownPoolFrom } from '../arguments/pool.js';
import { capFrom } from '../arguments/removals.js';
import { runFrom } from '../arguments/run.js';
import { confirmOn } from '../confirm.js';
import type { Given } from '../options.js';
import { followRun } from './follow-run.js';

type ApplyArguments = Given<
  | 'pool'
  | 'client'
  | 'removals'
  | 'calls'
  | 'duration'
  | 'errors'
  | 'invitations'
  | 'newRun'
  | 'screen'
> & {
  readonly plan: string;
};

export function runApply(given: ApplyArguments): Promise<number> {
  const options = {
    plan: given.plan,
    ...runFrom(given),
    pool: knownPoolFrom(given),
    ...capFrom(given),
    ...callsFrom(given),
    ...clientFrom(given),
  };
  return followRun(given, (signal, listener, screen) =>
    applyPlan({ ...options, signal, ...confirmOn(screen, given, signal) }, listener),
  );
}
