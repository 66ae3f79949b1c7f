import { createHmac } from 'node:crypto';

/**
 * The SECRET_HASH of a call for a client with a secret: HMAC-SHA-256 over the username as it is sent
 * and the client's ID, in base 64. Source: "Computing secret hash values", dev guide, signing up users.
 */
export function secretHash(secret: string, username: string, clientId: string): string {
  return createHmac('sha256', secret)
    .update(username + clientId)
    .digest('base64');
}
