import { describe, expect, it } from 'vitest';
import { poolOf, poolWith, read } from './reading.js';

const columnsOf = (header: string, mapping: readonly (readonly [string, string])[] = []) =>
  read({ pool: poolOf(), settings: { mapping: new Map(mapping) }, header }).header?.columns;

describe('the header line', () => {
  it('takes Cognito’s names in any case and with space around them', () => {
    expect(columnsOf(' UserName |EMAIL| Given_Name')?.map(({ name }) => name)).toEqual([
      'username',
      'email',
      'given_name',
    ]);
  });

  it('takes the names of AWS’s own import file', () => {
    expect(columnsOf('cognito:username|cognito:mfa_enabled')?.map(({ kind }) => kind)).toEqual([
      'username',
      'mfa',
    ]);
  });

  it('follows the mapping before the name', () => {
    const mapping = [
      ['e-mail ', 'email'],
      ['email', ''],
      ['login', 'username'],
    ] as const;
    expect(columnsOf('Login|email|E-Mail', mapping)?.map(({ name }) => name)).toEqual([
      'username',
      '',
      'email',
    ]);
  });

  it('keeps apart custom attributes that differ in case alone', () => {
    const pool = poolWith({ Name: 'custom:id' }, { Name: 'custom:ID' });
    const { header } = read({ pool, header: 'username|custom:ID|custom:id' });
    expect(header?.columns.map(({ name }) => name)).toEqual(['username', 'custom:ID', 'custom:id']);
  });

  it('takes any custom attribute where no pool is known', () => {
    const { users } = read({
      settings: { invite: 'none' },
      header: 'username|Custom:Team',
      rows: ['ada|blue'],
    });
    expect(users[0]?.attributes).toEqual([{ Name: 'custom:Team', Value: 'blue' }]);
  });

  it.each([
    ['emial', 'email'],
    ['First Name', 'given_name'],
    ['SURNAME', 'family_name'],
    ['Phone', 'phone_number'],
    ['department', 'custom:department'],
    ['custom:departement', 'custom:department'],
    ['usrname', 'username'],
    ['e-mail', 'email'],
  ])('names what is nearest to %s: %s', (given, nearest) => {
    const pool = poolWith({ Name: 'custom:department' });
    const { problems } = read({ pool, header: `username|${given}` });
    expect(problems.map(({ message }) => message).join()).toContain(`--map "${given}=${nearest}"`);
  });

  it.each(['__proto__', 'constructor', 'toString', 'xyz', '部署'])(
    'names nothing near %s',
    (given) => {
      const { problems } = read({ pool: poolOf(), header: `username|${given}` });
      expect(problems.map(({ message }) => message).join()).toContain(`--map "${given}=attribute"`);
    },
  );

  it.each(['error_code', 'ERROR_MESSAGE'])('ignores our own column %s', (given) => {
    const { problems, header } = read({ pool: poolOf(), header: `username|${given}` });
    expect(problems).toEqual([]);
    expect(header?.columns[1]?.kind).toBe('ignored');
  });

  it('gives its own line number to what it finds', () => {
    const { problems } = read({ pool: poolOf(), header: 'username|xyz' });
    expect(problems.map(({ line, column }) => [line, column])).toEqual([[1, 'xyz']]);
  });

  it('accepts an attribute called __proto__ in a mapping as unknown', () => {
    const mapping = new Map([['id', '__proto__']]);
    const { problems } = read({ pool: poolOf(), settings: { mapping }, header: 'username|id' });
    expect(problems.map(({ code }) => code)).toEqual(['unknown-attribute']);
  });
});

describe('the password mode', () => {
  const header = 'username|Password';
  it.each([
    ['a password column', { header }, 'temporary'],
    ['none', { header: 'username' }, 'none'],
    ['generated ones', { header: 'username', settings: { generatesPasswords: true } }, 'temporary'],
    ['an option', { header, settings: { passwordMode: 'permanent' } }, 'permanent'],
    ['passwords not to be set', { header, settings: { passwordMode: 'none' } }, 'none'],
  ] as const)('with %s', (_, sheet, mode) => {
    const reading = read({ pool: poolOf(), ...sheet });
    expect(reading.header?.passwordMode).toBe(mode);
  });

  it('none leaves the passwords out of the users', () => {
    const settings = { passwordMode: 'none', invite: 'none' } as const;
    const { users } = read({ pool: poolOf(), settings, header, rows: ['ada|Abcdef1!'] });
    expect(users[0]).not.toHaveProperty('password');
  });
});

describe('defaults', () => {
  const sheet = {
    pool: poolOf(),
    header: 'username|email|locale',
    rows: ['ada|a@example.com|', 'bob|b@example.com|fr'],
  };

  it('fill in what a row does not give, with a column or without', () => {
    const { users } = read({
      ...sheet,
      settings: { defaults: { locale: 'en', zoneinfo: ' Asia/Tokyo ' } },
    });
    expect(users.map(({ attributes }) => attributes.slice(1))).toEqual([
      [
        { Name: 'locale', Value: 'en' },
        { Name: 'zoneinfo', Value: 'Asia/Tokyo' },
      ],
      [
        { Name: 'locale', Value: 'fr' },
        { Name: 'zoneinfo', Value: 'Asia/Tokyo' },
      ],
    ]);
  });

  it.each([
    [{ phone_number: '123' }, 'invalid-phone-number', 'defaults.phone_number'],
    [{ emial: 'x@example.com' }, 'unknown-attribute', 'defaults.emial'],
    [{ password: 'Abcdef1!' }, 'unknown-attribute', 'defaults.password'],
    [{ sub: '1' }, 'read-only-attribute', 'defaults.sub'],
  ])('that are wrong are told once: %o', (defaults, code, column) => {
    const { problems, header } = read({ ...sheet, settings: { defaults } });
    expect(problems.map((problem) => [problem.code, problem.column])).toEqual([[code, column]]);
    expect(header).toBeUndefined();
  });
});
