import { descriptionFrom } from '../../cognito/read-description.js';
import type { PoolDescription } from '../../cognito/description.js';
import { categories } from '../../cognito/quotas.js';
import type { RunListener } from '../listener.js';
import type { CallOptions, PoolOptions } from '../options.js';
import { readDescription } from '../run/pool-view.js';
import { provisionedLimits } from '../run/rates.js';
import { firstCalls, openPool, withSession } from '../run/session.js';

export interface DescribeOptions extends CallOptions {
  readonly pool: PoolOptions;
  /** An app client to describe too. Its secret is not asked about, only whether it has one. */
  readonly clientId?: string;
}

/**
 * Reads a pool's description: settings, groups, an app client and the account's rates, as `pool`
 * saves it. It has the members that decide on users and no others, so no secret. Changes and bills
 * nothing. Rejects with a `PoolError`.
 */
export function describePool(
  { pool: address, clientId, ...options }: DescribeOptions,
  listener: RunListener = {},
): Promise<PoolDescription> {
  return withSession(options, listener, async (session) => {
    const pool = await openPool(address, session);
    const calls = firstCalls(session);
    const described = await readDescription(pool, calls, true);
    const client =
      clientId === undefined
        ? undefined
        : await calls.ask('DescribeUserPoolClient', () => pool.describeUserPoolClient(clientId));
    const limits = await provisionedLimits(categories, pool, calls, (_, { code }) => {
      session.notice(`GetProvisionedLimit says ${code}, so the account's rates are not saved.`);
    });
    return descriptionFrom({
      ...described,
      ...(client && { UserPoolClients: [client] }),
      ...(limits.size > 0 && { Limits: Object.fromEntries(limits) }),
    });
  });
}
