import { poolOf, poolWith, type Sheet } from './reading.js';

export interface RuleCase {
  readonly code: string;
  readonly sheet: Omit<Sheet, 'rows'>;
  /** Rows, or another header, that break the rule. */
  readonly broken: Partial<Sheet>;
  /** What comes close and is fine. */
  readonly nearMiss: Partial<Sheet>;
}

const text = (length: number): string => 'x'.repeat(length);
const emailSignIn = poolOf({ UsernameAttributes: ['email'] });
const emailAlias = poolOf({ AliasAttributes: ['email'] });
const phoneAlias = poolOf({ AliasAttributes: ['phone_number'] });
const nickname = { Name: 'nickname', Required: true, Mutable: true };
const passwordless = poolOf({
  Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
});
const policy = poolOf({
  Policies: { PasswordPolicy: { MinimumLength: 8, RequireNumbers: true, RequireSymbols: true } },
});
const level = poolWith({
  Name: 'custom:level',
  AttributeDataType: 'Number',
  NumberAttributeConstraints: { MinValue: '1', MaxValue: '9' },
});
const code = poolWith({
  Name: 'custom:code',
  AttributeDataType: 'String',
  StringAttributeConstraints: { MinLength: '2', MaxLength: '4' },
});
const since = poolWith({ Name: 'custom:since', AttributeDataType: 'DateTime' });
const customs = (count: number): string =>
  ['username', ...Array.from({ length: count }, (_, at) => `custom:a${at}`)].join('|');
const column = (name: string): Omit<Sheet, 'rows'> => ({
  pool: poolOf(),
  settings: { invite: 'none', generatesPasswords: true },
  header: `username|${name}`,
});
const value = (cell: string): Partial<Sheet> => ({ rows: [`ada|${cell}`] });

