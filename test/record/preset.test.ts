import { describe, expect, it } from 'vitest';

import { reportable } from '../../src/record/reportable.js';
import { presetOf } from './preset-of.js';
import { codesOf, poolOf, poolWith, read, type Outcome } from './reading.js';

const emailSignIn = poolOf({ UsernameAttributes: ['email'] });
const attributesOf = ({ users }: Outcome): Record<string, string>[] =>
  users.map(({ attributes }) =>
    Object.fromEntries(attributes.map(({ Name, Value }) => [Name, Value])),
  );
const messagesOf = ({ problems }: Outcome): string[] => problems.map(({ message }) => message);

const preset = presetOf({
  columns: {
    Login: 'username',
    Mail: 'email',
    'E-Mail': 'email',
    State: 'enabled',
    Nick: 'nickname',
  },
  values: { State: { Active: 'true', Gone: 'false' }, Nick: { '-': '' } },
  separators: { Roles: ',' },
  dropped: [
    { columns: ['Hash'], because: 'Cognito takes no hashes', secret: true },
    { columns: ['Roles'], because: 'they are no groups', secret: false },
  ],
  remarks: [{ columns: ['State'], remark: 'who is Gone comes as disabled' }],
});
// So that a row needs no address.
const quiet = { invite: 'none', generatesPasswords: true } as const;
const settings = { ...quiet, preset };

describe('a preset', () => {
  it('names columns in any case, and says what is lost and what to know', () => {
    const outcome = read({
      pool: poolOf(),
      settings,
      header: 'LOGIN | mail|state|Hash|Roles',
      rows: ['ada|ada@example.com|ACTIVE|x|a,b', 'bob|bob@example.com| gone |y|'],
    });
    expect(outcome.users.map(({ username, enabled }) => [username, enabled])).toEqual([
      ['ada', true],
      ['bob', false],
    ]);
    expect(messagesOf(outcome).slice(0, 3)).toEqual([
      '"Hash" is not carried over: Cognito takes no hashes.',
      '"Roles" is not carried over: they are no groups.',
      '"State": who is Gone comes as disabled.',
    ]);
  });

  it('leaves a cell that means nothing special to who reads it', () => {
    const outcome = read({
      pool: poolOf(),
      settings,
      header: 'Login|State',
      rows: ['ada|Resting'],
    });
    expect(codesOf(outcome)).toContain('not-a-boolean');
  });

  it('says which cells are filler', () => {
    const outcome = read({
      pool: poolOf(),
      settings,
      header: 'Login|Nick',
      rows: ['ada|-', 'bob|b', 'cy|'],
    });
    expect(attributesOf(outcome)).toEqual([{}, { nickname: 'b' }, {}]);
  });

  it('reads what our formula guard stands before', () => {
    const outcome = read({
      pool: poolOf(),
      settings,
      header: 'Login|Nick|error_code|error_message',
      rows: ["ada|'-|x|y"],
    });
    expect(attributesOf(outcome)).toEqual([{}]);
  });

  it('takes the first of two columns for the same, in its own order', () => {
    const outcome = read({
      pool: poolOf(),
      settings,
      header: 'Login|E-Mail|Mail',
      rows: ['ada|second@example.com|first@example.com'],
    });
    expect(attributesOf(outcome)).toEqual([{ email: 'first@example.com' }]);
    expect(messagesOf(outcome)).toContain(
      '"E-Mail" is not carried over: the column "Mail" is "email" already.',
    );
  });

  it('gives way to a column that bears the attribute’s own name', () => {
    const outcome = read({
      pool: poolOf(),
      settings,
      header: 'Login|Mail|email',
      rows: ['ada|a@example.com|b@example.com'],
    });
    expect(attributesOf(outcome)).toEqual([{ email: 'b@example.com' }]);
  });

  it('gives way to the mapping, whose column keeps its cells', () => {
    const mapping = new Map([
      ['state', 'nickname'],
      ['roles', 'groups'],
      ['nick', ''],
    ]);
    const outcome = read({
      pool: poolOf(),
      settings: { ...settings, mapping },
      header: 'Login|State|Roles|Nick',
      rows: ['ada|Gone|staff,admins|x'],
    });
    expect(attributesOf(outcome)).toEqual([{ nickname: 'Gone' }]);
    expect(outcome.users[0]?.groups).toEqual(['staff', 'admins']);
    expect(outcome.users[0]?.enabled).toBeUndefined();
    expect(messagesOf(outcome).join(' ')).not.toMatch(/carried over|disabled/);
  });

  it('still stops at a column that it does not know', () => {
    const outcome = read({ pool: poolOf(), settings, header: 'Login|Shoe size' });
    expect(codesOf(outcome)).toContain('unknown-attribute');
  });

  it('leaves out the username where people sign in with their email', () => {
    const outcome = read({
      pool: emailSignIn,
      settings,
      header: 'Login|Mail',
      rows: ['ada|ada@example.com'],
    });
    expect(outcome.users[0]?.username).toBe('ada@example.com');
    expect(messagesOf(outcome)[0]).toMatch(/^"Login" is not carried over: .*email address/);
  });

  it('takes a custom attribute only where the pool has it', () => {
    const custom = { ...quiet, preset: presetOf({ columns: { A: 'custom:a', B: 'custom:b' } }) };
    const sheet = { settings: custom, header: 'username|A|B', rows: ['ada|1|2'] };
    const lacking = read({ ...sheet, pool: poolOf() });
    expect(attributesOf(lacking)).toEqual([{}]);
    expect(messagesOf(lacking)[0]).toBe(
      '"A" and "B" are not carried over: the pool has no "custom:a" or "custom:b"; add those attributes, or say with --map what to take.',
    );
    const one = read({ ...sheet, pool: poolWith({ Name: 'custom:b' }) });
    expect(attributesOf(one)).toEqual([{ 'custom:b': '2' }]);
    expect(attributesOf(read({ ...sheet, pool: undefined }))).toEqual([
      { 'custom:a': '1', 'custom:b': '2' },
    ]);
  });

  it('knows a header cell that is empty by design', () => {
    const open = {
      ...quiet,
      preset: presetOf({ header: ['Login', ''], columns: { Login: 'username' } }),
    };
    const outcome = read({ pool: poolOf(), settings: open, header: 'Login|', rows: ['ada|'] });
    expect(outcome.problems).toEqual([]);
    expect(outcome.users).toHaveLength(1);
  });
});

