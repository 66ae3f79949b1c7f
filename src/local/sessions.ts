import type { StoredUser } from './user-store.js';

/** A sign-in that waits for the answer to its challenge. */
export interface AuthSession {
  readonly user: StoredUser;
  readonly clientId: string;
  readonly challenge: 'NEW_PASSWORD_REQUIRED' | 'MFA_SETUP';
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** Open sign-ins by their session token. They don't outlive the process. */
export class Sessions {
  readonly #now: () => number;
  readonly #newToken: () => string;
  readonly #open = new Map<string, AuthSession>();

  constructor(now: () => number, newToken: () => string) {
    this.#now = now;
    this.#newToken = newToken;
  }

  open(session: AuthSession): string {
    // Oldest first: what has run out is at the front, give or take clients of different validity.
    for (const [token, { until }] of this.#open) {
      if (until >= this.#now()) break;
      this.#open.delete(token);
    }
    const token = this.#newToken();
    this.#open.set(token, session);
    return token;
  }

  /** Takes a session out: whatever the answer brings, it can't be given twice. */
  take(token: string): AuthSession | undefined {
    const session = this.#open.get(token);
    this.#open.delete(token);
    return session !== undefined && session.until >= this.#now() ? session : undefined;
  }
}
