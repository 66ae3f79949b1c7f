import { describe, expect, it } from 'vitest';
import { LineTable } from '../../src/record/line-table.js';
import { poolOf, read, type Sheet } from './reading.js';

const found = (sheet: Sheet): unknown[] =>
  read({ settings: { invite: 'none', generatesPasswords: true }, ...sheet }).problems.map(
    ({ line, code, message }) => [line, code, /line (\d+)/.exec(message)?.[1]],
  );
const sensitive = poolOf();
const insensitive = poolOf({ UsernameConfiguration: { CaseSensitive: false } });

describe('duplicates', () => {
  it('name the line of the first', () => {
    expect(
      found({ pool: sensitive, header: 'username', rows: ['ada', 'bob', 'ada', 'ada'] }),
    ).toEqual([
      [4, 'duplicate-username', '2'],
      [5, 'duplicate-username', '2'],
    ]);
  });

  it('tell twins from duplicates where case counts', () => {
    const rows = ['ada', 'Ada', 'ADA', 'Ada'];
    expect(found({ pool: sensitive, header: 'username', rows })).toEqual([
      [3, 'case-twin', '2'],
      [4, 'case-twin', '2'],
      [5, 'duplicate-username', '3'],
    ]);
    expect(found({ pool: insensitive, header: 'username', rows })).toEqual([
      [3, 'duplicate-username', '2'],
      [4, 'duplicate-username', '2'],
      [5, 'duplicate-username', '2'],
    ]);
  });

  it('fold letters beyond ASCII too', () => {
    const rows = ['ÉLODIE', 'élodie', 'elodie', 'straße', 'strasse'];
    expect(found({ pool: insensitive, header: 'username', rows })).toEqual([
      [3, 'duplicate-username', '2'],
    ]);
    expect(found({ pool: sensitive, header: 'username', rows })).toEqual([[3, 'case-twin', '2']]);
  });

  it('leave out rows that are not sent', () => {
    const pool = poolOf({ UsernameAttributes: ['email', 'phone_number'] });
    const rows = [
      'ada@example.com|+442079460018',
      'ada@example.com|+442079460019',
      'eda@example.com|+442079460019',
    ];
    expect(found({ pool, header: 'email|phone_number', rows })).toEqual([
      [3, 'duplicate-email', '2'],
    ]);
    expect(found({ pool: sensitive, header: 'username|email', rows: ['ada|x', 'ada|'] })).toEqual([
      [2, 'invalid-email', undefined],
    ]);
  });

  it('tell shared aliases by who has them verified', () => {
    const pool = poolOf({ AliasAttributes: ['email'] });
    const row = (name: string, verified: string): string => `${name}|a@example.com|${verified}`;
    const header = 'username|email|email_verified';
    const of = (...flags: string[]): unknown[] =>
      found({ pool, header, rows: flags.map((flag, at) => row(`u${at}`, flag)) });
    expect(of('', '')).toEqual([[3, 'shared-alias', '2']]);
    expect(of('', 'true', '')).toEqual([
      [3, 'shared-alias', '2'],
      [4, 'shared-alias', '3'],
    ]);
    expect(of('true', '', 'true')).toEqual([
      [3, 'shared-alias', '2'],
      [4, 'duplicate-email', '2'],
    ]);
  });

  it('know names that every object has', () => {
    expect(
      found({
        pool: sensitive,
        header: 'username',
        rows: ['__proto__', 'constructor', '__proto__'],
      }),
    ).toEqual([[4, 'duplicate-username', '2']]);
  });
});

describe('LineTable', () => {
  it.each([
    ['with case', true],
    ['without case', false],
  ])('finds each of 200,000 keys, and only those, %s', (_, caseSensitive) => {
    const table = new LineTable(caseSensitive, 42);
    const key = (at: number): string => (at % 2 === 0 ? `user${at}@example.com` : `${at}-é`);
    for (let at = 1; at <= 200_000; at++) {
      if (table.look(key(at)) !== 0) throw new Error(`${key(at)} is there before it was added`);
      table.add(at);
    }
    for (let at = 1; at <= 200_000; at++) {
      if (table.look(key(at)) !== at) throw new Error(`${key(at)} is lost`);
    }
    expect(table.look('nobody')).toBe(0);
    expect(table.look('user2@example.com')).toBe(2);
    expect(table.look('User2@example.com')).toBe(caseSensitive ? 0 : 2);
    expect(table.twin).toBe(caseSensitive ? 2 : 0);
  });

  it.each([
    ['with case', true, 25],
    ['without case', false, 19],
  ])('takes few bytes a key %s', (_, caseSensitive, most) => {
    const table = new LineTable(caseSensitive, 7);
    for (const count of [20_000, 23_000, 26_000, 30_000, 34_000]) {
      for (let at = table.size; at < count; at++) {
        table.look(`user${at}`);
        table.add(at + 1);
      }
      expect(table.bytes / count).toBeLessThan(most);
    }
  });
});
