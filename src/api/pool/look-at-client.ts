import type { Calls } from '../../apply/calls.js';
import type { UserPoolClientSettings } from '../../cognito/description.js';
import { PoolError } from '../../cognito/errors.js';
import type { UserPool } from '../../cognito/user-pool.js';
import type { ClientOptions } from '../options.js';
import { fine, missing, warning } from './finding.js';
import type { Finding } from './finding.js';
import { permissionOf } from './permission.js';

/** What is known of the app client that users are to be signed in with. */
export interface ClientLook {
  readonly finding: Finding;
  /** What signing users in lacks, or what nobody looked at. */
  readonly lack?: { readonly is: 'missing' | 'not tried'; readonly what: string };
}

const flow = 'ALLOW_ADMIN_USER_PASSWORD_AUTH';

/**
 * Looks whether an app client signs users in. Nobody is signed in for that, since triggers may run
 * with every try, also of a user who does not exist: the secret is held against what the pool says.
 */
export async function lookAtClient(
  { clientId, clientSecret = '' }: ClientOptions,
  pool: UserPool,
  calls: Calls,
): Promise<ClientLook> {
  if (clientId === undefined) {
    const text = 'Not looked at: verify and --password-mode challenge need --client-id.';
    return {
      finding: warning('app client', text),
      lack: { is: 'not tried', what: 'an app client, which --client-id names' },
    };
  }
  try {
    const settings = await calls.ask('DescribeUserPoolClient', () =>
      pool.describeUserPoolClient(clientId),
    );
    const secrets =
      clientSecret !== '' && settings.HasSecret === true
        ? await calls.ask('DescribeUserPoolClient', () => pool.clientSecrets(clientId))
        : undefined;
    const isWrong = secrets?.includes(clientSecret) === false;
    return judge(settings, isWrong);
  } catch (error) {
    if (!(error instanceof PoolError)) throw error;
    return notDescribed(clientId, error);
  }
}

function judge(
  { ClientId, ExplicitAuthFlows = [], HasSecret }: UserPoolClientSettings,
  isSecretWrong: boolean,
): ClientLook {
  if (!ExplicitAuthFlows.includes(flow) && !ExplicitAuthFlows.includes('ADMIN_NO_SRP_AUTH')) {
    const text = `${ClientId} does not allow ${flow}, which verify and --password-mode challenge need: allow it.`;
    return {
      finding: missing('app client', text),
      lack: { is: 'missing', what: `${flow} of the app client` },
    };
  }
  if (isSecretWrong) {
    const text = `COGNITO_CLIENT_SECRET is no secret of ${ClientId} that the pool tells: correct it, or unset it. Until then its first call is refused, and the pool's secret is taken.`;
    return { finding: warning('app client', text) };
  }
  const secret = HasSecret === true ? 'with a secret' : 'without a secret';
  return { finding: fine('app client', `${ClientId}, ${secret}, allows signing users in`) };
}

function notDescribed(clientId: string, error: PoolError): ClientLook {
  const permission = permissionOf(error);
  const what = `app client ${clientId}`;
  if (permission === 'allowed') {
    const text = `${clientId} can't be described (${error.code}): check its ID.`;
    return { finding: missing('app client', text), lack: { is: 'missing', what } };
  }
  const text =
    permission === 'denied'
      ? `${clientId} can't be looked at: DescribeUserPoolClient is denied. Give these credentials the permission.`
      : `${clientId} can't be looked at: no answer came (${error.code}). Try again.`;
  return { finding: missing('app client', text), lack: { is: 'not tried', what } };
}
