import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

type Provider = CognitoIdentityProviderClient['config']['credentials'];

interface Bounds {
  readonly waitMs?: number;
  /** Ends the wait with an `AbortError`. */
  readonly signal?: AbortSignal | undefined;
}

/** A token server and a `credential_process` take seconds; one that asks somebody may take longer. */
const longestWaitMs = 60_000;

/**
 * Bounds how long credentials may take, which the SDK does not: it waits for a token server or a
 * `credential_process` for ever, and neither a call's time-out nor its signal counts by then. Beyond
 * the bound they count as missing.
 */
export function boundedCredentials(
  provider: Provider,
  { waitMs = longestWaitMs, signal }: Bounds = {},
): Provider {
  return async (options) => {
    const over = new AbortController();
    const late = sleep(waitMs, undefined, { signal: over.signal }).then(() => {
      const error = new Error(`no AWS credentials came within ${waitMs / 1000} seconds`);
      // As the SDK names it where there are none.
      error.name = 'CredentialsProviderError';
      throw error;
    });
    const givenUp = signal
      ? once(signal, 'abort', { signal: over.signal }).then(() => {
          throw new DOMException('nobody waits for AWS credentials any more', 'AbortError');
        })
      : late;
    try {
      return await Promise.race([provider(options), late, givenUp]);
    } finally {
      over.abort();
    }
  };
}
