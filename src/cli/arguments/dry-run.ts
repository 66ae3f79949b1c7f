import type { DryRunOptions } from '../../api/import/dry-run.js';
import { publishedPrices } from '../../plan/forecast.js';
import type { Prices } from '../../plan/forecast.js';
import type { Given } from '../options.js';
import { UsageError } from '../usage-error.js';
import { listFrom } from './list.js';
import { onlyGiven } from './only-given.js';

/** An option that would have no effect is a misunderstanding: throws a `UsageError`. */
export function refuseWithoutDryRun<Name extends string>(
  given: { readonly 'dry-run': boolean } & Readonly<Record<Name, unknown>>,
  ...names: readonly Name[]
): void {
  const name = names.find((one) => given[one]);
  if (name === undefined || given['dry-run']) return;
  throw new UsageError(`--${name} goes with --dry-run.`);
}

/** What a dry run writes beside the reports, and how it ends. */
export function dryRunFrom(
  given: Omit<Given<'dryRun'>, 'show-values'>,
): Pick<DryRunOptions, 'exitCode' | 'savePlan' | 'prices'> {
  return onlyGiven({
    exitCode: given['exit-code'],
    savePlan: given['save-plan'],
    prices: pricesFrom(given.prices),
  });
}

/** Prices of one's own contract in place of the published ones; a tier that is not named keeps its own. */
function pricesFrom(text: string | undefined): Prices | undefined {
  if (text === undefined) return undefined;
  const own: Partial<Record<'lite' | 'essentials' | 'plus', number>> = {};
  for (const part of listFrom(text, '--prices')) {
    const [tier = '', value] = part.split('=', 2);
    const price = Number(value);
    if (tier !== 'lite' && tier !== 'essentials' && tier !== 'plus') {
      throw new UsageError(`--prices knows no tier "${tier}": it is lite, essentials or plus.`);
    }
    if (value === undefined || !(price >= 0)) {
      throw new UsageError(`--prices ${part} is not a price in dollars.`);
    }
    own[tier] = price;
  }
  const { lite, ...others } = own;
  return {
    ...publishedPrices,
    asOf: 'your own',
    ...(lite !== undefined && { lite: { first: lite, upTo: Infinity, then: lite } }),
    ...others,
  };
}
