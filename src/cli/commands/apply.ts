import { applyPlan } from '../../api/plans/apply-plan.js';
import { addressFrom, callsFrom, clientFrom, maskFrom } from '../options.js';
import type { CallArguments, PoolArguments, RunArguments, ScreenArguments } from '../options.js';
import { confirmOn } from '../confirm.js';
import { capFrom } from '../sync-arguments.js';
import type { RemovalArguments } from '../sync-arguments.js';
import { followRun } from './follow-run.js';

export type ApplyArguments = {
  readonly plan: string;
  readonly run?: string | undefined;
} & PoolArguments &
  RemovalArguments &
  CallArguments &
  RunArguments &
  ScreenArguments;

export function runApply(given: ApplyArguments): Promise<number> {
  const userPoolId = given['user-pool-id'];
  const options = {
    plan: given.plan,
    reports: given.reports,
    ...maskFrom(given),
    ...(given.run !== undefined && { run: given.run }),
    pool: { ...addressFrom(given), ...(userPoolId !== undefined && { userPoolId }) },
    ...capFrom(given),
    ...callsFrom(given),
    ...clientFrom(given),
  };
  return followRun(given, (signal, listener, screen) =>
    applyPlan({ ...options, signal, ...confirmOn(screen, given, signal) }, listener),
  );
}
