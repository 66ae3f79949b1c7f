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
    throw new PoolError(operation, code, scrub(textOf(error), sent) || code, httpStatus);
  }
}

/** What the SDK writes for its own users: before a time-out, and behind an answer that it can't read. */
const sdkHint = /^@smithy\/\S+ - (\[ERROR\] )?|\s*Deserialization error: to see the raw .*$/gs;

/** The message; empty where an answer has something else in its place. */
function textOf(error: unknown): string {
  return error instanceof Error ? asText(error.message).replace(sdkHint, '') : String(error);
}

/** The SDK takes what stands in an error's body for a text, whatever it is. */
const asText = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * The service's own name for the error where it answered, else the network's. An answer that broke
 * off also carries an HTTP status, so only a parsed error body counts as an answer.
 */
function answerOf(error: unknown): { code: string; httpStatus?: number } {
  if (!(error instanceof Error)) return { code: 'UnknownError' };
  const name = scrub(asText(error.name), []);
  if (error instanceof CognitoIdentityProviderServiceException) {
    const { httpStatusCode = 400 } = error.$metadata;
    if (/^$|^Unknown$|UnknownError$/.test(name)) return { code: `HTTP ${httpStatusCode}` };
    return { code: name, httpStatus: httpStatusCode };
  }
  if ('code' in error && typeof error.code === 'string') {
    // The SDK's time-out up to the headers goes by the system's name, every other by this one.
    return { code: error.code === 'ETIMEDOUT' ? 'TimeoutError' : error.code };
  }
  return { code: name };
}
