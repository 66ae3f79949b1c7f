import type { InferredOptionTypes, Options } from 'yargs';

import type { SyncChoices } from '../api/sync/sync-options.js';
import type { RemovalCap } from '../plan/removal-cap.js';
import type { Scope } from '../plan/scope.js';
import { UsageError } from './usage-error.js';

/** What a sync does with users who are there before. */
export const syncOptions = {
  key: { type: 'string', describe: 'What joins file and pool; default username' },
  'groups-mode': {
    choices: ['add', 'exact'],
    default: 'add',
    describe: 'add|exact: users leave the groups not in their row',
  },
  missing: {
    choices: ['ignore', 'disable', 'delete'],
    default: 'ignore',
    describe: 'ignore|disable|delete users in the scope but not the file',
  },
  scope: {
    type: 'string',
    describe: 'group:NAME|attribute:NAME=VALUE|all: who is of the file',
  },
  'min-rows': { type: 'number', describe: 'Refuse a file with fewer rows; 0 takes any' },
  protect: { type: 'string', describe: 'FILE of usernames that are never removed' },
} as const satisfies Record<string, Options>;

/** What keeps a run from taking too many away. */
export const removalOptions = {
  'max-removals': {
    type: 'string',
    describe: 'N or P%: refuse to remove more; in a sync 10%',
  },
  yes: { type: 'boolean', default: false, describe: 'Ask nothing' },
} as const satisfies Record<string, Options>;

export const undoOptions = {
  'even-if-changed': {
    type: 'boolean',
    default: false,
    describe: 'Delete also users whose attributes were changed since',
  },
} as const satisfies Record<string, Options>;

export type SyncArguments = InferredOptionTypes<typeof syncOptions>;
export type RemovalArguments = InferredOptionTypes<typeof removalOptions>;
export type UndoArguments = InferredOptionTypes<typeof undoOptions>;

export function choicesFrom(given: SyncArguments): SyncChoices {
  const { key, missing, scope, protect } = given;
  const minRows = given['min-rows'];
  if (minRows !== undefined && !(Number.isInteger(minRows) && minRows >= 0)) {
    throw new UsageError('--min-rows takes a whole number.');
  }
  return {
    ...(key !== undefined && { key }),
    groupsMode: given['groups-mode'],
    missing,
    ...(scope !== undefined && { scope: scopeFrom(scope) }),
    ...(minRows !== undefined && { minRows }),
    ...(protect !== undefined && { protect }),
  };
}

export function capFrom(given: RemovalArguments): { readonly maxRemovals?: RemovalCap } {
  const text = given['max-removals'];
  if (text === undefined) return {};
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text.trim());
  const number = Number(match?.[1]);
  const isPercent = match?.[2] === '%';
  if (!match || (isPercent ? number > 100 : !Number.isInteger(number))) {
    throw new UsageError(`--max-removals ${text} is neither a number of users nor a percentage.`);
  }
  return { maxRemovals: isPercent ? { percent: number } : { users: number } };
}

function scopeFrom(text: string): Scope {
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
