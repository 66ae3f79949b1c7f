// What a scan of the pool costs by itself: ListUsers page by page with the SDK's client, nothing kept.
//   list-loop.mjs ENDPOINT USER_POOL_ID
import {
  CognitoIdentityProviderClient,
  ListUsersCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import process from 'node:process';

const [, , endpoint, UserPoolId] = process.argv;
const client = new CognitoIdentityProviderClient({ endpoint, cacheMiddleware: true });
let next;
do {
  const page = await client.send(
    new ListUsersCommand({ UserPoolId, Limit: 60, PaginationToken: next }),
  );
  next = page.PaginationToken;
} while (next !== undefined);
client.destroy();
