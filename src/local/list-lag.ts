import type { StoredUser } from './user-store.js';

/**
 * ListUsers is eventually consistent [MODEL]: what is newer than the delay doesn't show in lists yet.
 * With no delay nothing is kept.
 */
export class ListLag {
  readonly #delayMs: number;
  readonly #now: () => number;
  readonly #joined = new Map<StoredUser, number>();
  readonly #first = new WeakSet<StoredUser>();

  constructor(delayMs: number, now: () => number) {
    this.#delayMs = delayMs;
    this.#now = now;
  }

  /** Lets lists show a user at once: whom a pool begins with was there before it. */
  wasThere(user: StoredUser): void {
    this.#first.add(user);
  }

  hidesUser(user: StoredUser): boolean {
    if (this.#delayMs === 0 || this.#first.has(user)) return false;
    return user.createdAt > this.#now() - this.#delayMs;
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
