import { rateExceeded } from './errors.js';

/** Requests a second by category: the published defaults [QUOTAS]. */
export const PUBLISHED_LIMITS: Readonly<Record<string, number>> = {
  UserCreation: 50,
  UserAuthentication: 120,
  UserAccountRecovery: 30,
  UserRead: 120,
  UserUpdate: 25,
  UserToken: 120,
  UserResourceRead: 50,
  UserResourceUpdate: 25,
  UserList: 30,
  UserPoolRead: 15,
  UserPoolUpdate: 15,
  UserPoolResourceRead: 20,
  UserPoolResourceUpdate: 15,
  UserPoolClientRead: 15,
  UserPoolClientUpdate: 15,
  UserFederation: 25,
  ClientAuthentication: 150,
  LimitManagement: 1,
};

/** Every category without a quota: for tests and for measuring. */
export const NO_LIMITS: Readonly<Record<string, number>> = Object.fromEntries(
  Object.keys(PUBLISHED_LIMITS).map((category) => [category, 0]),
);

/** The categories that UpdateProvisionedLimit can raise, so those that GetProvisionedLimit knows [QUOTAS]. */
export const ADJUSTABLE: ReadonlySet<string> = new Set([
  'UserCreation',
  'UserAuthentication',
  'UserRead',
  'UserToken',
  'UserResourceRead',
  'UserFederation',
]);

/** [QUOTAS] footnote 3: no single operation of these more than 5 times a second for one pool. */
const FIVE_A_SECOND: ReadonlySet<string> = new Set([
  'UserPoolResourceRead',
  'UserPoolResourceUpdate',
  'UserPoolClientRead',
  'UserPoolClientUpdate',
]);

interface Bucket {
  readonly perMs: number;
  readonly capacity: number;
  tokens: number;
  at: number;
}

/**
 * Token buckets, one a category. No burst allowance is documented, so a bucket holds little:
 * max(5, 2 % of the rate), which is what lets a smooth client with ordinary timer jitter through
 * and throttles one that sends a second's worth at once.
 */
export class Quotas {
  readonly #limits: Readonly<Record<string, number>>;
  readonly #speed: number;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();
  readonly #throttled = new Map<string, number>();

  constructor(limits: Readonly<Record<string, number>>, speed: number, now: () => number) {
    this.#limits = { ...PUBLISHED_LIMITS, ...limits };
    this.#speed = speed;
    this.#now = now;
  }

  /** Requests a second in force; 0 where there is no quota. */
  limit(category: string): number {
    const limit = this.#limits[category] ?? 0;
    return Number.isFinite(limit) ? limit : 0;
  }

  /** Takes one call's share or throws TooManyRequestsException. A refused call takes nothing. */
  take(category: string, operation: string): void {
    const limit = this.limit(category);
    if (limit === 0) return;
    const buckets = [this.#bucket(category, limit)];
    if (FIVE_A_SECOND.has(category)) buckets.push(this.#bucket(`operation ${operation}`, 5));
    this.#takeAll(category, buckets);
  }

  /**
   * [QUOTAS] Challenge responses have their own quota, three times UserAuthentication's, and only
   * the excess counts there.
   */
  takeChallengeResponse(): void {
    const limit = this.limit('UserAuthentication');
    if (limit === 0) return;
    const own = this.#bucket('challenge responses', 3 * limit);
    const spill = this.#bucket('UserAuthentication', limit);
    this.#takeAll('UserAuthentication', [own.tokens >= 1 ? own : spill]);
  }

  /** How many calls were refused, by category. */
  throttledByCategory(): Record<string, number> {
    return Object.fromEntries(this.#throttled);
  }

  countThrottle(category: string): void {
    this.#throttled.set(category, (this.#throttled.get(category) ?? 0) + 1);
  }

  #takeAll(category: string, buckets: readonly Bucket[]): void {
    if (buckets.some(({ tokens }) => tokens < 1)) {
      this.countThrottle(category);
      throw rateExceeded();
    }
    for (const bucket of buckets) bucket.tokens -= 1;
  }

  #bucket(name: string, limit: number): Bucket {
    const now = this.#now();
    let bucket = this.#buckets.get(name);
    if (bucket === undefined) {
      const capacity = Math.max(5, limit * 0.02 * this.#speed);
      bucket = { perMs: (limit * this.#speed) / 1000, capacity, tokens: capacity, at: now };
      this.#buckets.set(name, bucket);
    }
    const gained = Math.max(0, now - bucket.at) * bucket.perMs;
    bucket.tokens = Math.min(bucket.capacity, bucket.tokens + gained);
    bucket.at = now;
    return bucket;
  }
}
