import type { StoredUser } from './user-store.js';

/**
 * ListUsers is eventually consistent [MODEL]: what is newer than the delay doesn't show in lists yet.
 * With no delay nothing is kept.
 */
export class ListLag {
  readonly #delayMs: number;
  readonly #now: () => number;
  readonly #joined = new Map<StoredUser, number>();

  constructor(delayMs: number, now: () => number) {
    this.#delayMs = delayMs;
    this.#now = now;
  }

  hidesUser(user: StoredUser): boolean {
    return this.#delayMs > 0 && user.createdAt > this.#now() - this.#delayMs;
  }

  /** Remembers that a user came into a group just now. */
  joined(user: StoredUser): void {
    if (this.#delayMs === 0) return;
    const now = this.#now();
    for (const [earlier, at] of this.#joined) {
      if (at > now - this.#delayMs) break;
      this.#joined.delete(earlier);
    }
    this.#joined.delete(user);
    this.#joined.set(user, now);
  }

  hidesMember(user: StoredUser): boolean {
    return (this.#joined.get(user) ?? -Infinity) > this.#now() - this.#delayMs;
  }
}
