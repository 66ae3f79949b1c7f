import { CognitoIdentityProviderServiceException } from '@aws-sdk/client-cognito-identity-provider';

import { PoolError } from './errors.js';
import type { Operation } from './quotas.js';
import { scrub } from './scrub.js';
import type { Replacement } from './scrub.js';

/** Runs a call and turns whatever it throws into a `PoolError` that holds no value sent. */
export async function asPoolError<T>(
  operation: Operation,
  sent: readonly Replacement[],
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const { code, httpStatus } = answerOf(error);
    const text = error instanceof Error ? error.message : String(error);
    throw new PoolError(operation, code, scrub(text, sent) || code, httpStatus);
  }
}

/**
 * The service's own name for the error where it answered, else the network's. An answer that broke
 * off also carries an HTTP status, so only a parsed error body counts as an answer.
 */
function answerOf(error: unknown): { code: string; httpStatus?: number } {
  if (!(error instanceof Error)) return { code: 'UnknownError' };
  if (error instanceof CognitoIdentityProviderServiceException) {
    const { httpStatusCode = 400 } = error.$metadata;
    if (error.name.endsWith('UnknownError')) return { code: `HTTP ${httpStatusCode}` };
    return { code: error.name, httpStatus: httpStatusCode };
  }
  if ('code' in error && typeof error.code === 'string') return { code: error.code };
  return { code: error.name };
}
