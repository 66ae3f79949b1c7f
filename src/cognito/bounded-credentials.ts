import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';

type Provider = CognitoIdentityProviderClient['config']['credentials'];

/** A token server and a `credential_process` take seconds; one that asks somebody may take longer. */
export const longestWaitMs = 60_000;

/**
 * Bounds how long credentials may take, which the SDK does not: it waits for a token server or a
 * `credential_process` for ever, and no call's time-out has begun by then. Beyond the bound they
 * count as missing.
 */
export function boundedCredentials(provider: Provider, waitMs = longestWaitMs): Provider {
  return async (options) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        const error = new Error(`no AWS credentials came within ${waitMs / 1000} seconds`);
        // As the SDK names it where there are none.
        error.name = 'CredentialsProviderError';
        reject(error);
      }, waitMs);
    });
    try {
      return await Promise.race([provider(options), late]);
    } finally {
      clearTimeout(timer);
    }
  };
}
