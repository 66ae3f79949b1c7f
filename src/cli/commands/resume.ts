import { resumeRun } from '../../api/resume/resume-run.js';
import { callsFrom } from '../arguments/calls.js';
import { clientFrom, knownPoolFrom } from '../arguments/pool.js';
import { runFrom } from '../arguments/run.js';
import type { Given } from '../options.js';
import { followRun } from './follow-run.js';

type ResumeArguments = Given<
  'pool' | 'client' | 'calls' | 'duration' | 'errors' | 'invitations' | 'resumedRun' | 'screen'
> & {
  readonly run: string;
};

export function runResume(given: ResumeArguments): Promise<number> {
  const options = {
    ...runFrom(given),
    run: given.run,
    retryFailed: given['retry-failed'],
    pool: knownPoolFrom(given),
    ...callsFrom(given),
    ...clientFrom(given),
  };
  return followRun(given, (signal, listener) => resumeRun({ ...options, signal }, listener));
}
