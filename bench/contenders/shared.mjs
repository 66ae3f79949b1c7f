// What the contenders written here have in common.
import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import process from 'node:process';

import { person } from '../people.mjs';

const [endpoint, UserPoolId, from, to] = process.argv.slice(2);

export function* people() {
  for (let number = Number(from); number < Number(to); number++) yield person(number);
}

export function poolClient() {
  const client = new CognitoIdentityProvider({ endpoint });
  return ({ username, attributes }) =>
    client.adminCreateUser({
      UserPoolId,
      Username: username,
      UserAttributes: attributes,
      MessageAction: 'SUPPRESS',
    });
}

/** A script that goes on; who was lost is counted in the pool. */
export function lost() {}
