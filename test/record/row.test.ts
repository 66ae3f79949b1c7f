import { describe, expect, it } from 'vitest';
import { poolOf, poolWith, read, type Sheet } from './reading.js';

const quiet = { invite: 'none', generatesPasswords: true } as const;
const userOf = (sheet: Sheet) => {
  const { users, problems } = read({ settings: quiet, ...sheet });
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return users[0];
};
const valuesOf = (sheet: Sheet) =>
  Object.fromEntries((userOf(sheet)?.attributes ?? []).map(({ Name, Value }) => [Name, Value]));

describe('a row', () => {
  it('becomes a user', () => {
    expect(
      userOf({
        pool: poolOf(),
        header: 'username|email|given_name|groups|enabled|password|nickname',
        rows: ['ada|ada@example.com|Ada|staff; admins|false|Abc def?|'.replace(' def', 'def')],
      }),
    ).toEqual({
      line: 2,
      username: 'ada',
      attributes: [
        { Name: 'email', Value: 'ada@example.com' },
        { Name: 'given_name', Value: 'Ada' },
      ],
      groups: ['staff', 'admins'],
      enabled: false,
      password: 'Abcdef?',
    });
  });

  it('says nothing of what it does not give', () => {
    const user = userOf({
      pool: poolOf(),
      header: 'username|email|groups|enabled|password',
      rows: ['ada||||'],
    });
    expect(user).toEqual({ line: 2, username: 'ada', attributes: [], groups: [] });
    expect(user).not.toHaveProperty('enabled');
    expect(user).not.toHaveProperty('password');
  });

  it('gets the groups that every user gets, each once', () => {
    const settings = { ...quiet, groups: ['admins'] };
    const sheet = {
      pool: poolOf(),
      settings,
      header: 'username|groups',
      rows: ['ada|staff;admins;staff'],
    };
    expect(userOf(sheet)?.groups).toEqual(['admins', 'staff']);
    expect(userOf({ ...sheet, rows: ['ada|'] })?.groups).toEqual(['admins']);
    expect(userOf({ ...sheet, header: 'username', rows: ['ada'] })?.groups).toEqual(['admins']);
  });

  it.each(['__proto__', 'constructor', 'toString'])('can be for %s', (name) => {
    const pool = poolOf({}, [name]);
    const user = userOf({
      pool,
      header: 'username|groups|given_name',
      rows: [`${name}|${name}|${name}`],
    });
    expect([user?.username, user?.groups, user?.attributes[0]?.Value]).toEqual([
      name,
      [name],
      name,
    ]);
  });

  it('loses the space around values with a form, and blanks around free text', () => {
    expect(
      valuesOf({
        pool: poolOf(),
        header: 'username|email|name|address',
        rows: [' ada\t|\tada@example.com |\u3000Ada | \n1 Main St\n '],
      }),
    ).toEqual({ email: 'ada@example.com', name: 'Ada', address: '\n1 Main St\n' });
  });

  it('has booleans in lower case, numbers as they stand', () => {
    const pool = poolWith(
      { Name: 'custom:vip', AttributeDataType: 'Boolean' },
      { Name: 'custom:level', AttributeDataType: 'Number' },
    );
    expect(
      valuesOf({ pool, header: 'username|custom:vip|custom:level', rows: ['ada|True|007'] }),
    ).toEqual({
      'custom:vip': 'true',
      'custom:level': '007',
    });
  });

  it('is marked as verified where it has the value', () => {
    const settings = { ...quiet, verified: ['email', 'phone_number'] } as const;
    const sheet = {
      pool: poolOf(),
      settings,
      header: 'username|email|phone_number|email_verified',
    };
    expect(valuesOf({ ...sheet, rows: ['ada|ada@example.com||false'] })).toEqual({
      email: 'ada@example.com',
      email_verified: 'true',
    });
    expect(valuesOf({ ...sheet, rows: ['ada||+442079460018|'] })).toEqual({
      phone_number: '+442079460018',
      phone_number_verified: 'true',
    });
  });

  it('with an error is no user, and its warnings about sending go', () => {
    const { users, problems } = read({
      pool: poolOf(),
      settings: { invite: 'none' },
      header: 'username|email|password',
      rows: ['ada|nothing|'],
    });
    expect(users).toEqual([]);
    expect(problems.map(({ code }) => code)).toEqual(['invalid-email']);
  });

  it('is not told what the header was told for all', () => {
    const pool = poolWith({ Name: 'nickname', Required: true, Mutable: true });
    const { problems } = read({
      pool,
      settings: { invite: 'none' },
      header: 'username|email',
      rows: ['ada|', 'bob|'],
    });
    expect(problems.map(({ code, line }) => [code, line])).toEqual([
      ['cannot-sign-in', 1],
      ['required-attribute-later', 1],
    ]);
  });

  it('tells everything that is wrong with it', () => {
    const { problems } = read({
      pool: poolOf(),
      settings: quiet,
      header: 'username|email|birthdate|enabled',
      rows: ['|x|y|z'],
    });
    expect(problems.map(({ code, column, line }) => [code, column, line])).toEqual([
      ['invalid-email', 'email', 2],
      ['invalid-birthdate', 'birthdate', 2],
      ['missing-username', 'username', 2],
      ['not-a-boolean', 'enabled', 2],
    ]);
  });
});

