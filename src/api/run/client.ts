import type { SignInClient, UserPool } from '../../cognito/user-pool.js';
import type { ClientOptions } from '../options.js';
import { Refusal } from '../refusal.js';
import { firstCalls } from './session.js';
import type { Session } from './session.js';

/** An app client that users can be signed in with. */
export interface Client {
  readonly client: SignInClient;
  /** The secrets that may be right, best first; kept in memory only. */
  readonly secrets: readonly string[];
}

/** The flows that sign a user in with a password and our own credentials, the newer name first. */
const flows = [
  ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ADMIN_USER_PASSWORD_AUTH'],
  ['ADMIN_NO_SRP_AUTH', 'ADMIN_NO_SRP_AUTH'],
] as const;

/**
 * Finds out how an app client signs users in, before the first row is sent. Throws a `Refusal` where
 * it can't, which names the other way if there is one, and a `PoolError` where there is no such client.
 */
export async function openClient(
  { clientId, clientSecret }: ClientOptions,
  pool: UserPool,
  session: Session,
  otherWay = '',
): Promise<Client> {
  if (clientId === undefined) {
    throw new Refusal('Signing users in needs an app client: give its ID with --client-id.');
  }
  const calls = firstCalls(session);
  const settings = await calls.ask('DescribeUserPoolClient', () =>
    pool.describeUserPoolClient(clientId),
  );
  const allowed = settings.ExplicitAuthFlows ?? [];
  const flow = flows.find(([name]) => allowed.includes(name))?.[1];
  if (flow === undefined) {
    throw new Refusal(
      `App client ${clientId} does not allow ALLOW_ADMIN_USER_PASSWORD_AUTH: allow it${otherWay}.`,
    );
  }
  const known =
    settings.HasSecret === true
      ? await calls.ask('DescribeUserPoolClient', () => pool.clientSecrets(clientId))
      : [];
  const given = clientSecret === undefined || clientSecret === '' ? [] : [clientSecret];
  // A client without a secret refuses a hash.
  const secrets = settings.HasSecret === true ? [...new Set([...given, ...known])] : [];
  return { client: { clientId, flow }, secrets };
}
