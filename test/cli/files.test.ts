import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';

import { fixtures } from '../support/cli.js';
import { fast, openPlace, people, poolOf, stackTrace } from '../support/place.js';
import { some } from '../support/thorough.js';

// Most of the time these wait for each other's clock, not for the processor.
vi.setConfig({ maxConcurrency: 8 });

const small = (name: string): string => join(fixtures, 'small', name);
const five = ['akiko.tanaka', 'juergen.gross', 'olena.hryhorieva', 'sean.obrien', 'suharti'];

describe.concurrent('a file that is read as it is', () => {
  it.for<[string, string[], string]>([
    ['utf16le-no-bom.csv', ['--encoding', 'utf-16le'], '2,3,4,5,6'],
    ['excel-sep-line.csv', [], '3,4,5,6,7'],
    ['utf16be-bom.csv', [], '2,3,4,5,6'],
    ['two-members.csv.gz', [], '2,3,4,5,6'],
  ])('%s gives the five people, on their lines', async ([name, args, lines]) => {
    const place = await openPlace({ settings: poolOf('plain-username') });
    const ended = await place.import(small(name), ...args);
    expect(ended.code, ended.stderr).toBe(0);
    expect([...place.users().keys()].sort()).toEqual(five);
    expect(place.users().get('akiko.tanaka')?.attributes).toMatchObject({
      given_name: '明子',
      phone_number: '+14155550132',
      'custom:department': 'Research, Development & QA',
    });
    expect(place.results().map(({ line }) => line)).toEqual(lines.split(','));
  });

  it('standard input is read to its end, and can not be resumed', async () => {
    const place = await openPlace();
    const args = ['import', '-', '--run', 'r', ...fast, '--invite', 'email', '--invite-limit', '2'];
    const ended = await place.run(args, { input: people(5) });
    expect(ended.code, ended.stderr).toBe(3);
    expect(ended.stderr).toMatch(/Standard input.*can't be resumed/);
    expect(ended.stdout, 'it is no use to tell people to resume').not.toMatch(/resume/);
    expect(place.statuses()).toEqual({ created: 2, 'not-attempted': 3 });
    const again = await place.resume();
    expect(again.code).toBe(2);
    expect(again.stderr).toMatch('rejects.csv');
    const rest = await place.run(['import', 'reports/r/rejects.csv', '--run', 'rest', ...fast]);
    expect(rest.code, rest.stderr).toBe(0);
    expect(place.pool.userCount).toBe(5);
  });

  it('a gzip of standard input too', async () => {
    const place = await openPlace();
    const args = ['import', '-', '--run', 'r', ...fast];
    const ended = await place.run(args, { input: gzipSync(people(3)) });
    expect(ended.code, ended.stderr).toBe(0);
    expect(place.pool.userCount).toBe(3);
  });

  it('a header and no rows is fine, with a word of warning', async () => {
    const place = await openPlace({ settings: poolOf('plain-username') });
    const ended = await place.import(small('header-only.csv'));
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stderr).toMatch(/no rows/i);
  });
});

describe.concurrent('a file that is refused as a whole, with nothing sent and nothing left', () => {
  it('whatever is wrong with it', async () => {
    const wrong = {
      'unclosed-quote.csv': /line 4/i,
      'broken-bytes.csv': /line 3.*windows-1252/is,
      'utf16le-no-bom.csv': /utf-16le/i,
      'truncated.csv.gz': /ends too early/i,
      'empty.csv': /header/i,
      'header-twice.csv': /Email/,
      'unknown-column.csv': /emial.*"?email"?.*custom:departement.*custom:department/s,
      'prototype-columns.csv': /__proto__.*constructor.*toString/s,
    };
    const place = await openPlace({ settings: poolOf('plain-username') });
    const files = Object.entries(wrong);
    const ended = await place.inTurn(files.map(([name]) => ['import', small(name), ...fast]));
    for (const [at, [name, said]] of files.entries()) {
      expect(ended[at]?.code, name).toBe(2);
      expect(ended[at]?.stderr).toMatch(said);
      expect(ended[at]?.stderr).not.toMatch(stackTrace);
    }
    expect(place.calls('AdminCreateUser')).toBe(0);
    expect(await place.runs()).toEqual([]);
  });

  it('a broken end is found before the good beginning is sent', async () => {
    const place = await openPlace();
    const bytes = Buffer.concat([
      Buffer.from(people(3_000)),
      Buffer.from([0x78, 0xff, 0x2c, 0x0a]),
    ]);
    const ended = await place.import(await place.write('f.csv', bytes));
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/line 3,?002/i);
    expect(place.calls('AdminCreateUser')).toBe(0);
    expect(await place.runs()).toEqual([]);
  });
});

