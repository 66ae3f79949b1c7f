import {
  CognitoIdentityProviderClient,
  type CognitoIdentityProviderServiceException,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterEach, expect } from 'vitest';
import {
  defaultSettings,
  NO_LIMITS,
  startLocalPool,
  type LocalPool,
  type LocalPoolOptions,
  type LocalPoolSettings,
} from '../../src/local/index.js';

/** The user pool part of the settings, to be varied by a test. */
export type PoolChanges = Partial<LocalPoolSettings['UserPool']>;

export const GOOD_PASSWORD = 'Passw0rd!';

export interface Bench {
  readonly pool: LocalPool;
  readonly client: CognitoIdentityProviderClient;
  readonly UserPoolId: string;
  /** The clock of the pool: milliseconds since 1970, moved by hand. */
  readonly clock: { now: number };
}

const opened: { close(): Promise<void> | void }[] = [];

afterEach(async () => {
  for (const thing of opened.splice(0).reverse()) await thing.close();
});

/** Starts a pool with a clock that stands still and without quotas, and the real SDK client for it. */
export async function bench(
  changes: PoolChanges = {},
  options: LocalPoolOptions & { readonly rest?: Partial<LocalPoolSettings> } = {},
): Promise<Bench> {
  const { rest, ...others } = options;
  const defaults = defaultSettings();
  const settings: LocalPoolSettings = {
    ...defaults,
    UserPool: { ...defaults.UserPool, ...changes },
    ...rest,
  };
  const clock = { now: Date.UTC(2026, 5, 1, 12) };
  const pool = await startLocalPool({
    settings,
    limits: NO_LIMITS,
    now: () => clock.now,
    ...others,
  });
  opened.push(pool);
  return { pool, client: clientFor(pool), UserPoolId: pool.userPoolId, clock };
}

/** The real SDK client, without its retries; closed when the test ends unless said otherwise. */
export function clientFor(
  pool: Pick<LocalPool, 'endpoint' | 'region'>,
  { closes = true }: { readonly closes?: boolean } = {},
): CognitoIdentityProviderClient {
  const client = new CognitoIdentityProviderClient({
    endpoint: pool.endpoint,
    region: pool.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  if (!closes) return client;
  opened.push({
    close: () => {
      client.destroy();
    },
  });
  return client;
}

/** Keeps something that has to be closed when the test ends. */
export function closeLater(thing: { close(): Promise<void> | void }): void {
  opened.push(thing);
}

/** The error that a call ends with. */
export async function refusal(
  call: Promise<unknown>,
): Promise<CognitoIdentityProviderServiceException> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error, 'the call was not refused').toBeInstanceOf(Error);
  return error as CognitoIdentityProviderServiceException;
}

/** Checks an error's name and a part of its message. */
export async function expectRefusal(
  call: Promise<unknown>,
  name: string,
  message: string | RegExp,
): Promise<void> {
  const error = await refusal(call);
  expect({ name: error.name, message: error.message }).toEqual({
    name,
    message: (typeof message === 'string'
      ? expect.stringContaining(message)
      : expect.stringMatching(message)) as unknown,
  });
}
