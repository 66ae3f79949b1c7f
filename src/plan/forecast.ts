import { categoryOf } from '../cognito/quotas.js';
import type { Category, Operation } from '../cognito/quotas.js';
import type { OverCap } from './removal-cap.js';

/** What a run would take, as `summary.json` of a dry run has it. */
export interface Forecast {
  /** At the rates in force, with nothing throttled. */
  readonly seconds: number;
  /** Invitations that would go out. */
  readonly messages: number;
  /** Days that they take: Cognito's built-in sender has a daily limit. */
  readonly messageDays: number;
  /** Users who would count as active this month because of the run. */
  readonly monthlyActiveUsers: number;
  /** For these users alone, from the first of the month. */
  readonly costUsd: { readonly lite: number; readonly essentials: number; readonly plus: number };
}

/** What a dry run says of the run itself. */
export interface Foretold {
  readonly forecast: Forecast;
  /** Where the plan was saved. */
  readonly savedPlan?: string;
  /** Where the run would be refused for it. */
  readonly overCap?: OverCap;
}

/** US dollars for a monthly active user, by feature tier. */
export interface Prices {
  /** When they were looked up, ISO 8601. */
  readonly asOf: string;
  readonly freeUsers: { readonly lite: number; readonly essentials: number; readonly plus: number };
  /** Lite has a lower price past so many billable users. */
  readonly lite: { readonly first: number; readonly upTo: number; readonly then: number };
  readonly essentials: number;
  readonly plus: number;
}

/** From aws.amazon.com/cognito/pricing, by way of other pages that quote it. */
export const publishedPrices: Prices = {
  asOf: '2026-08-01',
  freeUsers: { lite: 10_000, essentials: 10_000, plus: 0 },
  lite: { first: 0.0055, upTo: 90_000, then: 0.0046 },
  essentials: 0.015,
  plus: 0.02,
};

/** E-mails a day of the built-in sender, for a whole account. Source: "Quotas in Amazon Cognito". */
export const dailyEmails = 50;

/** What the forecast is made from. */
export interface Expected {
  /** How often each operation would be called. */
  readonly calls: Readonly<Partial<Record<Operation, number>>>;
  readonly messages: number;
  /** Whether they go out by the pool's built-in sender. */
  readonly builtInSender: boolean;
  readonly monthlyActiveUsers: number;
}

/** `rates` in calls a second. The slowest category decides: the others work beside it. */
export function forecast(
  expected: Expected,
  rates: Readonly<Record<Category, number>>,
  prices: Prices,
): Forecast {
  const byCategory = new Map<Category, number>();
  for (const [operation, count] of Object.entries(expected.calls)) {
    const category = categoryOf(operation as Operation);
    byCategory.set(category, (byCategory.get(category) ?? 0) + count);
  }
  const seconds = [...byCategory].map(([category, count]) => count / rates[category]);
  const { messages, builtInSender, monthlyActiveUsers: users } = expected;
  return {
    seconds: Math.ceil(Math.max(0, ...seconds)),
    messages,
    messageDays: messages === 0 ? 0 : builtInSender ? Math.ceil(messages / dailyEmails) : 1,
    monthlyActiveUsers: users,
    costUsd: {
      lite: cents(liteCost(users - prices.freeUsers.lite, prices)),
      essentials: cents((users - prices.freeUsers.essentials) * prices.essentials),
      plus: cents((users - prices.freeUsers.plus) * prices.plus),
    },
  };
}

function liteCost(billable: number, { lite }: Prices): number {
  const first = Math.min(billable, lite.upTo);
  return first * lite.first + Math.max(0, billable - lite.upTo) * lite.then;
}

const cents = (usd: number): number => Math.max(0, Math.round(usd * 100) / 100);
