import type { Calls } from '../../apply/calls.js';
import { PoolError } from '../../cognito/errors.js';
import { categories, defaultLimit, isAdjustable } from '../../cognito/quotas.js';
import type { Category } from '../../cognito/quotas.js';
import type { ReadableUserPool } from '../../cognito/user-pool.js';
import type { CallOptions } from '../options.js';

/** What of a quota may be used: `limit` calls a second, of which `share` is ours. */
export interface Rate {
  readonly limit: number;
  readonly share: number;
}

/** What is left to live traffic where nobody said a rate. */
const defaultShare = 0.8;
/**
 * The most of a limit that is used. At exactly the service's own rate each clump that the network
 * makes uses up what the service allows at once, and nothing ever gives it back.
 */
const mostShare = 0.99;

/** The published defaults, for the first calls of a run. */
export function defaultRates(options: CallOptions): Record<Category, Rate> {
  return ratesFrom(options, defaultLimit);
}

/**
 * The rates of a run: what was given, else what the account has now, else the published default.
 * Only the categories in `asked` are asked for, since GetProvisionedLimit takes a second each.
 */
export async function findRates(
  options: CallOptions,
  asked: readonly Category[],
  pool: ReadableUserPool,
  calls: Calls,
  onNotice: (message: string) => void,
): Promise<Record<Category, Rate>> {
  const wanted = asked.filter((category) => options.rate?.[category] === undefined);
  const limits = await provisionedLimits(wanted, pool, calls, (category, error) => {
    onNotice(
      `GetProvisionedLimit says ${error.code}, so ${category} is taken to have Cognito's default of ${defaultLimit(category)} calls a second.`,
    );
  });
  return ratesFrom(options, (category) => limits.get(category) ?? defaultLimit(category));
}

/** What the account has now, up to the first call that fails; only what can be adjusted is asked for. */
export async function provisionedLimits(
  asked: readonly Category[],
  pool: ReadableUserPool,
  calls: Calls,
  onFailure: (category: Category, error: PoolError) => void,
): Promise<Map<Category, number>> {
  const limits = new Map<Category, number>();
  for (const category of asked.filter(isAdjustable)) {
    try {
      const limit = await calls.ask('GetProvisionedLimit', () =>
        pool.getProvisionedLimit(category),
      );
      if (limit > 0) limits.set(category, limit);
    } catch (error) {
      if (!(error instanceof PoolError)) throw error;
      onFailure(category, error);
      break;
    }
  }
  return limits;
}

/** Calls a second for each category. */
export function perSecond(rates: Readonly<Record<Category, Rate>>): Record<Category, number> {
  return forEachCategory(
    (category) => rates[category].limit * Math.min(mostShare, rates[category].share),
  );
}

function ratesFrom(
  options: CallOptions,
  limitOf: (category: Category) => number,
): Record<Category, Rate> {
  return forEachCategory((category) => {
    const given = options.rate?.[category];
    return {
      limit: given ?? limitOf(category),
      share: options.rateShare ?? (given === undefined ? defaultShare : 1),
    };
  });
}

function forEachCategory<T>(value: (category: Category) => T): Record<Category, T> {
  return Object.fromEntries(categories.map((category) => [category, value(category)])) as Record<
    Category,
    T
  >;
}
