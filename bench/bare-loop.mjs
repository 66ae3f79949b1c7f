// What cpu.mjs compares with: AdminCreateUser over the SDK's client, so many at once, nothing else.
// Arguments: endpoint, pool, number of users, how many at once, run, client (`plain` or `tuned`).
import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import process from 'node:process';

import { person } from './people.mjs';

const [endpoint, UserPoolId, users, atOnce, run, kind] = process.argv.slice(2);
const client = new CognitoIdentityProvider({
  endpoint,
  // As the tool's own client; `plain` is the client as it comes.
  ...(kind === 'tuned' && {
    maxAttempts: 1,
    cacheMiddleware: true,
    requestHandler: { httpAgent: { keepAlive: true, maxSockets: 256 } },
  }),
});
let next = 0;
await Promise.all(
  Array.from({ length: Number(atOnce) }, async () => {
    while (next < Number(users)) {
      const { username, attributes } = person(next++, run);
      await client.adminCreateUser({
        UserPoolId,
        Username: username,
        UserAttributes: attributes,
        MessageAction: 'SUPPRESS',
      });
    }
  }),
);
client.destroy();
