import { SourceError } from '../source/index.js';
import type { SourceErrorCode } from '../source/index.js';

/** What S3 or the network said, as the user reads it. An `AbortError` stays as it is. */
export function notRead(error: unknown, address: string): Error {
  if (error instanceof SourceError || isAbort(error)) return error;
  const code = codeOf(error);
  const [kind, message] = sentence(code, address);
  return new SourceError(kind, message, undefined, error);
}

/** The object's bytes stopped coming, or are not those that were stored. */
export function brokeOff(error: unknown, address: string): Error {
  if (isAbort(error)) return error;
  const isOther = error instanceof Error && error.message.startsWith('Checksum mismatch');
  return new SourceError(
    'not-readable',
    isOther
      ? `"${address}" did not arrive as it was stored: its checksum is another. Start again.`
      : `"${address}" broke off before its end (${codeOf(error)}). Start again.`,
    undefined,
    error,
  );
}

function sentence(code: string, address: string): readonly [SourceErrorCode, string] {
  switch (code) {
    case 'NoSuchKey':
      return ['not-found', `There is no object "${address}". Check the key.`];
    case 'NoSuchBucket':
    case 'InvalidBucketName':
      return ['not-found', `There is no bucket of the name in "${address}". Check the name.`];
    case 'AccessDenied':
    case 'AllAccessDisabled':
      return [
        'not-readable',
        `"${address}" may not be read with these credentials, or is not there: give them s3:GetObject on it, s3:ListBucket on the bucket, and kms:Decrypt on its key if it has one.`,
      ];
    case 'CredentialsProviderError':
    case 'TokenProviderError':
      return [
        'not-readable',
        `There are no AWS credentials to read "${address}" with: give --profile, AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
      ];
    case 'InvalidAccessKeyId':
    case 'SignatureDoesNotMatch':
    case 'InvalidToken':
    case 'RequestTimeTooSkewed':
      return [
        'not-readable',
        `S3 does not accept the credentials for "${address}" (${code}): check them, and this machine's clock.`,
      ];
    case 'ExpiredToken':
    case 'TokenRefreshRequired':
      return ['not-readable', `The credentials for "${address}" ran out: sign in to AWS again.`];
    case 'PermanentRedirect':
    case 'AuthorizationHeaderMalformed':
    case 'IllegalLocationConstraintException':
      return [
        'not-readable',
        `The bucket of "${address}" is in another region (${code}): give that one with --region, or copy the file and give its path.`,
      ];
    case 'InvalidObjectState':
      return ['not-readable', `"${address}" is archived: restore it in S3 first.`];
    default:
      return [
        'not-readable',
        `"${address}" can't be read (${code}). Check the network, and AWS_ENDPOINT_URL_S3 if it is set.`,
      ];
  }
}

function isAbort(error: unknown): error is Error {
  return error instanceof Error && error.name === 'AbortError';
}

/** The service's name for it, or the network's. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no reason given';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
