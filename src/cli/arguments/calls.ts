import type { CallOptions } from '../../api/options.js';
import { nearestName } from '../../api/presets/nearest-name.js';
import type { ErrorLimit } from '../../apply/stop-rules.js';
import { categories, isCategory } from '../../cognito/quotas.js';
import type { Category } from '../../cognito/quotas.js';
import type { Given } from '../options.js';
import { UsageError } from '../usage-error.js';
import { amountFrom } from './amount.js';
import { listFrom } from './list.js';
import { numberIn, wholeIn } from './number.js';
import { onlyGiven } from './only-given.js';

/** How calls are made, and when to stop; throws a `UsageError`. */
export function callsFrom(
  given: Given<'calls'> & Partial<Given<'duration' | 'errors' | 'invitations'>>,
): CallOptions {
  return onlyGiven({
    rate: rateFrom(given.rate),
    rateShare: numberIn(given['rate-share'], '--rate-share', 0.01, 1),
    concurrency: wholeIn(given.concurrency, '--concurrency', 1, 256),
    maxAttempts: wholeIn(given['max-attempts'], '--max-attempts', 1, 1_000),
    timeoutMs: milliseconds(given.timeout, '--timeout'),
    maxErrors: errorLimit(given['max-errors']),
    maxDurationMs: milliseconds(given['max-duration'], '--max-duration'),
    inviteLimit: wholeIn(given['invite-limit'], '--invite-limit', 1, 1e9),
  });
}

function rateFrom(text: string | undefined): Partial<Record<Category, number>> | undefined {
  if (text === undefined) return undefined;
  const rates: Partial<Record<Category, number>> = {};
  for (const part of listFrom(text, '--rate')) {
    const [name = '', value] = part.includes('=') ? part.split('=', 2) : ['UserCreation', part];
    if (!isCategory(name)) {
      const nearest = nearestName(name, categories);
      const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
      throw new UsageError(
        `--rate knows no category "${name}": it is one of ${categories.join(', ')}.${hint}`,
      );
    }
    const rate = Number(value);
    if (!(rate > 0) || rate > 1e6) {
      throw new UsageError(`--rate ${part} is not a number of calls a second.`);
    }
    rates[name] = rate;
  }
  return rates;
}

function errorLimit(text: string | undefined): ErrorLimit | undefined {
  if (text === undefined) return undefined;
  const amount = amountFrom(text);
  if (!amount) {
    throw new UsageError(`--max-errors ${text} is neither a number of rows nor a percentage.`);
  }
  const { number, isPercent } = amount;
  return isPercent ? { percent: number } : { rows: Math.floor(number) };
}

const units: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['', 1_000],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

function milliseconds(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|)$/.exec(text.trim());
  const value = match && Number(match[1]) * (units.get(match[2] ?? '') ?? NaN);
  if (!value) throw new UsageError(`${name} ${text} is not a time: write 500ms, 10s, 30m or 2h.`);
  return value;
}
