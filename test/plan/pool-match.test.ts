import { describe, expect, it } from 'vitest';
import type { UserPoolSettings } from '../../src/cognito/description.js';
import type { PoolUser } from '../../src/cognito/user-pool.js';
import { forecast, publishedPrices } from '../../src/plan/forecast.js';
import { PoolMatch } from '../../src/plan/pool-match.js';
import type { User } from '../../src/record/user.js';

const attributesOf = (values: Readonly<Record<string, string>>): PoolUser['attributes'] =>
  Object.entries(values).map(([Name, Value]) => ({ Name, Value }));

const row = (
  username: string,
  values: Readonly<Record<string, string>> = {},
  enabled?: boolean,
): User => ({
  line: 2,
  username,
  attributes: attributesOf(values),
  groups: [],
  ...(enabled !== undefined && { enabled }),
});

const user = (
  username: string,
  values: Readonly<Record<string, string>> = {},
  more: Partial<PoolUser> = {},
): PoolUser => ({
  username,
  sub: username,
  attributes: attributesOf(values),
  enabled: true,
  status: 'CONFIRMED',
  createdAt: 0,
  modifiedAt: 0,
  ...more,
});

const plain: UserPoolSettings = {
  Id: 'eu-west-1_A',
  UsernameConfiguration: { CaseSensitive: false },
};
const byEmail: UserPoolSettings = { ...plain, UsernameAttributes: ['email'] };
const alias: UserPoolSettings = { ...plain, AliasAttributes: ['email'] };
const verified = { email: 'a@example.com', email_verified: 'true' };
const external = { status: 'EXTERNAL_PROVIDER' };

describe('a row and the users of the pool', () => {
  it.each<[string, UserPoolSettings, User, PoolUser[], string]>([
    ['nobody', plain, row('ada'), [user('bob')], 'absent'],
    [
      'the same',
      plain,
      row('ada', { name: 'Ada' }),
      [user('ada', { name: 'Ada', locale: 'en' })],
      'same',
    ],
    ['case apart', plain, row('Ada'), [user('ada')], 'same'],
    [
      'case told apart',
      { ...plain, UsernameConfiguration: { CaseSensitive: true } },
      row('Ada'),
      [user('ada')],
      'absent',
    ],
    [
      'another value',
      plain,
      row('ada', { name: 'Ada' }),
      [user('ada', { name: 'Eve' })],
      'different',
    ],
    ['a value they lack', plain, row('ada', { name: 'Ada' }), [user('ada')], 'different'],
    [
      'two values swapped',
      plain,
      row('ada', { name: 'x', nickname: 'y' }),
      [user('ada', { name: 'y', nickname: 'x' })],
      'different',
    ],
    [
      'disabled, to be enabled',
      plain,
      row('ada', {}, true),
      [user('ada', {}, { enabled: false })],
      'different',
    ],
    [
      'disabled, and nothing said',
      plain,
      row('ada'),
      [user('ada', {}, { enabled: false })],
      'same',
    ],
    [
      'what can not be changed',
      { ...plain, SchemaAttributes: [{ Name: 'custom:id', Mutable: false }] },
      row('ada', { 'custom:id': '1' }),
      [user('ada', { 'custom:id': '2' })],
      'same',
    ],
    [
      'their email, where it is the username',
      byEmail,
      row('a@example.com', verified),
      [user('uuid', verified)],
      'same',
    ],
    [
      'only a provider’s user',
      byEmail,
      row('a@example.com', verified),
      [user('g_1', verified, external)],
      'external',
    ],
    [
      'their own user and then a provider’s',
      byEmail,
      row('a@example.com', verified),
      [user('uuid', verified), user('g_1', verified, external)],
      'same',
    ],
    [
      'a provider’s and then their own',
      byEmail,
      row('a@example.com', verified),
      [user('g_1', verified, external), user('uuid', verified)],
      'same',
    ],
    [
      'an alias of somebody else',
      alias,
      row('ada', verified),
      [user('eve', verified)],
      'alias-taken',
    ],
    [
      'an unverified one',
      alias,
      row('ada', verified),
      [user('eve', { email: 'a@example.com' })],
      'absent',
    ],
    ['their own alias', alias, row('ada', verified), [user('ada', verified)], 'same'],
  ])('%s', (_, pool, given, users, match) => {
    const found = new PoolMatch(pool, 7);
    found.addRow(0, row('somebody-else@example.com', { email: 'somebody-else@example.com' }));
    found.addRow(1, given);
    for (const one of users) found.see(one);
    expect(found.matchOf(1)).toBe(match);
    expect(found.matchOf(0)).toBe('absent');
  });

  it('are kept apart for many rows', () => {
    const found = new PoolMatch(plain, 7);
    for (let n = 0; n < 5_000; n++) found.addRow(n, row(`u${n}`, { name: `N${n}` }));
    for (let n = 0; n < 5_000; n += 2)
      found.see(user(`u${n}`, { name: n % 4 === 0 ? `N${n}` : 'X' }));
    const matches = Array.from({ length: 8 }, (_, n) => found.matchOf(4_000 + n));
    const four = ['same', 'absent', 'different', 'absent'];
    expect(matches).toEqual([...four, ...four]);
  });
});

describe('a forecast', () => {
  const rates = { UserCreation: 40, UserUpdate: 20 } as never;
  const of = (users: number, messages = 0, builtInSender = true) =>
    forecast(
      {
        calls: { AdminCreateUser: users, AdminAddUserToGroup: users },
        messages,
        builtInSender,
        monthlyActiveUsers: users,
      },
      rates,
      publishedPrices,
    );

  it('takes the time of the slowest category', () => {
    expect(of(1_000).seconds).toBe(50);
  });

  // The arithmetic of the service's price list for 100,000 users from zero.
  it('costs what the price list says', () => {
    expect(of(100_000).costUsd).toEqual({ lite: 495, essentials: 1_350, plus: 2_000 });
    expect(of(9_999).costUsd).toEqual({ lite: 0, essentials: 0, plus: 199.98 });
  });

  it.each([
    [0, true, 0],
    [50, true, 1],
    [51, true, 2],
    [51, false, 1],
  ])('sends %i messages, built-in sender %s, in %i days', (messages, builtIn, days) => {
    expect(of(100, messages, builtIn).messageDays).toBe(days);
  });
});