/** Every rule with what breaks it and what nearly does. */
export const ruleCases: readonly RuleCase[] = [
  {
    code: 'no-username-column',
    sheet: { pool: poolOf(), header: 'email' },
    broken: {},
    nearMiss: { pool: emailSignIn },
  },
  {
    code: 'unknown-attribute',
    sheet: { pool: poolOf(), header: 'username|emial' },
    broken: {},
    nearMiss: { header: 'username|EMAIL ' },
  },
  {
    code: 'unnamed-column',
    sheet: { pool: poolOf(), header: 'username|' },
    broken: {},
    nearMiss: { settings: { mapping: new Map([['', '']]) } },
  },
  {
    code: 'duplicate-column',
    sheet: { pool: poolOf(), header: 'username|email|Email' },
    broken: {},
    nearMiss: { settings: { mapping: new Map([['email', '']]) }, header: 'username|email|email' },
  },
  {
    code: 'read-only-attribute',
    sheet: { pool: poolOf(), header: 'username|id' },
    broken: { settings: { mapping: new Map([['id', 'sub']]) } },
    nearMiss: { settings: { mapping: new Map([['id', 'nickname']]) } },
  },
  {
    code: 'ignored-column',
    sheet: { pool: poolOf(), header: 'username|sub' },
    broken: {},
    nearMiss: { settings: { mapping: new Map([['sub', '']]) } },
  },
  {
    code: 'developer-only-attribute',
    sheet: {
      pool: poolWith(
        { Name: 'dev:custom:tier', DeveloperOnlyAttribute: true },
        { Name: 'custom:tier' },
      ),
      header: 'username|dev:custom:tier',
    },
    broken: {},
    nearMiss: { header: 'username|custom:tier' },
  },
  {
    code: 'invalid-attribute-name',
    sheet: { header: `username|custom:${text(21)}` },
    broken: {},
    nearMiss: { header: `username|custom:${text(20)}` },
  },
  {
    code: 'too-many-attributes',
    sheet: { header: customs(51) },
    broken: {},
    nearMiss: { header: customs(50) },
  },
  {
    code: 'unused-mapping',
    sheet: { pool: poolOf(), header: 'username|Mail' },
    broken: {
      settings: {
        mapping: new Map([
          ['Mail', 'email'],
          ['Tel', 'phone_number'],
        ]),
      },
    },
    nearMiss: { settings: { mapping: new Map([[' mail ', 'email']]) } },
  },
  {
    code: 'no-password-column',
    sheet: { pool: poolOf(), header: 'username' },
    broken: { settings: { passwordMode: 'permanent' } },
    nearMiss: { settings: { passwordMode: 'permanent', generatesPasswords: true } },
  },
  {
    code: 'password-not-used',
    sheet: { pool: poolOf(), header: 'username|password' },
    broken: { settings: { passwordMode: 'none' } },
    nearMiss: { settings: { passwordMode: 'temporary' } },
  },
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
    code: 'invalid-email',
    sheet: column('email'),
    broken: value('ada@@example.com'),
    nearMiss: value("a.d'a+x@sub.example.com"),
  },
  {
    code: 'mistyped-email',
    sheet: column('email'),
    broken: value('ada@gmial.com'),
    nearMiss: value('ada@gmail.com'),
  },
  {
    code: 'email-not-ascii',
    sheet: column('email'),
    broken: value('ada@köln.example.com'),
    nearMiss: value('ada@xn--kln-sna.example.com'),
  },
  {
    code: 'invalid-phone-number',
    sheet: column('phone_number'),
    broken: value('020 7946 0018'),
    nearMiss: value('+44 (0)20 7946-0018'),
  },
  {
    code: 'invalid-birthdate',
    sheet: column('birthdate'),
    broken: value('1990-02-29'),
    nearMiss: value('1992-02-29'),
  },
  {
    code: 'birthdate-in-future',
    sheet: column('birthdate'),
    broken: value('2026-08-10'),
    nearMiss: value('2026-08-09'),
  },
  {
    code: 'not-a-boolean',
    sheet: column('enabled'),
    broken: value('yes'),
    nearMiss: value('FALSE'),
  },
  {
    code: 'not-a-boolean',
    sheet: column('phone_number_verified'),
    broken: value('0'),
    nearMiss: value('False'),
  },
  {
    code: 'not-a-number',
    sheet: { ...column('custom:level'), pool: level },
    broken: value('4,5'),
    nearMiss: value('4.5'),
  },
  {
    code: 'not-a-number',
    sheet: column('updated_at'),
    broken: value('2026-01-01'),
    nearMiss: value('1767225600'),
  },
  {
    code: 'number-out-of-range',
    sheet: { ...column('custom:level'), pool: level },
    broken: value('10'),
    nearMiss: value('9'),
  },
  {
    code: 'updated-at-in-milliseconds',
    sheet: column('updated_at'),
    broken: value('1767225600000'),
    nearMiss: value('1767225600'),
  },
  {
    code: 'not-a-date-time',
    sheet: { ...column('custom:since'), pool: since },
    broken: value('31.12.2025'),
    nearMiss: value('2025-12-31T00:00:00Z'),
  },
  {
    code: 'invalid-locale',
    sheet: column('locale'),
    broken: value('German'),
    nearMiss: value('de_DE'),
  },
  {
    code: 'invalid-zoneinfo',
    sheet: column('zoneinfo'),
    broken: value('Berlin'),
    nearMiss: value('Europe/Berlin'),
  },
  {
    code: 'invalid-url',
    sheet: column('website'),
    broken: value('www.example.com'),
    nearMiss: value('https://www.example.com'),
  },
  {
    code: 'value-too-short',
    sheet: { ...column('custom:code'), pool: code },
    broken: value('A'),
    nearMiss: value('AB'),
  },
  {
    code: 'value-too-long',
    sheet: { ...column('custom:code'), pool: code },
    broken: value('ABCDE'),
    nearMiss: value('ABCD'),
  },
  {
    code: 'value-too-long',
    sheet: { pool: poolOf(), settings: { invite: 'none' }, header: 'username' },
    broken: { rows: [text(129)] },
    nearMiss: { rows: [text(128)] },
  },
  {
    code: 'value-too-long',
    sheet: { pool: emailSignIn, header: 'email' },
    broken: { rows: [`ada@${text(60)}.${text(60)}.com`] },
    nearMiss: { rows: [`ada@${text(60)}.${text(59)}.com`] },
  },
  {
    code: 'value-over-2048-bytes',
    sheet: column('address'),
    broken: value('京'.repeat(683)),
    nearMiss: value('京'.repeat(682)),
  },
  {
    code: 'surrounding-space',
    sheet: column('given_name'),
    broken: value('\u00a0Ada'),
    nearMiss: value('Ada Maria'),
  },
  {
    code: 'control-character',
    sheet: column('given_name'),
    broken: value('A\u200bda'),
    nearMiss: value('می\u200cخواهم\tx\ny'),
  },
  {
    code: 'replacement-character',
    sheet: column('given_name'),
    broken: value('Jos\ufffd'),
    nearMiss: value('Jos\ufffc'),
  },
  {
    code: 'weak-password',
    sheet: { ...column('password'), pool: policy },
    broken: value('abcdefg1'),
    nearMiss: value('abcdef1!'),
  },
  {
    code: 'weak-password',
    sheet: { header: 'username|password' },
    broken: value('abcde'),
    nearMiss: value('abcdef'),
  },
  {
    code: 'invalid-password',
    sheet: { ...column('password'), pool: policy },
    broken: value('abcdef 1!'),
    nearMiss: value('abcdef_1!é'),
  },
  {
    code: 'invalid-password',
    sheet: { ...column('password'), pool: policy },
    broken: value(`1!${text(255)}`),
    nearMiss: value(`1!${text(254)}`),
  },
  {
    code: 'unknown-group',
    sheet: column('groups'),
    broken: value('staff;Admins'),
    nearMiss: value(' staff ; admins;'),
  },
  {
    code: 'unknown-group',
    sheet: { pool: poolOf(), header: 'username' },
    broken: { settings: { groups: ['guests'] } },
    nearMiss: { settings: { groups: ['guests'], createGroups: true } },
  },
  {
    code: 'invalid-group-name',
    sheet: { ...column('groups'), settings: { invite: 'none', createGroups: true } },
    broken: value('night shift'),
    nearMiss: value('night-shift'),
  },
  {
    code: 'too-many-groups',
    sheet: { ...column('groups'), settings: { invite: 'none', createGroups: true } },
    broken: value(Array.from({ length: 101 }, (_, at) => `g${at}`).join(';')),
    nearMiss: value(Array.from({ length: 101 }, (_, at) => `g${at % 100}`).join(';')),
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
