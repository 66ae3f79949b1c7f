import { createHmac, timingSafeEqual } from 'node:crypto';

import { notAuthorized } from './errors.js';
import type { PoolClient } from './pool-settings.js';

/**
 * SECRET_HASH = Base64(HMAC-SHA256(secret, username + client id)) [SIGNUP]. While two secrets are
 * there either is accepted (UNCONFIRMED which; a rotation makes no sense otherwise).
 * @throws NotAuthorizedException where it is missing, wrong, or given for a client without a secret.
 */
export function checkSecretHash(
  client: PoolClient,
  username: string,
  given: string | undefined,
): void {
  const id = client.settings.ClientId;
  if (client.secrets.length === 0 && given === undefined) return;
  if (given === undefined) {
    throw notAuthorized(`Client ${id} is configured with secret but SECRET_HASH was not received`);
  }
  const hash = Buffer.from(given);
  const genuine = client.secrets.some((secret) => {
    const expected = Buffer.from(
      createHmac('sha256', secret).update(username).update(id).digest('base64'),
    );
    return expected.length === hash.length && timingSafeEqual(expected, hash);
  });
  if (!genuine) throw notAuthorized(`Unable to verify secret hash for client ${id}`);
}
