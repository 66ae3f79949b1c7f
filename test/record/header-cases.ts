import { poolOf, poolWith } from './reading.js';
import { presetOf } from './preset-of.js';
import { text, emailSignIn, customs, type RuleCase } from './rule-case.js';

/** The rules of the header line and the options. */
export const headerCases: readonly RuleCase[] = [
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
    code: 'not-carried-over',
    sheet: {
      pool: poolOf(),
      settings: {
        preset: presetOf({
          columns: { login: 'username' },
          dropped: [{ columns: ['hash'], because: 'Cognito takes no hashes', secret: true }],
        }),
      },
      header: 'login|hash',
    },
    broken: {},
    nearMiss: { header: 'login' },
  },
  {
    code: 'preset-remark',
    sheet: {
      pool: poolOf(),
      settings: {
        preset: presetOf({
          columns: { login: 'username' },
          remarks: [{ columns: ['login'], remark: 'it is the username' }],
        }),
      },
      header: 'login',
    },
    broken: {},
    nearMiss: { header: 'username' },
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
    code: 'no-header-line',
    sheet: { pool: poolOf(), header: 'ada|ada@example.com|Correct-Horse7!' },
    broken: {},
    nearMiss: { header: 'username|email|password' },
  },
];
