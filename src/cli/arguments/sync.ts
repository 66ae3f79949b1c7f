import type { SyncChoices } from '../../api/options.js';
import type { Scope } from '../../plan/scope.js';
import type { Given } from '../options.js';
import { UsageError } from '../usage-error.js';
import { onlyGiven } from './only-given.js';

/** What a sync does with users who are there before; throws a `UsageError`. */
export function choicesFrom(given: Given<'sync'>): SyncChoices {
  const { key, missing, protect } = given;
  const minRows = given['min-rows'];
  if (minRows !== undefined && !(Number.isInteger(minRows) && minRows >= 0)) {
    throw new UsageError('--min-rows takes a whole number.');
  }
  const scope = scopeFrom(given.scope);
  return onlyGiven({ key, groupsMode: given['groups-mode'], missing, scope, minRows, protect });
}

function scopeFrom(text: string | undefined): Scope | undefined {
  if (text === undefined) return undefined;
  if (text === 'all') return { is: 'all' };
  const [, kind, rest = ''] = /^(group|attribute):(.+)$/s.exec(text) ?? [];
  if (kind === 'group') return { is: 'group', name: rest };
  const [, name, value] = /^([^=]+)=(.+)$/s.exec(rest) ?? [];
  if (kind === 'attribute' && name !== undefined && value !== undefined) {
    return { is: 'attribute', name, value };
  }
  throw new UsageError(
    `--scope ${text} is no scope: write group:NAME, attribute:NAME=VALUE or all.`,
  );
}
