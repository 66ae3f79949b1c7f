import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import type { PoolDescription } from '../../src/cognito/description.js';
import { Duplicates } from '../../src/record/duplicates.js';
import { readHeader } from '../../src/record/header.js';
import { readRow } from '../../src/record/row.js';
import { settingsWith } from './reading.js';

const fixture = (path: string): URL => new URL(`../../fixtures/${path}`, import.meta.url);

function poolFrom(name: string): PoolDescription {
  return JSON.parse(readFileSync(fixture(`pools/${name}.json`), 'utf8')) as PoolDescription;
}

/** The first error of each row that has one, by the line on which the row starts. */
function errorsIn(file: string, pool: string): Record<number, string> {
  const records = parse(readFileSync(fixture(file), 'utf8'), {
    relax_column_count: true,
    raw: true,
  }) as unknown as { raw: string; record: string[] }[];
  const errors: Record<number, string> = {};
  const [first, ...rest] = records;
  const settings = settingsWith({ invite: 'none' });
  const { header } = readHeader({ line: 1, cells: first?.record ?? [] }, poolFrom(pool), settings);
  if (header === undefined) throw new Error(`${file} has a header that cannot be read`);
  const duplicates = new Duplicates(header, { seed: 1 });
  let line = 1 + linesIn(first?.raw ?? '');
  for (const { raw, record } of rest) {
    const { user, problems } = readRow({ line, cells: record }, header);
    const all = [...problems, ...(user === undefined ? [] : duplicates.check(user))];
    const error = all.find(({ severity }) => severity === 'error');
    if (error !== undefined) errors[line] = error.code;
    line += linesIn(raw);
  }
  return errors;
}

function linesIn(raw: string): number {
  return raw.split('\n').length - 1;
}

describe.skipIf(!existsSync(fixture('users.csv')))('the fixtures', () => {
  it('users.csv has fourteen rows that are wrong, each in another way', () => {
    expect(errorsIn('users.csv', 'plain-username')).toEqual({
      27: 'missing-username',
      52: 'invalid-email',
      58: 'duplicate-username',
      81: 'invalid-phone-number',
      121: 'wrong-column-count',
      152: 'wrong-column-count',
      176: 'value-too-long',
      203: 'not-a-number',
      232: 'not-a-boolean',
      256: 'weak-password',
      280: 'invalid-username',
      306: 'not-a-boolean',
      330: 'unknown-group',
      364: 'invalid-birthdate',
    });
  });

  it('invalid-of-each-kind.csv is wrong in all rows but its first and last', () => {
    const errors = errorsIn('small/invalid-of-each-kind.csv', 'plain-username');
    const lines = Array.from({ length: 40 }, (_, at) => at + 3);
    expect(Object.keys(errors).map(Number)).toEqual(lines);
  });

  it.each([
    ['warnings', 'plain-username', {}],
    ['passwords', 'plain-username', {}],
    ['no-passwords', 'plain-username', {}],
    ['formula-cells', 'plain-username', { 6: 'invalid-email' }],
    ['prototype-names', 'prototype-names', { 6: 'duplicate-username' }],
    [
      'email-sign-in',
      'email-sign-in',
      { 5: 'missing-username', 6: 'duplicate-email', 7: 'invalid-email' },
    ],
    ['alias-pool', 'email-alias', { 4: 'username-like-email', 5: 'username-like-phone-number' }],
    ['case-twins', 'case-sensitive', {}],
    ['case-twins', 'plain-username', { 3: 'duplicate-username', 5: 'duplicate-username' }],
    ['required-attributes', 'required-attributes', { 5: 'missing-required-attribute' }],
    ['passwordless', 'passwordless', { 3: 'missing-required-attribute' }],
    ['groups', 'plain-username', { 8: 'unknown-group', 9: 'unknown-group', 10: 'unknown-group' }],
    ['disabled', 'plain-username', { 8: 'not-a-boolean' }],
  ])('%s.csv in %s', (file, pool, errors) => {
    expect(errorsIn(`small/${file}.csv`, pool)).toEqual(errors);
  });
});