describe.concurrent('the folder of the reports', () => {
  it('is made where it is missing', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(2));
    const args = ['import', 'f.csv', '--reports', 'deep/er', '--run', 'r', ...fast];
    expect((await place.run(args)).code).toBe(0);
    expect(readFileSync(place.path('deep/er/r/results.csv'), 'utf8')).toContain('u0002');
  });

  it('never holds two runs of one name', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(2));
    await place.imported('f.csv');
    const before = place.text('results.csv');
    const again = await place.import('f.csv');
    expect(again.code).toBe(2);
    expect(again.stderr).toMatch(/resume it/);
    expect(place.text('results.csv')).toBe(before);
    expect((await place.run(['import', 'f.csv', '--run', '../out', ...fast])).code).toBe(2);
  });

  it.for(some(['000', '077'], 1))('is for its owner only under umask %s', async (umask) => {
    const place = await openPlace();
    await place.write(
      'f.csv',
      people(3, { given_name: (n) => (n === 2 ? 'x'.repeat(3_000) : '') }),
    );
    const args = ['import', 'f.csv', '--run', 'r', ...fast, '--generate-passwords', 'pw.csv'];
    expect((await place.run(args, { umask })).code).toBe(1);
    const again = await place.run(['resume', 'r', ...fast, '--retry-failed'], { umask });
    expect(again.code, again.stderr).toBe(1);
    expect(place.mode('reports', 'r')).toBe('700');
    for (const name of ['results.csv', 'rejects.csv', 'summary.json', 'journal.jsonl', 'lock'])
      expect(`${name} ${place.mode('reports', 'r', name)}`).toBe(`${name} 600`);
    expect(place.mode('pw.csv')).toBe('600');
  });
});

describe.concurrent('values that are meant to do harm', () => {
  it('formulas go into the pool as they are, into the reports with a guard, and come back', async () => {
    const place = await openPlace({ settings: poolOf('plain-username') });
    const ended = await place.import(small('formula-cells.csv'));
    expect(ended.code, ended.stderr).toBe(1);
    const users = place.users();
    expect(users.get('@handle')?.attributes).toMatchObject({
      given_name: '@SUM(1,1)',
      'custom:department': '+Sales',
    });
    expect(users.get("'quoted")?.attributes).toMatchObject({
      given_name: "'=1+1",
      'custom:department': "''t Zand",
    });
    for (const file of ['results.csv', 'rejects.csv'])
      for (const cell of place.cells(file).flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    expect(place.results().map(({ username }) => username)).toEqual([
      'ada.wong',
      "'@handle",
      "'-dash",
      "'quoted",
      "'=1+1",
      "'+plus",
    ]);
    const mended = place.text('rejects.csv').replace('missing-at.example', 'mended@example');
    await place.write('mended.csv', mended);
    const again = await place.run(['import', 'mended.csv', '--run', 'again', ...fast]);
    expect(again.code, again.stderr).toBe(0);
    expect(place.users().get('=1+1')?.attributes).toMatchObject({
      given_name: '=Bad',
      'custom:department': '=Worse',
    });
  });

  it('names that every object has are names like any other', async () => {
    const place = await openPlace({ settings: poolOf('prototype-names') });
    expect((await place.import(small('prototype-names.csv'))).code).toBe(1);
    expect(place.statuses()).toEqual({ created: 6, invalid: 1 });
    expect(place.results()[4]).toMatchObject({ line: '6', code: 'duplicate-username' });
    expect(place.users().get('__proto__')?.groups).toEqual(['staff']);
    expect(place.users().get('grace.park')?.groups).toEqual(['__proto__']);
  });

  it('escape sequences never reach the screen', async () => {
    const place = await openPlace();
    const evil = '\u001b]0;owned\u0007\u001b[2J';
    await place.write('f.csv', `username,email,groups\n${evil},x@example.com,\nb,b,${evil}\n`);
    await place.write('g.csv', `username,${evil}\na,b\n`);
    const ended = await place.import('f.csv');
    expect(ended.code).toBe(1);
    const header = await place.import('g.csv', '--run', 'g');
    expect(header.code).toBe(2);
    // eslint-disable-next-line no-control-regex -- that is what is looked for
    expect(ended.stdout + ended.stderr + header.stderr).not.toMatch(/[\u001b\u0007]/);
  });

  it('a row with a wrong number of cells stays in its place among the rejects', async () => {
    const place = await openPlace({ settings: poolOf('plain-username') });
    expect((await place.import(small('wrong-cell-count.csv'))).code).toBe(1);
    expect(place.statuses()).toEqual({ created: 3, invalid: 2 });
    const lines = place.text('rejects.csv').trimEnd().split('\n').slice(1);
    expect(lines.map((line) => line.replace(/,wrong-column-count,.*/, ''))).toEqual([
      'juergen.gross,juergen.gross@example.com,Jürgen,Groß',
      "sean.obrien,sean+crm@example.net,Seán,O'Brien,'+44 20 7946 0018,Legal, Risk & Compliance,staff",
    ]);
    // As it is, nobody of them is made by importing the rejects again.
    const again = await place.run(['import', 'reports/r/rejects.csv', '--run', 'again', ...fast]);
    expect(again.code, again.stderr).toBe(1);
    expect(place.statuses('again')).toEqual({ invalid: 2 });
  });

  it('a row that lacks one cell is not taken for whole once the password column is gone', async () => {
    const place = await openPlace();
    const text = 'username,email,given_name,password\nada,ada@example.com,Passw0rd!\n';
    await place.imported(await place.write('f.csv', text), {}, 1);
    const again = await place.run(['import', 'reports/r/rejects.csv', '--run', 'again', ...fast]);
    expect(place.pool.userCount, 'nobody mended the row').toBe(0);
    expect(again.code, again.stderr).toBe(1);
  });
});
