import type { RemovalCap } from '../../plan/removal-cap.js';
import type { Given } from '../options.js';
import { UsageError } from '../usage-error.js';
import { amountFrom } from './amount.js';

/** How many users a run may take away; throws a `UsageError`. */
export function capFrom(given: Given<'removals'>): { readonly maxRemovals?: RemovalCap } {
  const text = given['max-removals'];
  if (text === undefined) return {};
  const amount = amountFrom(text);
  if (amount?.isPercent === true && amount.number <= 100) {
    return { maxRemovals: { percent: amount.number } };
  }
  if (amount?.isPercent === false && Number.isInteger(amount.number)) {
    return { maxRemovals: { users: amount.number } };
  }
  throw new UsageError(`--max-removals ${text} is neither a number of users nor a percentage.`);
}
