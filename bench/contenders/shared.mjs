// What the contenders written here have in common.
import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import process from 'node:process';

import { group, password, person } from '../people.mjs';

const [endpoint, UserPoolId, from, to, steps] = process.argv.slice(2);

export function* people() {
  for (let number = Number(from); number < Number(to); number++) yield person(number);
}

/** Makes a user, in as many steps as asked for. */
export function poolClient() {
  const client = new CognitoIdentityProvider({ endpoint });
  return async ({ username, attributes }) => {
    const whom = { UserPoolId, Username: username };
    const UserAttributes = attributes;
    await client.adminCreateUser({ ...whom, UserAttributes, MessageAction: 'SUPPRESS' });
    if (steps !== '3') return;
    await client.adminSetUserPassword({ ...whom, Password: password, Permanent: true });
    await client.adminAddUserToGroup({ ...whom, GroupName: group });
  };
}

/** A script that goes on; who was lost is counted in the pool. */
export function lost() {}
