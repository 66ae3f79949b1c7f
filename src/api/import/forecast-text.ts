import { counted } from '../counted.js';
import { dailyEmails } from '../../plan/forecast.js';
import type { Forecast, Prices } from '../../plan/forecast.js';

/** What makes a person change their mind, in sentences, ahead of everything else. */
export function forecastText(
  { seconds, messages, messageDays, monthlyActiveUsers, costUsd }: Forecast,
  prices: Prices,
  cannotSignIn: number,
): string[] {
  const count = (value: number): string => value.toLocaleString('en');
  const usd = (value: number): string => `$${value.toLocaleString('en')}`;
  const lines = [`The run would take ${timeText(seconds)} at the quotas in force.`];
  if (messages > 0) {
    lines.push(
      messageDays > 1
        ? `${count(messages)} invitations would go out, ${dailyEmails} a day by Cognito's built-in sender: ${count(messageDays)} days. With Amazon SES as the pool's sender that limit is gone.`
        : `${counted(messages, 'invitation')} would go out.`,
    );
  } else {
    lines.push('Nobody would be messaged.');
  }
  lines.push(
    `${counted(monthlyActiveUsers, 'user')} would count as active this month: about ${usd(costUsd.lite)} in Lite, ${usd(costUsd.essentials)} in Essentials, ${usd(costUsd.plus)} in Plus (prices: ${prices.asOf}; this run alone).`,
  );
  if (cannotSignIn > 0) {
    lines.push(
      `${counted(cannotSignIn, 'user')} could never sign in, having neither a password nor an invitation: see --generate-passwords and --invite.`,
    );
  }
  return lines;
}

function timeText(seconds: number): string {
  if (seconds < 90) return counted(seconds, 'second');
  if (seconds < 5_400) return `about ${Math.round(seconds / 60)} minutes`;
  return `about ${(seconds / 3_600).toFixed(1)} hours`;
}