describe('a username from the attributes', () => {
  const from = presetOf({
    columns: { Mail: 'email', Id: 'username' },
    usernameFrom: ['email', 'phone_number'],
  });
  const sheet = { settings: { ...quiet, preset: from }, header: 'Mail|phone_number' };

  it('is taken in a pool of own usernames, in their order', () => {
    const rows = ['ada@example.com|+14155550132', '|+14155550133'];
    const { users } = read({ ...sheet, pool: poolOf(), rows });
    expect(users.map(({ username }) => username)).toEqual(['ada@example.com', '+14155550133']);
  });

  it('is taken only where the row has none of its own', () => {
    const rows = ['ada@example.com||ada', 'bob@example.com||'];
    const { users } = read({ ...sheet, pool: poolOf(), header: 'Mail|phone_number|Id', rows });
    expect(users.map(({ username }) => username)).toEqual(['ada', 'bob@example.com']);
  });

  it('is held against the rules of usernames', () => {
    const pool = poolOf({ AliasAttributes: ['email'] });
    expect(codesOf(read({ ...sheet, pool, rows: ['ada@example.com|'] }))).toContain(
      'username-like-email',
    );
  });

  it('may be missing', () => {
    const outcome = read({ ...sheet, pool: poolOf(), rows: ['|'] });
    expect(messagesOf(outcome)).toContain('The row has no "email" or "phone_number": fill it in.');
  });
});

describe('columns that may hold a secret', () => {
  const cellsOf = (header: string, row: string, mapping: Map<string, string>): string[] => {
    const outcome = read({ pool: poolOf(), settings: { ...settings, mapping }, header });
    if (!outcome.header) throw new Error(messagesOf(outcome).join(' '));
    return reportable(outcome.header).cellsOf({ line: 2, cells: row.split('|') });
  };

  it.each(['Hash', 'password', 'user_pass', 'Password [Required]', 'salt', 'totpSecret'])(
    '%s is in no report once it is dropped',
    (name) => {
      const mapping = name === 'Hash' ? new Map<string, string>() : new Map([[name, '']]);
      expect(cellsOf(`Login|${name}|Mail`, 'ada|s3cret|m', mapping)).toEqual(['ada', 'm']);
    },
  );

  it.each(['passport', 'bypass', 'Roles'])('%s is, as it is none', (name) => {
    expect(cellsOf(`Login|${name}`, 'ada|cell', new Map([[name, '']]))).toEqual(['ada', 'cell']);
  });

  it('leaves out what they may have slipped to in a row with too many cells', () => {
    expect(cellsOf('Login|Hash|Mail', 'ada|x|hash|m', new Map())).toEqual(['', '', 'm']);
  });
});
