import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import type { PoolUser } from '../../src/cognito/user-pool.js';
import { guardedCsvLine } from '../../src/record/csv-line.js';
import { exportedCells, exportedColumns, exportedUser } from '../../src/record/exported-row.js';
import { readHeader } from '../../src/record/header.js';
import { poolFacts } from '../../src/record/pool-facts.js';
import { readRow } from '../../src/record/row.js';
import { openSource } from '../../src/source/index.js';
import { poolOf, seeded, temporaryFolder } from '../support/place.js';

const settings = {
  generatesPasswords: false,
  verified: [],
  invite: 'none',
  groups: [],
  createGroups: false,
  defaults: {},
  mapping: new Map(),
  now: new Date('2026-01-31T00:00:00Z'),
} as const;

const { UserPool, Groups } = poolOf('plain-username');
const pool = { UserPool: { ...UserPool, Id: 'us-east-1_Exported' }, ...(Groups && { Groups }) };

/** What files, spreadsheets and programs trip over. */
const pieces = [
  ...['=', '+', '-', '@', '\t', '\r', '\n', '\r\n', "'", '"', '""', ',', ';', '|', '\\,', '\\'],
  ...[' ', '  ', '\u00a0', '\u3000', '\ufeff', '\u2028', '\u0000', '\u200b', 'é', '日本', '🙂'],
  ...['a', 'Z', '0', '#', 'sep=;', '__proto__', 'true', 'NULL', '=HYPERLINK("x")', 'email', '1e5'],
];
const names = [
  ...['name', 'nickname', 'given_name', 'address', 'picture', 'website', 'locale', 'zoneinfo'],
  ...['preferred_username', 'custom:department'],
];
const usernames = [
  ...['-', '#x', '__proto__', 'constructor', 'username', 'email', '=1+1', "'=x", "'", '"', 'a,b'],
  ...['a;b', 'a\\,b', '@', '+', 'ünï', '日本', 'sub', 'sep=;', '\\', "''-"],
];

function userOf(random: () => number, number: number): PoolUser {
  const text = (): string =>
    Array.from(
      { length: 1 + Math.floor(random() * 4) },
      () => pieces[Math.floor(random() * pieces.length)],
    ).join('');
  const sub = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  const attributes = names.filter(() => random() < 0.5).map((Name) => ({ Name, Value: text() }));
  return {
    username: usernames[number] ?? `u${number}`,
    sub,
    attributes: [
      { Name: 'sub', Value: sub },
      { Name: 'email', Value: `u${number}@example.com` },
      { Name: 'email_verified', Value: String(random() < 0.5) },
      { Name: 'profile', Value: text().padEnd(2_000, 'x') },
      ...attributes,
    ],
    enabled: random() < 0.5,
    status: 'CONFIRMED',
    createdAt: 0,
    modifiedAt: 0,
  };
}

