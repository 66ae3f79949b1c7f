import {
  AdminInitiateAuthCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { createHmac } from 'node:crypto';

import { defaultSettings } from '../../src/local/index.js';
import type { LocalClientSettings, LocalPoolSettings } from '../../src/local/index.js';
import type { Place } from './place.js';

export const publicClient = 'localclientwithoutsecret01';
export const confidentialClient = 'localclientwithsecret00001';

/** Rates that no test waits for, of signing in too. */
export const fastSignIn = [
  '--rate',
  [
    ...['UserCreation', 'UserAuthentication', 'UserAccountRecovery', 'UserRead', 'UserUpdate'],
    ...['UserList', 'UserResourceRead', 'UserPoolClientRead'],
  ]
    .map((category) => `${category}=5000`)
    .join(','),
];

/** The default pool with some things changed. */
export function poolLike(
  pool: Partial<LocalPoolSettings['UserPool']>,
  clients?: readonly LocalClientSettings[],
): LocalPoolSettings {
  const settings = defaultSettings();
  return {
    ...settings,
    UserPool: { ...settings.UserPool, ...pool },
    ...(clients && { UserPoolClients: clients }),
  };
}

/** Signs somebody in with the SDK alone, and gives the name of what came back. */
export async function signInWithSdk(
  place: Place,
  username: string,
  password: string,
  clientId = publicClient,
): Promise<string> {
  const client = new CognitoIdentityProviderClient({
    endpoint: place.pool.endpoint,
    region: place.pool.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  const secret = place.pool.clients.find(({ ClientId }) => ClientId === clientId)?.ClientSecret;
  try {
    const answer = await client.send(
      new AdminInitiateAuthCommand({
        UserPoolId: place.pool.userPoolId,
        ClientId: clientId,
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        AuthParameters: {
          USERNAME: username,
          PASSWORD: password,
          ...(secret !== undefined && {
            SECRET_HASH: createHmac('sha256', secret)
              .update(username + clientId)
              .digest('base64'),
          }),
        },
      }),
    );
    return (
      answer.ChallengeName ?? (answer.AuthenticationResult?.AccessToken ? 'tokens' : 'nothing')
    );
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  } finally {
    client.destroy();
  }
}
