import type { Calls } from '../../apply/calls.js';
import type { PoolError } from '../../cognito/errors.js';
import { categories, defaultLimit, isAdjustable } from '../../cognito/quotas.js';
import type { UserPool } from '../../cognito/user-pool.js';
import { provisionedLimits } from '../run/rates.js';
import { fine, warning } from './finding.js';
import type { Finding } from './finding.js';
import { permissionOf } from './permission.js';
import type { Permission } from './permission.js';

/** Asks for the account's rates; without them the published ones are taken. */
export async function lookAtQuotas(
  pool: UserPool,
  calls: Calls,
): Promise<{ readonly finding: Finding; readonly permission: Permission }> {
  const failures: PoolError[] = [];
  const asked = categories.filter(isAdjustable);
  const limits = await provisionedLimits(asked, pool, calls, (_, error) => failures.push(error));
  const [failure] = failures;
  if (!failure) {
    const rates = [...limits].map(([category, limit]) => `${category} ${limit}`);
    const finding = fine('quotas', `Calls a second: ${rates.join(', ')}`);
    return { finding, permission: 'allowed' };
  }
  const text = `GetProvisionedLimit says ${failure.code}, so the published rates are taken: ${defaultLimit('UserCreation')} creates a second.`;
  return { finding: warning('quotas', text), permission: permissionOf(failure) };
}