describe('a row of an export', () => {
  it.for([1, 2, 3])('is read back as the user it was made of (seed %i)', async (seed) => {
    const random = seeded(seed);
    const users = Array.from({ length: 400 }, (_, number) => userOf(random, number));
    const columns = exportedColumns(
      new Set(users.flatMap(({ attributes }) => attributes.map(({ Name }) => Name))),
      true,
      poolFacts(pool),
    );
    const groups = (number: number): string[] => (number % 3 === 0 ? [] : ['admins', 'staff']);
    const lines = users.map((user, number) =>
      guardedCsvLine(exportedCells(exportedUser(user), groups(number), columns)),
    );
    const file = join(await temporaryFolder(), 'export.csv');
    await writeFile(file, guardedCsvLine(columns) + lines.join(''));

    const source = await openSource(file);
    const { header } = readHeader(source.header, pool, settings);
    if (!header) throw new Error('the header is refused');
    let number = 0;
    for await (const { rows } of source.read()) {
      for (const row of rows) {
        const user = users[number];
        const { user: read, problems } = readRow(row, header);
        expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
        expect(read?.username).toBe(user?.username);
        expect(read?.enabled).toBe(user?.enabled);
        expect(read?.groups).toEqual(groups(number));
        const sorted = (all: PoolUser['attributes'] = []): string[] =>
          all.map(({ Name, Value }) => JSON.stringify([Name, Value])).sort();
        expect(sorted(read?.attributes)).toEqual(
          sorted(user?.attributes.filter(({ Name }) => Name !== 'sub')),
        );
        number++;
      }
    }
    await source.close();
    expect(number).toBe(users.length);
  });

  it('leaves out the flag of an address that is not there', () => {
    const user = {
      username: 'u',
      sub: 's',
      enabled: true,
      status: 'CONFIRMED',
      attributes: { email_verified: 'true', phone_number: '+4930', phone_number_verified: 'true' },
    };
    const columns = ['username', 'email_verified', 'phone_number_verified'];
    expect(exportedCells(user, [], columns)).toEqual(['u', '', 'true']);
  });

  it('gives an attribute that nobody has from nowhere', () => {
    const user = { username: 'u', sub: 's', enabled: true, status: 'CONFIRMED', attributes: {} };
    expect(exportedCells(user, [], ['constructor', '__proto__', 'toString'])).toEqual(['', '', '']);
  });
});

describe('the columns of an export', () => {
  const found = new Set([
    ...['sub', 'identities', 'custom:b', 'custom:a', 'dev:custom:x', 'updated_at', 'name'],
    ...['email_verified', 'email', 'something_new'],
  ]);

  it('have one order, with what the service alone writes last', () => {
    expect(exportedColumns(found, true, poolFacts(pool))).toEqual([
      ...['username', 'email', 'email_verified', 'name', 'updated_at'],
      ...['custom:a', 'custom:b', 'dev:custom:x', 'something_new'],
      ...['enabled', 'groups', 'sub', 'cognito:user_status', 'identities'],
    ]);
  });

  it('name the user of a pool without users too, by what people sign in with', () => {
    const ends = ['enabled', 'sub', 'cognito:user_status'];
    const byEmail = poolFacts({ UserPool: { ...pool.UserPool, UsernameAttributes: ['email'] } });
    expect(exportedColumns(new Set(), false, byEmail)).toEqual(['email', ...ends]);
    expect(exportedColumns(new Set(), false, poolFacts(pool))).toEqual(['username', ...ends]);
  });
});

describe('the header of an export', () => {
  const codes = (cells: readonly string[]): string[] =>
    readHeader({ line: 1, cells }, pool, settings).problems.map(({ code }) => code);

  it('is read without a word about the columns of the service', () => {
    const own = ['username', 'sub', 'cognito:user_status', 'identities'];
    expect(codes(own)).not.toContain('ignored-column');
    expect(codes([...own, 'error_code', 'error_message'])).not.toContain('ignored-column');
    expect(codes(['username', 'sub'])).toContain('ignored-column');
  });

  it('keeps the space of values whose form the service does not check, and no other', () => {
    const columns = ['username', 'email', 'name', 'picture', 'enabled'];
    const cells = [' u ', ' u@example.com ', ' n\t', ' p ', ' true '];
    const read = (more: readonly string[]): unknown => {
      const { header } = readHeader({ line: 1, cells: [...columns, ...more] }, pool, settings);
      if (!header) throw new Error('the header is refused');
      return readRow({ line: 2, cells: [...cells, ...more.map(() => 'x')] }, header).user;
    };
    const user = (name: string, picture: string): object => ({
      line: 2,
      username: 'u',
      enabled: true,
      groups: [],
      attributes: [
        { Name: 'email', Value: 'u@example.com' },
        { Name: 'name', Value: name },
        { Name: 'picture', Value: picture },
      ],
    });
    expect(read(['sub', 'cognito:user_status'])).toEqual(user(' n\t', ' p '));
    expect(read(['sub'])).toEqual(user('n\t', 'p'));
  });
});
