import { applyPlan } from '../../api/apply-plan.js';
import { addressFrom, callsFrom, clientFrom } from '../options.js';
import type { CallArguments, PoolArguments, RunArguments, ScreenArguments } from '../options.js';
import { followRun } from './follow-run.js';

export type ApplyArguments = {
  readonly plan: string;
  readonly run?: string | undefined;
} & PoolArguments &
  CallArguments &
  RunArguments &
  ScreenArguments;

export function runApply(given: ApplyArguments): Promise<number> {
  const userPoolId = given['user-pool-id'];
  const options = {
    plan: given.plan,
    reports: given.reports,
    ...(given.run !== undefined && { run: given.run }),
    pool: { ...addressFrom(given), ...(userPoolId !== undefined && { userPoolId }) },
    ...callsFrom(given),
    ...clientFrom(given),
  };
  return followRun(given, (signal, listener) => applyPlan({ ...options, signal }, listener));
}
