import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';

import type { StoredUser } from './user-store.js';

const VALID_S = 3600;
const REFRESH_VALID_S = 30 * 86_400;
const HEADER = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url');

type TokenUse = 'access' | 'id' | 'refresh';

/** What is inside a token of this pool. */
interface TokenClaims {
  readonly sub: string;
  readonly username: string;
  readonly client_id: string;
  readonly token_use: TokenUse;
  readonly scope?: string;
  /** Milliseconds since 1970; `iat` has only seconds, too coarse for a sign-out just before. */
  readonly issued_ms: number;
  readonly exp: number;
  readonly iat: number;
  readonly jti: string;
}

/** Makes and reads the pool's tokens. They look like a live pool's and are signed with the pool's own key. */
export class TokenSigner {
  readonly #key: Buffer;
  readonly #now: () => number;

  constructor(key: Buffer, now: () => number) {
    this.#key = key;
    this.#now = now;
  }

  authenticationResult(user: StoredUser, clientId: string, withRefresh: boolean): object {
    return {
      AccessToken: this.#sign(user, clientId, 'access', VALID_S),
      ExpiresIn: VALID_S,
      TokenType: 'Bearer',
      IdToken: this.#sign(user, clientId, 'id', VALID_S),
      ...(withRefresh && { RefreshToken: this.#sign(user, clientId, 'refresh', REFRESH_VALID_S) }),
    };
  }

  /** The claims of a genuine token of this use that has not run out, else undefined. */
  read(token: string, use: TokenUse): TokenClaims | undefined {
    const [header, payload, signature, ...more] = token.split('.');
    if (payload === undefined || signature === undefined || more.length > 0) return undefined;
    const expected = this.#signature(`${header}.${payload}`);
    const given = Buffer.from(signature, 'base64url');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as TokenClaims;
    return claims.token_use === use && claims.exp * 1000 > this.#now() ? claims : undefined;
  }

  #sign(user: StoredUser, clientId: string, use: TokenUse, validSeconds: number): string {
    const now = this.#now();
    const iat = Math.floor(now / 1000);
    const claims: TokenClaims = {
      sub: user.sub,
      username: user.username,
      client_id: clientId,
      token_use: use,
      ...(use === 'access' && { scope: 'aws.cognito.signin.user.admin' }),
      issued_ms: now,
      exp: iat + validSeconds,
      iat,
      jti: randomUUID(),
    };
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
    const signature = this.#signature(`${HEADER}.${payload}`).toString('base64url');
    return `${HEADER}.${payload}.${signature}`;
  }

  #signature(text: string): Buffer {
    return createHmac('sha256', this.#key).update(text).digest();
  }
}
