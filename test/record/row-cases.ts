import { poolOf, poolWith } from './reading.js';
import {
  emailSignIn,
  emailAlias,
  phoneAlias,
  nickname,
  passwordless,
  column,
  value,
  type RuleCase,
} from './rule-case.js';

/** The rules of a row as a whole, its username, and between rows. */
export const rowCases: readonly RuleCase[] = [
  {
    code: 'wrong-column-count',
    sheet: { pool: poolOf(), header: 'username|email' },
    broken: { rows: ['ada|ada@example.com|more'] },
    nearMiss: { rows: ['ada|ada@example.com'] },
  },
  {
    code: 'missing-required-attribute',
    sheet: { pool: poolWith({ ...nickname, Mutable: false }), header: 'username|email|nickname' },
    broken: { rows: ['ada|ada@example.com|'] },
    nearMiss: { rows: ['ada|ada@example.com|A'] },
  },
  {
    code: 'missing-required-attribute',
    sheet: { pool: poolWith(nickname), header: 'username|email|password|nickname' },
    broken: { rows: ['ada|ada@example.com|Abcdef1!|'], settings: { passwordMode: 'challenge' } },
    nearMiss: { rows: ['ada|ada@example.com|Abcdef1!|'], settings: { passwordMode: 'temporary' } },
  },
  {
    code: 'missing-required-attribute',
    sheet: { pool: poolWith(nickname), header: 'username|email|password|nickname' },
    broken: { rows: ['ada|ada@example.com||'], settings: { passwordMode: 'challenge' } },
    nearMiss: { rows: ['ada|ada@example.com||'], settings: { passwordMode: 'permanent' } },
  },
  {
    code: 'required-attribute-later',
    sheet: { pool: poolWith(nickname), header: 'username|email|nickname' },
    broken: { rows: ['ada|ada@example.com|'] },
    nearMiss: { rows: ['ada|ada@example.com|'], settings: { defaults: { nickname: 'friend' } } },
  },
  {
    code: 'required-attribute-later',
    sheet: { pool: poolWith(nickname), header: 'username|email' },
    broken: {},
    nearMiss: { header: 'username|email|nickname' },
  },
  {
    code: 'verified-without-value',
    sheet: {
      pool: poolOf(),
      settings: { invite: 'none' },
      header: 'username|email|email_verified',
    },
    broken: { rows: ['ada||true'] },
    nearMiss: { rows: ['ada||false', 'bob|bob@example.com|TRUE'] },
  },
  {
    code: 'invite-without-address',
    sheet: { pool: poolOf(), header: 'username|email|phone_number' },
    broken: { rows: ['ada||+442079460018'] },
    nearMiss: { rows: ['ada||+442079460018'], settings: { invite: 'sms' } },
  },
  {
    code: 'passwordless-without-address',
    sheet: { pool: passwordless, settings: { invite: 'none' }, header: 'username|email|password' },
    broken: { rows: ['ada||'] },
    nearMiss: { rows: ['ada||Abcdef1!', 'bob|bob@example.com|'] },
  },
  {
    code: 'cannot-sign-in',
    sheet: { pool: poolOf(), settings: { invite: 'none' }, header: 'username|password|enabled' },
    broken: { rows: ['ada||'] },
    nearMiss: { rows: ['ada|Abcdef1!|', 'bob||false'] },
  },
  {
    code: 'cannot-sign-in',
    sheet: { pool: poolOf(), settings: { invite: 'none' }, header: 'username|email' },
    broken: {},
    nearMiss: { pool: passwordless },
  },
  {
    code: 'mfa-not-carried-over',
    sheet: column('cognito:mfa_enabled'),
    broken: value('true'),
    nearMiss: value('false'),
  },
  {
    code: 'missing-username',
    sheet: { pool: poolOf(), settings: { invite: 'none' }, header: 'username|email' },
    broken: { rows: [' |ada@example.com'] },
    nearMiss: { rows: ['|ada@example.com'], pool: emailSignIn },
  },
  {
    code: 'invalid-username',
    sheet: { pool: poolOf(), settings: { invite: 'none' }, header: 'username' },
    broken: { rows: ['ada lovelace'] },
    nearMiss: { rows: ['ada.lovelace', '田中-明子', ' ada '] },
  },
  {
    code: 'invalid-username',
    sheet: { pool: poolOf(), settings: { invite: 'none' }, header: 'username' },
    broken: { rows: ['ada\u0007'] },
    nearMiss: { rows: ['ada+€'] },
  },
  {
    code: 'username-like-email',
    sheet: { pool: emailAlias, settings: { invite: 'none' }, header: 'username' },
    broken: { rows: ['ada@example.com'] },
    nearMiss: { rows: ['ada@example'] },
  },
  {
    code: 'username-like-email',
    sheet: { pool: emailAlias, settings: { invite: 'none' }, header: 'username' },
    broken: { rows: ['ada@example.com'] },
    nearMiss: { rows: ['ada@example.com'], pool: phoneAlias },
  },
  {
    code: 'username-like-phone-number',
    sheet: { pool: phoneAlias, settings: { invite: 'none' }, header: 'username' },
    broken: { rows: ['+442079460018'] },
    nearMiss: { rows: ['442079460018'] },
  },
  {
    code: 'username-not-an-address',
    sheet: { pool: emailSignIn, header: 'username|email' },
    broken: { rows: ['ada|ada@example.com'] },
    nearMiss: { rows: ['ada@example.com|'] },
  },
  {
    code: 'username-differs',
    sheet: { pool: emailSignIn, header: 'username|email' },
    broken: { rows: ['ada@example.com|eda@example.com'] },
    nearMiss: { rows: ['ada@example.com|ada@example.com'] },
  },
  {
    code: 'duplicate-username',
    sheet: {
      pool: poolOf({ UsernameConfiguration: { CaseSensitive: false } }),
      header: 'username|email',
    },
    broken: { rows: ['ada|a@example.com', 'bob|b@example.com', 'ADA|c@example.com'] },
    nearMiss: { rows: ['ada|a@example.com', 'bob|a@example.com'] },
  },
  {
    code: 'duplicate-email',
    sheet: { pool: emailSignIn, header: 'email' },
    broken: { rows: ['ada@example.com', 'ada@example.com'] },
    nearMiss: { rows: ['ada@example.com', 'ada@example.org'] },
  },
  {
    code: 'duplicate-email',
    sheet: { pool: emailAlias, header: 'username|email|email_verified' },
    broken: { rows: ['ada|ada@example.com|true', 'eda|ada@example.com|true'] },
    nearMiss: { rows: ['ada|ada@example.com|true', 'eda|ada@example.com|'] },
  },
  {
    code: 'duplicate-phone-number',
    sheet: {
      pool: poolOf({ UsernameAttributes: ['phone_number'] }),
      settings: { invite: 'sms' },
      header: 'phone_number',
    },
    broken: { rows: ['+442079460018', '+44 20 7946 0018'] },
    nearMiss: { rows: ['+442079460018', '+442079460019'] },
  },
  {
    code: 'duplicate-preferred-username',
    sheet: {
      pool: poolOf({ AliasAttributes: ['preferred_username'] }),
      settings: { invite: 'none' },
      header: 'username|preferred_username',
    },
    broken: { rows: ['ada|countess', 'eda|countess'] },
    nearMiss: { rows: ['ada|countess', 'eda|'] },
  },
  {
    code: 'shared-alias',
    sheet: { pool: emailAlias, header: 'username|email|email_verified' },
    broken: { rows: ['ada|ada@example.com|', 'eda|ada@example.com|'] },
    nearMiss: { rows: ['ada|ada@example.com|', 'eda|eda@example.com|'] },
  },
  {
    code: 'case-twin',
    sheet: { pool: poolOf(), settings: { invite: 'none' }, header: 'username' },
    broken: { rows: ['ada', 'Ada'] },
    nearMiss: {
      rows: ['ada', 'Ada'],
      pool: poolOf({ UsernameConfiguration: { CaseSensitive: false } }),
    },
  },
];
