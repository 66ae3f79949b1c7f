import { once } from 'node:events';
import process from 'node:process';

import type { DeliveredMessage, LocalPool } from '../../local/index.js';
import { interruptible } from '../interrupts.js';
import type { Given } from '../options.js';
import { Screen } from '../screen/screen.js';
import { openLocalPool } from './local-pool.js';

/** Serves a local pool, and prints what it would have sent, until it is stopped. */
export async function runLocal(given: Given<'server' | 'screen'>): Promise<number> {
  const screen = await Screen.open({ ...given, progress: false });
  const pool = await openLocalPool(given, (message) => {
    screen.say(messageText(message));
  });
  try {
    await interruptible(async (signal) => {
      if (given.json) process.stdout.write(`${JSON.stringify(addressOf(pool))}\n`);
      else screen.say(greeting(pool));
      await once(signal, 'abort');
    });
  } finally {
    await pool.close();
  }
  return 0;
}

function addressOf({ endpoint, userPoolId, region, clients }: LocalPool): object {
  return { endpoint, userPoolId, region, clients };
}

function greeting(pool: LocalPool): string {
  const { endpoint, userPoolId, region, clients } = pool;
  return [
    `Local user pool ${userPoolId} at ${endpoint}, until Ctrl-C. Use it from another terminal:`,
    '',
    `  export AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER=${endpoint}`,
    `  export AWS_REGION=${region} AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local`,
    `  cognito-bulk import people.csv --user-pool-id ${userPoolId}`,
    '',
    `App clients: ${clients.map(({ ClientId }) => ClientId).join(', ')}`,
    `${pool.userCount.toLocaleString('en')} users. Invitations and codes show here.`,
  ].join('\n');
}

/** Shown on purpose: reading what would have been sent is what a local pool is for. */
function messageText({ kind, medium, destination, username, code }: DeliveredMessage): string {
  return `${kind} to ${username} by ${medium}, ${destination}: ${code}`;
}
