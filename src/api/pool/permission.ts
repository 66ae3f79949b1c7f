import type { PoolError } from '../../cognito/errors.js';
import type { Operation } from '../../cognito/quotas.js';

/** What is known of the permission for an operation. */
export type Permission = 'allowed' | 'denied' | 'not tried';

/** By operation; one that is absent was not tried. */
export type Permissions = Partial<Record<Operation, Permission>>;

/** What to do about credentials that AWS does not take, by the name of the error. */
const credentialAdvice: ReadonlyMap<string, string> = new Map([
  ...['CredentialsProviderError', 'TokenProviderError'].map(
    (code) =>
      [
        code,
        'None were found: give them as for the AWS CLI, with --profile, AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
      ] as const,
  ),
  ...['ExpiredTokenException', 'ExpiredToken'].map(
    (code) => [code, 'They have expired: sign in to AWS again.'] as const,
  ),
  ...[
    'UnrecognizedClientException',
    'InvalidSignatureException',
    'IncompleteSignatureException',
    'InvalidClientTokenId',
    'MissingAuthenticationTokenException',
  ].map(
    (code) =>
      [code, `AWS does not take them (${code}): check them, and this machine's clock.`] as const,
  ),
]);

/** What to do about the credentials, where it is them that a call failed for. */
export function credentialTrouble({ code }: PoolError): string | undefined {
  return credentialAdvice.get(code);
}

/** Of a sign-in it is said of the user, the secret or the session; of all else, of our permission. */
const signIns: ReadonlySet<Operation> = new Set([
  'AdminInitiateAuth',
  'AdminRespondToAuthChallenge',
]);

/** What a failed call tells. IAM is asked first, so whatever else the service answers, it took the call. */
export function permissionOf(error: PoolError): Permission {
  const { operation, code, kind, answered } = error;
  if (code === 'AccessDeniedException' || code === 'AccessDenied') return 'denied';
  if (code === 'NotAuthorizedException' && !signIns.has(operation)) return 'denied';
  const isNoAnswer = !answered || kind === 'lost' || kind === 'throttled';
  return isNoAnswer || credentialTrouble(error) !== undefined ? 'not tried' : 'allowed';
}
