import { parse } from 'csv-parse/sync';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';

import type { Summary } from '../../src/report/summary.js';
import { fixtures, runCli, startCli, type CliOptions, type Ended } from '../support/cli.js';
import { runInTurn, type Answer } from '../support/in-turn.js';
import { openPlace, people, stackTrace, temporaryFolder } from '../support/place.js';

vi.setConfig({ maxConcurrency: 4 });

const emailAlias = join(fixtures, 'pools/email-alias.json');
const plainUsername = join(fixtures, 'pools/plain-username.json');

/** A folder with files in it, and `validate` in it as the run `v`, without any pool. */
class Desk {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  validate(args: readonly string[], options: Partial<CliOptions> = {}): Promise<Ended> {
    return runCli(['validate', ...args, '--run', 'v'], { cwd: this.folder, ...options });
  }

  /** As `validate`, one after the other in one process. */
  inTurn(commands: readonly (readonly string[])[]): Promise<Answer[]> {
    return runInTurn(
      commands.map((args) => ['validate', ...args, '--run', 'v']),
      { cwd: this.folder },
    );
  }

  text(...names: string[]): string {
    return readFileSync(join(this.folder, ...names), 'utf8');
  }

  rows(name: string): Record<string, string>[] {
    return parse(this.text('reports/v', name), { columns: true, relax_column_count: true });
  }

  mode(name: string): string {
    return (statSync(join(this.folder, name)).mode & 0o777).toString(8);
  }

  get runs(): string[] {
    const reports = join(this.folder, 'reports');
    return existsSync(reports) ? readdirSync(reports) : [];
  }
}

async function deskWith(files: Readonly<Record<string, string | Buffer>>): Promise<Desk> {
  const desk = new Desk(await temporaryFolder());
  const { writeFile } = await import('node:fs/promises');
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(desk.folder, name), content);
  }
  return desk;
}

const summaryIn = ({ stdout }: Answer): Summary => JSON.parse(stdout) as Summary;

/** Surroundings in which a process leaves in the folder what code it loaded, and whether the SDK was. */
function watchingTheSdk(folder: string): { env: Record<string, string>; loaded: () => boolean } {
  const coverage = join(folder, 'coverage');
  const loaded = (): boolean => {
    const [name = ''] = readdirSync(coverage);
    return readFileSync(join(coverage, name), 'utf8').includes('@aws-sdk');
  };
  return { env: { NODE_V8_COVERAGE: coverage }, loaded };
}

const mixed = `username,password,email,phone_number,enabled
ada,Secret-1234,ada@example.com,+491511234567,true
bob,Secret-1234,"Bob <bob@example.com>",030 1234567,yes
cid,Secret-1234,cid@gmial.com,,true
dan,Secret-1234
ada,Secret-1234,ada2@example.com,,
`;

