import type { RunListener } from '../listener.js';
import type { CallOptions, ClientOptions, PoolOptions } from '../options.js';
import { firstCalls, openPool, withSession } from '../run/session.js';
import type { Session } from '../run/session.js';
import type { Finding } from './finding.js';
import { lookAtClient } from './look-at-client.js';
import { lookAtQuotas } from './look-at-quotas.js';
import { messageFindings, poolFindings } from './look-at-settings.js';
import type { Permissions } from './permission.js';
import { reachPool, withoutRegion } from './reach-pool.js';
import type { Reached } from './reach-pool.js';
import { nothingReady, readinessOf } from './readiness.js';
import type { Readiness } from './readiness.js';
import { tryOperations } from './try-operations.js';

export type { Finding } from './finding.js';
export type { Permission } from './permission.js';
export type { Need, Readiness } from './readiness.js';

export interface ExamineOptions extends CallOptions, ClientOptions {
  readonly pool: PoolOptions;
}

export interface Examination {
  readonly pool: { readonly id: string; readonly region: string };
  readonly findings: readonly Finding[];
  /** By operation; one that is absent was not tried. */
  readonly permissions: Readonly<Permissions>;
  readonly commands: readonly Readiness[];
}

/**
 * Looks at all that the commands depend on. Changes, messages and bills nobody: calls that would are
 * made for a user who does not exist. A pool that can't be reached is a finding too; rejects with a
 * `PoolError` only for what is no user pool's ID.
 */
export function examinePool(
  options: ExamineOptions,
  listener: RunListener = {},
): Promise<Examination> {
  const { userPoolId: id, region } = options.pool;
  if (region === '') return Promise.resolve(unreached({ id, region }, withoutRegion(id)));
  return withSession(options, listener, (session) => examine(options, session));
}

async function examine(options: ExamineOptions, session: Session): Promise<Examination> {
  const pool = await openPool(options.pool, session);
  const calls = firstCalls(session);
  const where = { id: pool.userPoolId, region: pool.region };
  const reached = await reachPool(pool, calls);
  if (reached.inTheWay !== undefined) return unreached(where, reached);
  const { settings } = reached;
  const quotas = await lookAtQuotas(pool, calls);
  const client = await lookAtClient(options, pool, calls);
  const permissions: Permissions = {
    DescribeUserPool: reached.permission,
    GetProvisionedLimit: quotas.permission,
    ...(await tryOperations(pool, calls)),
  };
  return {
    pool: where,
    findings: [
      ...reached.findings,
      ...(settings ? [...poolFindings(settings), ...messageFindings(settings)] : []),
      quotas.finding,
      client.finding,
    ],
    permissions,
    commands: readinessOf({ permissions, settings, clientLack: client.lack }),
  };
}

function unreached(
  pool: Examination['pool'],
  { findings, permission, inTheWay = 'the pool' }: Reached,
): Examination {
  return {
    pool,
    findings,
    permissions: { DescribeUserPool: permission },
    commands: nothingReady(inTheWay),
  };
}
