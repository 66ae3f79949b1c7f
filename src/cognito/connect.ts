import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import type { CognitoIdentityProviderClientConfig } from '@aws-sdk/client-cognito-identity-provider';

import { AnswerBounds } from './answer-bounds.js';
import { boundedCredentials } from './bounded-credentials.js';
import { PoolError } from './errors.js';
import { SdkUserPool } from './sdk-user-pool.js';
import type { UserPool } from './user-pool.js';

/** How to reach a pool; what is absent comes from the AWS SDK's own chain. */
export interface ConnectOptions {
  readonly userPoolId: string;
  readonly region?: string;
  readonly profile?: string;
  readonly endpointUrl?: string;
  /** For a local pool, which takes any; everything else has the SDK's chain. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Milliseconds from the sending of a call to the end of its answer; then it counts as lost. */
  readonly timeoutMs: number;
  /** The most calls at once; each needs a connection. */
  readonly maxConnections: number;
}

/** The region, and a name of the pool's own [MODEL]. */
const userPoolIdForm = /^([\w-]+)_[0-9a-zA-Z]+$/;

/** Opens a pool through the AWS SDK. Sends nothing yet. Rejects with a `PoolError`. */
export async function connect(options: ConnectOptions): Promise<UserPool> {
  const { userPoolId } = options;
  const regionOfId = userPoolIdForm.exec(userPoolId)?.[1];
  if (regionOfId === undefined) {
    const message = `"${userPoolId}" is not a user pool's ID, which looks like us-east-1_AbCdEf123`;
    throw new PoolError('DescribeUserPool', 'InvalidParameterException', message);
  }
  const client = createClient(options);
  try {
    return new SdkUserPool(client, userPoolId, await client.config.region());
  } catch {
    // The chain has no region; the pool's ID says it.
    client.destroy();
    return new SdkUserPool(
      createClient({ ...options, region: regionOfId }),
      userPoolId,
      regionOfId,
    );
  }
}

/** What the SDK warns of on the console, such as a profile beside keys, is for its developers. */
const silent: NonNullable<CognitoIdentityProviderClientConfig['logger']> = {
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/**
 * `maxAttempts: 1`: the SDK's own retries would send AdminCreateUser again after a lost answer and
 * report our own user as UsernameExistsException. `cacheMiddleware` is a quarter of the call's CPU
 * time, and holds only as long as no `send` has options of its own.
 */
function createClient(options: ConnectOptions): CognitoIdentityProviderClient {
  const agent = { keepAlive: true, maxSockets: options.maxConnections };
  const bounds = new AnswerBounds(options.timeoutMs);
  const client = new CognitoIdentityProviderClient({
    maxAttempts: 1,
    cacheMiddleware: true,
    logger: silent,
    requestHandler: {
      connectionTimeout: Math.min(options.timeoutMs, 5_000),
      // Ends with the headers; `bounds` goes on with what is left.
      requestTimeout: options.timeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: agent,
    },
    streamCollector: bounds.collect,
    ...(options.region && { region: options.region }),
    ...(options.profile !== undefined && { profile: options.profile }),
    ...(options.endpointUrl !== undefined && { endpoint: options.endpointUrl }),
    ...(options.credentials !== undefined && { credentials: options.credentials }),
  });
  bounds.boundFor(client);
  client.config.credentials = boundedCredentials(client.config.credentials);
  return client;
}
