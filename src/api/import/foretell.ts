import type { RowResult } from '../../apply/result.js';
import type { ImportSettings } from '../../plan/import-plan.js';
import type { Match } from '../../plan/pool-match.js';
import { firstError, invalidResult } from '../run/checked-rows.js';
import type { CheckedRow } from '../run/checked-rows.js';

/** As the import says it. */
const taken = {
  code: 'UsernameExistsException',
  message: 'a user with this username was there before',
} as const;

/** What the run would make of a row, by what the pool has. */
export function foretell(
  checked: CheckedRow,
  match: Match,
  { onExisting }: ImportSettings,
  username: string,
): RowResult {
  const { row, raw, user, problems } = checked;
  if (!user) return invalidResult(checked, username, firstError(problems));
  const base = { row, line: raw.line, username, steps: [], attempts: 0, final: true } as const;
  switch (match) {
    case 'absent':
      return { ...base, username: user.username, status: 'would-create' };
    case 'alias-taken':
      return {
        ...base,
        status: 'failed',
        code: 'AliasExistsException',
        message:
          'another user of the pool has the verified email or phone number of this row: correct it, or leave it unverified',
      };
    case 'external':
      return {
        ...base,
        status: 'exists',
        code: 'external-user',
        message: 'an identity provider owns this user',
      };
    case 'same':
    case 'different':
    case 'ambiguous':
    case 'name-taken':
      if (onExisting === 'update' && match === 'different')
        return { ...base, status: 'would-update' };
      if (onExisting !== 'fail') return { ...base, status: 'exists', ...taken };
      return {
        ...base,
        status: 'failed',
        ...taken,
      };
  }
}