describe('the username in a pool with UsernameAttributes', () => {
  const both = poolOf({ UsernameAttributes: ['phone_number', 'email'] });
  const sheet = { pool: both, header: 'username|email|phone_number' };

  it.each([
    ['|ada@example.com|', 'ada@example.com', { email: 'ada@example.com' }],
    ['||+44 20 7946 0018', '+442079460018', { phone_number: '+442079460018' }],
    [
      '|ada@example.com|+442079460018',
      'ada@example.com',
      { email: 'ada@example.com', phone_number: '+442079460018' },
    ],
    ['ada@example.com||', 'ada@example.com', { email: 'ada@example.com' }],
    ['+44 20 7946 0018||', '+442079460018', { phone_number: '+442079460018' }],
  ])('%s', (row, username, attributes) => {
    expect(userOf({ ...sheet, rows: [row] })?.username).toBe(username);
    expect(valuesOf({ ...sheet, rows: [row] })).toEqual(attributes);
  });

  it('may differ from the address in case where the pool has none', () => {
    const pool = poolOf({
      UsernameAttributes: ['email'],
      UsernameConfiguration: { CaseSensitive: false },
    });
    const rows = ['ADA@example.com|ada@example.com|'];
    expect(userOf({ ...sheet, pool, rows })?.username).toBe('ADA@example.com');
  });

  it('is the address again where an export has the generated name', () => {
    const header = 'username|sub|cognito:user_status|email';
    const rows = ['8f1c|8f1c|CONFIRMED|ada@example.com'];
    expect(userOf({ pool: both, header, rows })?.username).toBe('ada@example.com');
    expect(userOf({ pool: poolOf(), header, rows })?.username).toBe('8f1c');
  });
});

describe('the username where no pool is known', () => {
  it.each([
    ['ada|ada@example.com|', 'ada'],
    ['|ada@example.com|+442079460018', 'ada@example.com'],
    ['||+442079460018', '+442079460018'],
  ])('%s', (row, username) => {
    expect(userOf({ header: 'username|email|phone_number', rows: [row] })?.username).toBe(username);
  });
});

describe('a file of ours', () => {
  const guarded = { pool: poolOf(), rows: ["'@ada|'+44 20 7946 0018|''=1+1|x|y"] };

  it('loses the guard against formulas', () => {
    const sheet = { ...guarded, header: 'username|phone_number|name|error_code|error_message' };
    expect(userOf(sheet)?.username).toBe('@ada');
    expect(valuesOf(sheet)).toEqual({ phone_number: '+442079460018', name: "'=1+1" });
  });

  it('may be an export', () => {
    const sheet = { ...guarded, header: 'username|phone_number|name|sub|cognito:user_status' };
    expect(userOf(sheet)?.username).toBe('@ada');
  });

  it('is known by its header: elsewhere the apostrophe stays', () => {
    const rows = ["'@ada|'=1+1|x"];
    const sheet = { pool: poolOf(), header: 'username|name|error_code', rows };
    expect(userOf(sheet)?.username).toBe("'@ada");
    expect(valuesOf(sheet)).toEqual({ name: "'=1+1" });
  });

  it('keeps an apostrophe that guards nothing', () => {
    const header = 'username|name|error_code|error_message';
    expect(valuesOf({ pool: poolOf(), header, rows: ["ada|'t Hart|x|y"] })).toEqual({
      name: "'t Hart",
    });
  });
});

describe('AWS’s own import file', () => {
  it('has American birthdates and seconds', () => {
    const header = 'cognito:username|cognito:mfa_enabled|birthdate|updated_at';
    expect(valuesOf({ pool: poolOf(), header, rows: ['ada|false|02/14/1985|1735689600'] })).toEqual(
      {
        birthdate: '1985-02-14',
        updated_at: '1735689600',
      },
    );
  });
});
