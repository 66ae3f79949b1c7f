import { createHmac } from 'node:crypto';
import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  AdminSetUserPasswordCommand,
  type AdminCreateUserCommandInput,
  type AdminInitiateAuthCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';
import type { LocalClientSettings } from '../../src/local/index.js';
import { bench, GOOD_PASSWORD, type Bench, type PoolChanges } from './harness.js';

export const NEW_PASSWORD = 'N3w-Passw0rd!';
export const ClientId = 'theclient';
export const PLAIN: LocalClientSettings = {
  ClientId,
  ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
};

export async function withUser(
  changes: PoolChanges = {},
  app: Partial<LocalClientSettings> = {},
  input: Partial<AdminCreateUserCommandInput> = {},
): Promise<Bench> {
  const there = await bench(changes, { rest: { UserPoolClients: [{ ...PLAIN, ...app }] } });
  await there.client.send(
    new AdminCreateUserCommand({
      UserPoolId: there.UserPoolId,
      Username: 'anna',
      MessageAction: 'SUPPRESS',
      TemporaryPassword: GOOD_PASSWORD,
      ...input,
    }),
  );
  return there;
}

export function signIn(
  there: Bench,
  parameters: Record<string, string> = {},
  AuthFlow = 'ADMIN_USER_PASSWORD_AUTH',
) {
  return there.client.send(
    new AdminInitiateAuthCommand({
      UserPoolId: there.UserPoolId,
      ClientId,
      AuthFlow: AuthFlow as 'ADMIN_NO_SRP_AUTH',
      AuthParameters: { USERNAME: 'anna', PASSWORD: GOOD_PASSWORD, ...parameters },
    }),
  );
}

export function respond(
  there: Bench,
  asked: AdminInitiateAuthCommandOutput,
  responses: Record<string, string> = {},
) {
  return there.client.send(
    new AdminRespondToAuthChallengeCommand({
      UserPoolId: there.UserPoolId,
      ClientId,
      ChallengeName: asked.ChallengeName,
      Session: asked.Session,
      ChallengeResponses: {
        USERNAME: asked.ChallengeParameters?.['USER_ID_FOR_SRP'] ?? '',
        NEW_PASSWORD,
        ...responses,
      },
    }),
  );
}

export function setPassword({ client, UserPoolId }: Bench, Password: string, Permanent = true) {
  return client.send(
    new AdminSetUserPasswordCommand({ UserPoolId, Username: 'anna', Password, Permanent }),
  );
}

export function hash(secret: string, username: string): string {
  return createHmac('sha256', secret)
    .update(username + ClientId)
    .digest('base64');
}
