import process from 'node:process';

import type { ClientOptions, PoolOptions } from '../../api/options.js';
import type { Given } from '../options.js';
import { UsageError } from '../usage-error.js';
import { onlyGiven } from './only-given.js';

/** Where the pool is; throws a `UsageError` when nobody says which. */
export function poolFrom(given: Given<'pool'>): PoolOptions {
  const userPoolId = given['user-pool-id'] ?? process.env['COGNITO_USER_POOL_ID'];
  if (userPoolId === undefined || userPoolId === '') {
    throw new UsageError('Which pool? Give --user-pool-id or set COGNITO_USER_POOL_ID.');
  }
  return { ...knownPoolFrom(given), userPoolId };
}

/** For a plan or a run, which knows its pool: as far as it is given anew. */
export function knownPoolFrom(given: Given<'pool'>): Partial<PoolOptions> {
  return onlyGiven({
    userPoolId: given['user-pool-id'],
    region: given.region,
    profile: given.profile,
    endpointUrl: given['endpoint-url'],
  });
}

/** The app client; its secret is never an argument, which `ps` would show. */
export function clientFrom(given: Given<'client'>): ClientOptions {
  return onlyGiven({
    clientId: given['client-id'],
    clientSecret: process.env['COGNITO_CLIENT_SECRET'],
  });
}
