import { UsageError } from '../usage-error.js';

/** A number within bounds; throws a `UsageError` that names the option. */
export function numberIn<N extends number | undefined>(
  value: N,
  name: string,
  least: number,
  most: number,
): N {
  if (value === undefined || (value >= least && value <= most)) return value;
  throw new UsageError(`${name} takes a number from ${least} to ${most}.`);
}

/** The same for a whole number. */
export function wholeIn<N extends number | undefined>(
  value: N,
  name: string,
  least: number,
  most: number,
): N {
  if (value === undefined || Number.isInteger(value)) return numberIn(value, name, least, most);
  throw new UsageError(`${name} takes a whole number.`);
}