describe.concurrent('validate', () => {
  it('ends with 0 where every row is valid, and says what it checked', async () => {
    const desk = await deskWith({ 'f.csv': people(3) });
    const { env, loaded } = watchingTheSdk(desk.folder);
    const { code, stdout, stderr } = await desk.validate(['f.csv'], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(loaded(), 'without a pool').toBe(false);
    expect(stdout).toContain('3 rows checked');
    expect(stdout).toContain('all valid');
    expect(stdout).toContain('what holds in every pool');
    expect(desk.rows('results.csv').map(({ line, status }) => [line, status])).toEqual([
      ['2', 'valid'],
      ['3', 'valid'],
      ['4', 'valid'],
    ]);
    expect(desk.text('reports/v/rejects.csv').trim().split('\n')).toHaveLength(1);
  });

  it('ends with 1 where a row is invalid, and writes what is wrong with it, but no value', async () => {
    const desk = await deskWith({ 'f.csv': mixed });
    const { code, stdout, stderr } = await desk.validate(['f.csv', '--fix', 'fixed.csv']);
    expect(code).toBe(1);
    expect(stdout).toContain('3 invalid');
    expect(stdout).toMatch(/^ +3 +error +phone_number +invalid-phone-number +"phone_number" has/m);
    expect(stdout).toMatch(/^ +4 +warning +email +mistyped-email/m);
    expect(stdout).toMatch(/^ +error +invalid-email +email +1$/m);
    expect(desk.rows('results.csv').map(({ line, status, code }) => [line, status, code])).toEqual([
      ['2', 'valid', ''],
      ['3', 'invalid', 'invalid-email'],
      ['4', 'valid', ''],
      ['5', 'invalid', 'wrong-column-count'],
      ['6', 'invalid', 'duplicate-username'],
    ]);
    // Of a row with too few cells nobody can say which one is the password.
    expect(desk.rows('rejects.csv').map(({ username }) => username)).toEqual(['bob', '', 'ada']);
    expect(
      desk.rows('problems.csv').map(({ line, code }) => `${line ?? ''} ${code ?? ''}`),
    ).toEqual([
      '3 invalid-email',
      '3 invalid-phone-number',
      '3 not-a-boolean',
      '4 mistyped-email',
      '5 wrong-column-count',
      '6 duplicate-username',
    ]);
    expect(desk.rows('problems.csv')[3]).toMatchObject({ proposal: 'cid@gmail.com' });
    // No value of the file is on the screen, and no password anywhere.
    expect(stdout + stderr).not.toMatch(/bob|cid|gmial|1234567|Secret/);
    for (const name of readdirSync(join(desk.folder, 'reports/v'))) {
      expect(desk.text('reports/v', name)).not.toContain('Secret-1234');
    }
  });

  it('leaves a summary in the usual form, and files that only their owner reads', async () => {
    const desk = await deskWith({ 'f.csv': mixed });
    const ended = await desk.validate(['f.csv', '--json']);
    expect(ended.stderr).toBe('');
    const summary = summaryIn(ended);
    expect(summary).toEqual(JSON.parse(desk.text('reports/v/summary.json')));
    expect(summary).toMatchObject({
      run: 'v',
      command: 'validate',
      file: { name: 'f.csv', rows: 5 },
      pool: { id: null, region: null },
      outcome: 'complete',
      reason: null,
      rows: { total: 5, byStatus: { valid: 2, invalid: 3 } },
      byCode: { 'invalid-email': 1, 'wrong-column-count': 1, 'duplicate-username': 1 },
      calls: {},
      problems: {
        errors: 5,
        warnings: 1,
        byCode: { 'invalid-phone-number': { severity: 'error', count: 1 } },
      },
      exitCode: 1,
    });
    expect(desk.mode('reports/v')).toBe('700');
    for (const name of readdirSync(join(desk.folder, 'reports/v'))) {
      expect(desk.mode(join('reports/v', name)), name).toBe('600');
    }
  });

  it('shows the first twenty problems, errors before warnings, and counts all', async () => {
    const desk = await deskWith({
      'f.csv': people(60, { locale: () => 'nowhere!', birthdate: (n) => (n > 40 ? 'x' : '') }),
    });
    const { stdout } = await desk.validate(['f.csv']);
    expect(stdout).toContain('The first 20 of 80 problems');
    expect(stdout.match(/invalid-birthdate +"/g)).toHaveLength(20);
    expect(stdout).not.toMatch(/invalid-locale +"/);
    expect(stdout).toMatch(/warning +invalid-locale +locale +60$/m);
  });

  it('reads standard input', async () => {
    const desk = await deskWith({});
    const ended = await desk.validate(['-', '--json'], { input: mixed });
    expect(ended.code).toBe(1);
    expect(summaryIn(ended).rows.total).toBe(5);
  });

  it('takes the mapping, the encoding and the country of import', async () => {
    const desk = await deskWith({
      'f.csv': Buffer.from('login;Phone;Vorname\nada;030 1234567;J\xf6rg\n', 'latin1'),
    });
    const ended = await desk.validate([
      ...['f.csv', '--encoding', 'windows-1252', '--default-country', 'DE', '--json'],
      ...['--map', 'login=username', '--map', 'Phone=phone_number', '--map', 'Vorname=given_name'],
    ]);
    expect(ended.code, ended.stderr).toBe(0);
  });

  it('takes the options on which it depends whether a row is valid', async () => {
    const desk = await deskWith({ 'f.csv': 'username,groups\nada,staff\nbob,nobodys\n' });
    const schema = ['--schema', emailAlias, '--json'];
    const codes = async (...args: string[]): Promise<unknown> => {
      const { stdout } = await runCli(['validate', 'f.csv', ...schema, ...args], {
        cwd: desk.folder,
      });
      return (JSON.parse(stdout) as Summary).byCode;
    };
    expect(await codes()).toEqual({ 'unknown-group': 1 });
    expect(await codes('--create-groups', '--invite', 'email')).toEqual({
      'invite-without-address': 2,
    });
    const generated = ['--password-mode', 'permanent', '--generate-passwords', 'p.csv'];
    expect(await codes('--create-groups', '--groups', 'new', ...generated)).toEqual({});
    expect(existsSync(join(desk.folder, 'p.csv'))).toBe(false);
  });
});

describe.concurrent('validate against a pool', () => {
  it('loads no SDK for a description', async () => {
    const desk = await deskWith({ 'f.csv': people(2) });
    const { env, loaded } = watchingTheSdk(desk.folder);
    const ended = await desk.validate(['f.csv', '--schema', plainUsername], { env });
    expect(ended.code, ended.stderr).toBe(0);
    expect(loaded()).toBe(false);
  });

  it('loads the SDK and reads the description and, only where groups are named, the groups', async () => {
    const place = await openPlace();
    const { env, loaded } = watchingTheSdk(place.folder);
    await place.write('f.csv', people(2));
    await place.write('g.csv', people(2, { groups: () => 'no-such-group' }));
    const live = ['--user-pool-id', place.pool.userPoolId];
    const plain = await place.run(['validate', 'f.csv', '--json', ...live], { env });
    expect(plain.code, plain.stderr).toBe(0);
    expect(loaded()).toBe(true);
    expect(summaryIn(plain).pool).toEqual({
      id: place.pool.userPoolId,
      region: place.pool.region,
    });
    expect(place.calls('ListGroups')).toBe(0);
    const grouped = await place.run(['validate', 'g.csv', '--json']);
    expect(summaryIn(grouped).byCode).toEqual({ 'unknown-group': 2 });
    expect(Object.keys(place.pool.stats().operations).sort()).toEqual([
      'DescribeUserPool',
      'ListGroups',
    ]);
  });

  it('takes what the AWS CLI prints, also as Windows PowerShell saves it', async () => {
    const { UserPool } = JSON.parse(readFileSync(emailAlias, 'utf8')) as { UserPool: object };
    const raw = JSON.stringify({ UserPool: { ...UserPool, CreationDate: '2026-01-01T00:00:00Z' } });
    const desk = await deskWith({
      'f.csv': 'username,email,groups\nada@example.com,ada@example.com,x\n',
      'pool.json': Buffer.from(`\ufeff${raw}`, 'utf16le'),
    });
    const ended = await desk.validate(['f.csv', '--schema', 'pool.json', '--json']);
    expect(ended.stderr).toContain('has no groups, so group names are not checked');
    expect(summaryIn(ended).byCode).toEqual({ 'username-like-email': 1 });
  });

  it('refuses what is no description in one sentence', async () => {
    const wrong: readonly (readonly [args: readonly string[], text: string])[] = [
      [['f.csv', '--schema', 'nope.json'], "nope.json can't be read"],
      [['f.csv', '--schema', 'f.csv'], 'f.csv is not JSON'],
      [['f.csv', '--schema', 'other.json'], 'has no "UserPool"'],
      [['f.csv', '--schema', 'bad.json'], 'UserPool.SchemaAttributes[0].Required must be true'],
      [['f.csv', '--schema', 'bad.json', '--user-pool-id', 'eu-west-1_A'], 'not both'],
    ];
    const desk = await deskWith({
      'f.csv': people(1),
      'other.json': '{"UserPools": []}',
      'bad.json': '{"UserPool": {"Id": "x_y", "SchemaAttributes": [{"Name": "a", "Required": 1}]}}',
    });
    const ended = await desk.inTurn(wrong.map(([args]) => args));
    for (const [at, one] of ended.entries()) expectRefusal(one, desk, wrong[at]?.[1] ?? 'never');
  });
});

function expectRefusal(ended: Answer, desk: Desk, text: string): void {
  expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code: 2, stdout: '' });
  expect(ended.stderr).toContain(text);
  expect(ended.stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
  expect(ended.stderr).not.toMatch(stackTrace);
  expect(desk.runs).toEqual([]);
}

describe.concurrent('a file that can not be checked as a whole', () => {
  it('ends with 2 and leaves nothing', async () => {
    const wrong = {
      'unclosed-quote.csv': 'never closed',
      'broken-bytes.csv': 'not valid UTF-8',
      'truncated.csv.gz': 'truncated.csv.gz',
      'empty.csv': 'is empty',
      'header-twice.csv': 'header-twice.csv',
    };
    const desk = await deskWith({});
    const ended = await desk.inTurn(
      Object.keys(wrong).map((name) => [join(fixtures, 'small', name), '--fix', 'fixed.csv']),
    );
    for (const [at, text] of Object.values(wrong).entries()) {
      expectRefusal(ended[at] ?? { code: null, stdout: '', stderr: '' }, desk, text);
    }
    expect(readdirSync(desk.folder).filter((it) => it.startsWith('fixed'))).toEqual([]);
  });

  it('ends with 130 on Ctrl-C and leaves nothing', async () => {
    const desk = await deskWith({ 'f.csv': people(300_000, { name: (n) => 'x'.repeat(n % 90) }) });
    const args = ['validate', 'f.csv', '--run', 'v', '--fix', 'fixed.csv'];
    const { child, ended } = startCli(args, { cwd: desk.folder });
    while (!existsSync(join(desk.folder, 'reports/v/results.csv.part'))) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(desk.runs).toEqual([]);
    expect(readdirSync(desk.folder).sort()).toEqual(['f.csv', 'reports']);
  });
});

describe.concurrent('--format github', () => {
  const commands = ({ stdout }: Ended): string[] =>
    stdout.split('\n').filter((line) => line.startsWith('::'));

  it('annotates lines, ten errors and ten warnings at most', async () => {
    const desk = await deskWith({
      'f.csv': people(30, { locale: () => 'nowhere!', birthdate: (n) => (n > 10 ? 'x' : '') }),
    });
    const ended = await desk.validate(['./f.csv', '--format', 'github']);
    expect(ended.code).toBe(1);
    const lines = commands(ended);
    expect(lines.filter((line) => line.startsWith('::error '))).toHaveLength(10);
    expect(lines.filter((line) => line.startsWith('::warning '))).toHaveLength(10);
    expect(lines[0]).toBe(
      '::error file=f.csv,line=12,title=invalid-birthdate::"birthdate" is not a date that Cognito takes: write it as YYYY-MM-DD.',
    );
  });

  it('escapes what would end a value, and annotates the header', async () => {
    const desk = await deskWith({ 'a,b:c%.csv': 'username,100%\nada,x\n' });
    const ended = await desk.validate(['a,b:c%.csv', '--format', 'github']);
    expect(ended.code).toBe(2);
    expect(commands(ended)[0]).toMatch(
      /^::error file=a%2Cb%3Ac%25\.csv,line=1,title=unknown-attribute::"100%25" is not/,
    );
  });

  it('leaves standard output to --json', async () => {
    const desk = await deskWith({ 'f.csv': mixed });
    const ended = await desk.validate(['f.csv', '--format', 'github', '--json']);
    expect(summaryIn(ended).exitCode).toBe(1);
    expect(ended.stderr).toContain('::error file=f.csv,line=3,');
  });
});

describe.concurrent('--fix', () => {
  const broken = [
    'username;password;email;birthdate;enabled',
    ' ada;"a;""1"; ada@example.com;1990-1-2;yes',
    'bob;=1+1;"Bob; jr <bob@example.com>";03/04/1990;true',
    'cid;too few',
    'dan;  ;dan@gmial.com;;',
    '',
  ].join('\r\n');

  it('writes the safe corrections and nothing else, passwords as they were', async () => {
    const desk = await deskWith({ 'f.csv': broken });
    const { stdout } = await desk.validate(['f.csv', '--fix', 'fixed.csv']);
    expect(desk.text('fixed.csv').split('\n')).toEqual([
      'username;password;email;birthdate;enabled',
      'ada;"a;""1";ada@example.com;1990-01-02;true',
      'bob;=1+1;bob@example.com;03/04/1990;true',
      'cid;too few',
      'dan;  ;dan@gmial.com;;',
      '',
    ]);
    expect(desk.mode('fixed.csv')).toBe('600');
    expect(stdout).toContain(
      'fixed.csv: 5 cells corrected (2 surrounding-space, 1 invalid-birthdate, 1 not-a-boolean, 1 invalid-email)',
    );
    expect(stdout).toContain('line 2, birthdate: invalid-birthdate');
  });

  it('gives a file with fewer problems, and none that could be corrected', async () => {
    const desk = await deskWith({ 'f.csv': broken });
    const before = summaryIn(await desk.validate(['f.csv', '--fix', 'fixed.csv', '--json']));
    const ended = await runCli(['validate', 'fixed.csv', '--json'], { cwd: desk.folder });
    const after = summaryIn(ended);
    expect(after.problems?.errors).toBeLessThan(before.problems?.errors ?? 0);
    expect(after.problems?.mendable).toBe(0);
    expect(after.rows.total).toBe(before.rows.total);
  });

  it('tells the corrections in the JSON document too', async () => {
    const desk = await deskWith({ 'f.csv': broken });
    const { stdout } = await desk.validate(['f.csv', '--fix', 'fixed.csv', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      fix: { file: 'fixed.csv', byCode: { 'surrounding-space': 2 } },
    });
  });

  it('never writes over a file, and leaves it as it was', async () => {
    const desk = await deskWith({ 'f.csv': broken, 'fixed.csv': 'mine' });
    const commands = ['fixed.csv', 'f.csv'].map((target) => ['f.csv', '--fix', target]);
    for (const one of await desk.inTurn(commands)) expectRefusal(one, desk, 'is not overwritten');
    expect([desk.text('f.csv'), desk.text('fixed.csv')]).toEqual([broken, 'mine']);
  });

  it('writes a file so that it reads as before', async () => {
    const desk = await deskWith({});
    const small = ['aws-import', 'excel-sep-line', 'quoted-line-breaks', 'tab', 'formula-cells'];
    const names = [...[...small, 'stray-quote'].map((name) => `small/${name}.csv`), 'users.csv'];
    const commands = names.flatMap((name, at) => [
      ['validate', join(fixtures, name), '--fix', `${at}.csv`, '--json', '--run', `before-${at}`],
      ['validate', `${at}.csv`, '--json', '--run', `after-${at}`],
    ]);
    const ended = await runInTurn(commands, { cwd: desk.folder });
    const usernames = (run: string): string[] =>
      parse<Record<string, string>>(desk.text('reports', run, 'results.csv'), {
        columns: true,
      }).map(({ username = '' }) => username);
    for (const [at, name] of names.entries()) {
      const [before, after] = ended.slice(2 * at).map(summaryIn);
      expect(after?.rows.total, name).toBe(before?.rows.total);
      expect(after?.rows.total).toBeGreaterThan(0);
      expect(usernames(`after-${at}`)).toEqual(
        usernames(`before-${at}`).map((username) => username.trim()),
      );
    }
  });

  it('writes UTF-8 with a mark where the file was in another encoding', async () => {
    const desk = await deskWith({});
    const file = join(fixtures, 'small/shift_jis.csv');
    await desk.validate([file, '--encoding', 'shift_jis', '--fix', 'fixed.csv']);
    const bytes = readFileSync(join(desk.folder, 'fixed.csv'));
    expect(bytes.subarray(0, 3).toString('hex')).toBe('efbbbf');
    const { code } = await runCli(['validate', 'fixed.csv'], { cwd: desk.folder });
    expect(code).toBe(0);
  });

  it('puts the guard of our own rejects.csv back', async () => {
    const desk = await deskWith({
      'f.csv': "username,email,nickname,error_code,error_message\nada, a@b.co,'=x ,c,m\n",
    });
    await desk.validate(['f.csv', '--fix', 'fixed.csv']);
    expect(desk.text('fixed.csv').split('\n')[1]).toBe("ada,a@b.co,'=x,c,m");
  });
});
