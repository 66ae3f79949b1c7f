import type { RowResult } from '../../apply/result.js';
import type { ImportSettings } from '../../plan/import-plan.js';
import type { Match } from '../../plan/pool-match.js';

/** What the reports say of a row. */
type Foretold = Pick<RowResult, 'status' | 'code' | 'message'>;

/** As the import says it. */
const taken = {
  code: 'UsernameExistsException',
  message: 'a user with this username was there before',
} as const;

/** What the run would make of a good row, by what the pool has. */
export function foretell(match: Match, { onExisting }: ImportSettings): Foretold {
  switch (match) {
    case 'absent':
      return { status: 'would-create' };
    case 'alias-taken':
      return {
        status: 'failed',
        code: 'AliasExistsException',
        message:
          'another user of the pool has the verified email or phone number of this row: correct it, or leave it unverified',
      };
    case 'external':
      return {
        status: 'exists',
        code: 'external-user',
        message: 'an identity provider owns this user',
      };
    case 'same':
    case 'different':
    case 'ambiguous':
    case 'name-taken':
      if (onExisting === 'update' && match === 'different') return { status: 'would-update' };
      return { status: onExisting === 'fail' ? 'failed' : 'exists', ...taken };
  }
}
