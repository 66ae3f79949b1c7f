import type { RunOptions } from '../../api/options.js';
import type { Given } from '../options.js';
import { onlyGiven } from './only-given.js';

/** Where the run is made or found, and its page; a run that goes on is masked as it was begun. */
export function runFrom({
  reports,
  mask,
  run,
}: Given<'reports'> & { readonly run?: string | undefined }): RunOptions {
  return onlyGiven({ reports, mask, run });
}
