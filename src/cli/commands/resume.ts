import { resumeRun } from '../../api/run/resume-run.js';
import { addressFrom, callsFrom, clientFrom, maskFrom } from '../options.js';
import type { CallArguments, PoolArguments, RunArguments, ScreenArguments } from '../options.js';
import { followRun } from './follow-run.js';

export type ResumeArguments = {
  readonly run: string;
  readonly 'retry-failed': boolean;
} & PoolArguments &
  CallArguments &
  RunArguments &
  ScreenArguments;

export function runResume(given: ResumeArguments): Promise<number> {
  const userPoolId = given['user-pool-id'];
  const options = {
    run: given.run,
    reports: given.reports,
    ...maskFrom(given),
    retryFailed: given['retry-failed'],
    pool: { ...addressFrom(given), ...(userPoolId !== undefined && { userPoolId }) },
    ...callsFrom(given),
    ...clientFrom(given),
  };
  return followRun(given, (signal, listener) => resumeRun({ ...options, signal }, listener));
}
