import {
  AdminCreateUserCommand,
  type AdminCreateUserCommandInput,
  type AdminCreateUserCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';
import { GOOD_PASSWORD, type Bench } from './harness.js';

/** What a test gives of AdminCreateUser's input; the rest makes a user `anna` without a message. */
export type Input = Partial<AdminCreateUserCommandInput>;

export function create(
  { client, UserPoolId }: Bench,
  input: Input,
): Promise<AdminCreateUserCommandOutput> {
  return client.send(
    new AdminCreateUserCommand({
      UserPoolId,
      Username: 'anna',
      MessageAction: 'SUPPRESS',
      TemporaryPassword: GOOD_PASSWORD,
      ...input,
    }),
  );
}

export function attribute(Name: string, Value: string): Input {
  return { UserAttributes: [{ Name, Value }] };
}
