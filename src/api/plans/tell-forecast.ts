import type { Category } from '../../cognito/quotas.js';
import { dailyEmails, forecast, publishedPrices } from '../../plan/forecast.js';
import type { Expected, Forecast, Prices } from '../../plan/forecast.js';
import { counted } from '../../record/counted.js';
import type { RunListener } from '../listener.js';
import type { ForetellingOptions } from '../options.js';
import { perSecond } from '../run/rates.js';
import type { Rate } from '../run/rates.js';

/**
 * What a run would take, at its rates. Tells it as well in sentences, where there is anything to be
 * done: no notices of the session, since the reports have the figures.
 */
export function tellForecast(
  expected: Expected,
  rates: Readonly<Record<Category, Rate>>,
  { prices = publishedPrices }: Pick<ForetellingOptions, 'prices'>,
  { onNotice }: RunListener,
): Forecast {
  const would = forecast(expected, perSecond(rates), prices);
  if (would.seconds > 0) for (const text of forecastText(would, prices)) onNotice?.(text);
  return would;
}

/** What makes a person change their mind, in sentences. */
function forecastText(
  { seconds, messages, messageDays, monthlyActiveUsers, costUsd }: Forecast,
  prices: Prices,
): readonly string[] {
  const count = (value: number): string => value.toLocaleString('en');
  const usd = (value: number): string => `$${value.toLocaleString('en')}`;
  return [
    `The run would take ${timeText(seconds)} at the quotas in force.`,
    messages === 0
      ? 'Nobody would be messaged.'
      : messageDays > 1
        ? `${count(messages)} invitations would go out, ${dailyEmails} a day by Cognito's built-in sender: ${count(messageDays)} days. With Amazon SES as the pool's sender that limit is gone.`
        : `${counted(messages, 'invitation')} would go out.`,
    `${counted(monthlyActiveUsers, 'user')} would count as active this month: about ${usd(costUsd.lite)} in Lite, ${usd(costUsd.essentials)} in Essentials, ${usd(costUsd.plus)} in Plus (prices: ${prices.asOf}; this run alone).`,
  ];
}

function timeText(seconds: number): string {
  if (seconds < 90) return counted(seconds, 'second');
  if (seconds < 5_400) return `about ${Math.round(seconds / 60)} minutes`;
  return `about ${(seconds / 3_600).toFixed(1)} hours`;
}
