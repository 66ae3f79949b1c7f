import type { Calls } from '../../apply/calls.js';
import type { UserPoolSettings } from '../../cognito/description.js';
import { PoolError } from '../../cognito/errors.js';
import type { UserPool } from '../../cognito/user-pool.js';
import { fine, missing, warning } from './finding.js';
import type { Finding } from './finding.js';
import { credentialTrouble, permissionOf } from './permission.js';
import type { Permission } from './permission.js';

/** What the first call to a pool told. */
export interface Reached {
  readonly findings: readonly Finding[];
  /** Of DescribeUserPool. */
  readonly permission: Permission;
  /** Absent where the pool could not be described. */
  readonly settings?: UserPoolSettings;
  /** What keeps every command from being run, so that nothing more need be tried. */
  readonly inTheWay?: string;
}

/** Describes a pool; what keeps it from being described is a finding, and no rejection. */
export async function reachPool(pool: UserPool, calls: Calls): Promise<Reached> {
  try {
    const settings = await calls.ask('DescribeUserPool', () => pool.describeUserPool());
    return { findings: [regionOf(pool, true), taken], permission: 'allowed', settings };
  } catch (error) {
    if (!(error instanceof PoolError)) throw error;
    return { permission: permissionOf(error), ...notReached(error, pool) };
  }
}

/** No call can be made without one, so none is. */
export function withoutRegion(userPoolId: string): Reached {
  const text = `--region is empty: give ${regionOfId(userPoolId)}, which the pool's ID says, or leave it out.`;
  return {
    findings: [missing('region', text)],
    permission: 'not tried',
    inTheWay: 'a region',
  };
}

const taken = fine('credentials', 'AWS takes them');

function notReached(error: PoolError, pool: UserPool): Omit<Reached, 'permission'> {
  const region = regionOf(pool, false);
  const trouble = credentialTrouble(error);
  if (trouble !== undefined) {
    return {
      findings: [region, missing('credentials', trouble)],
      inTheWay: 'credentials that AWS takes',
    };
  }
  if (permissionOf(error) === 'denied') {
    const text =
      'DescribeUserPool is denied, which every command begins with: give these credentials the permission, or use others.';
    return { findings: [region, taken, missing('pool', text)] };
  }
  const { code, message, answered } = error;
  if (code === 'ResourceNotFoundException') {
    const text = `${pool.region} has no pool ${pool.userPoolId}: check --user-pool-id, --region and the account of the credentials.`;
    return { findings: [region, taken, missing('pool', text)], inTheWay: 'the pool' };
  }
  const text = answered
    ? `It can't be described (${code}): ${message}`
    : `No answer came (${code}): check the network and --endpoint-url.`;
  return { findings: [region, missing('pool', text)], inTheWay: 'a pool that answers' };
}

/** AWS keeps a pool in the region that its ID names; only an endpoint of its own may not heed it. */
function regionOf({ region, host, userPoolId }: UserPool, isDescribed: boolean): Finding {
  const where = host === '' ? region : `${region}, at ${host}`;
  const ofId = regionOfId(userPoolId);
  if (ofId === region) return fine('region', where);
  const text = `${where}; but the pool's ID says ${ofId}: give --region ${ofId}, or set AWS_REGION to it.`;
  return isDescribed ? warning('region', text) : missing('region', text);
}

function regionOfId(userPoolId: string): string {
  return userPoolId.slice(0, userPoolId.lastIndexOf('_'));
}
