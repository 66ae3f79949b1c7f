import { parse } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

import { fixtures, runCli, type Ended } from '../support/cli.js';
import {
  fast,
  openPlace,
  poolOf,
  resultColumns,
  temporaryFolder,
  type Place,
} from '../support/place.js';

/** What fixtures/README.md says of users.csv: every line that is not valid, with its code. */
const invalid = new Map([
  ['27', 'missing-username'],
  ['52', 'invalid-email'],
  ['58', 'duplicate-username'],
  ['81', 'invalid-phone-number'],
  ['121', 'wrong-column-count'],
  ['152', 'wrong-column-count'],
  ['176', 'value-too-long'],
  ['203', 'not-a-number'],
  ['232', 'not-a-boolean'],
  ['256', 'weak-password'],
  ['280', 'invalid-username'],
  ['306', 'not-a-boolean'],
  ['330', 'unknown-group'],
  ['364', 'invalid-birthdate'],
]);

const file = join(fixtures, 'users.csv');

interface Parsed {
  readonly record: string[];
  readonly raw: string;
}

/** The file as csv-parse alone reads it: cells by the line on which their record starts. */
function recordsOf(path: string): { header: string[]; rows: Map<string, string[]> } {
  const [first, ...records] = parse(readFileSync(path), {
    relax_column_count: true,
    raw: true,
  }) as unknown as Parsed[];
  const rows = new Map<string, string[]>();
  let line = 2;
  for (const { record, raw } of records) {
    rows.set(String(line), record);
    line += raw.match(/\r\n|\n|\r/g)?.length ?? 0;
  }
  return { header: first?.record ?? [], rows };
}

/** What Cognito is to hold of a cell. */
function expected(name: string, cell: string): string {
  return name === 'phone_number' ? `+${cell.replace(/\D/g, '')}` : cell;
}

describe('the people of fixtures/users.csv', () => {
  const { header, rows } = recordsOf(file);
  let place: Place;
  let ended: Ended;

  beforeAll(async () => {
    place = await openPlace({ settings: poolOf('plain-username') });
    ended = await place.import(file);
  });

  it('has 340 records in the test own reading too', () => {
    expect(rows.size).toBe(340);
    expect([...invalid.keys()].every((line) => rows.has(line))).toBe(true);
  });

  it('ends with 1, since some rows are not fine', () => {
    expect(ended.code, ended.stderr).toBe(1);
  });

  it('says of every line exactly what the README of the fixtures says', () => {
    const said = place.results().map(({ line, status, code }) => [line, status, code]);
    const wanted = [...rows.keys()].map((line) => {
      const code = invalid.get(line);
      return code === undefined ? [line, 'created', ''] : [line, 'invalid', code];
    });
    expect(said).toEqual(wanted);
  });

  it('has every created row in the pool, attribute by attribute, and nobody else', () => {
    const users = place.users();
    const at = (row: string[], name: string): string => row[header.indexOf(name)] ?? '';
    const apart = ['username', 'password', 'groups', 'enabled'];
    for (const { line, username, sub, steps } of place.results()) {
      const row = rows.get(line);
      if (!row || invalid.has(line)) continue;
      const user = users.get(username.toLowerCase()) ?? users.get(username);
      const groups = at(row, 'groups').split(';').filter(Boolean);
      const enabled = at(row, 'enabled') !== 'false';
      const attributes = header
        .map((name, index) => [name, row[index] ?? ''] as const)
        .filter(([name, cell]) => !apart.includes(name) && cell !== '')
        .map(([name, cell]) => [name, expected(name, cell)] as const);
      expect(username, `line ${line}`).toBe(at(row, 'username'));
      expect(
        user && { ...user, groups: [...user.groups].sort() },
        `line ${line}, ${username}`,
      ).toEqual({
        username: user?.username,
        sub,
        status: 'FORCE_CHANGE_PASSWORD',
        enabled,
        attributes: Object.fromEntries(attributes),
        groups: groups.sort(),
      });
      expect(steps.split('+'), `line ${line}`).toEqual([
        'create',
        ...(at(row, 'password') === '' ? [] : ['password']),
        ...(groups.length > 0 ? ['groups'] : []),
        ...(enabled ? [] : ['disable']),
      ]);
    }
    expect(users.size).toBe(326);
    expect(place.calls('AdminCreateUser')).toBe(326);
    expect(place.pool.messages).toEqual([]);
  });

  it('writes the columns of results.csv in the order of the contract', () => {
    expect(place.cells('results.csv')[0]).toEqual([...resultColumns]);
    for (const { finished_at, attempts, status } of place.results()) {
      expect(new Date(finished_at).toISOString()).toBe(finished_at);
      expect(attempts).toBe(status === 'created' ? '1' : '0');
    }
  });

  it('puts the invalid rows into rejects.csv as they were, without the password', () => {
    const [rejectHeader, ...rejects] = place.cells('rejects.csv');
    const password = header.indexOf('password');
    const own = header.filter((name) => name !== 'password');
    expect(rejectHeader).toEqual([...own, 'error_code', 'error_message']);
    expect(rejects.map((cells) => cells.at(-2))).toEqual([...invalid.values()]);
    for (const [index, line] of [...invalid.keys()].entries()) {
      const cells = rejects[index]?.slice(0, -2);
      const row = rows.get(line) ?? [];
      if (row.length === header.length) {
        const shown = row.filter((_, at) => at !== password);
        // A leading + is guarded.
        expect(cells).toEqual(shown.map((cell) => cell.replace(/^(?=[=+\-@\t\r])/, "'")));
      } else {
        // Which of its cells is the password nobody can say, so some of them stay empty.
        expect(cells?.length, 'as many too few or too many as before').toBe(row.length - 1);
        expect(cells?.slice(0, 10)).toEqual(
          row.slice(0, 10).map((cell) => cell.replace(/^(?=[=+\-@\t\r])/, "'")),
        );
      }
    }
  });

  it('writes summary.json to the letter of the contract', () => {
    const summary = place.summary();
    expect(Object.keys(summary)).toEqual([
      ...['run', 'command', 'file', 'pool', 'startedAt', 'finishedAt', 'durationSeconds'],
      ...['outcome', 'reason', 'rows', 'byCode', 'calls', 'rates', 'exitCode'],
    ]);
    const codes: Record<string, number> = {};
    for (const code of invalid.values()) codes[code] = (codes[code] ?? 0) + 1;
    expect(summary).toMatchObject({
      run: 'r',
      command: 'import',
      file: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string, rows: 340 },
      pool: { id: place.pool.userPoolId, region: 'eu-central-1' },
      outcome: 'complete',
      reason: null,
      rows: { total: 340, byStatus: { created: 326, invalid: 14 } },
      calls: { AdminCreateUser: { ok: 326, throttled: 0, retried: 0, failed: 0 } },
      exitCode: 1,
    });
    expect(summary.byCode).toEqual(codes);
    expect(Object.keys(summary.file)).toEqual(['name', 'sha256', 'rows']);
    expect(summary.rates.UserCreation).toEqual({
      limit: 5000,
      share: 1,
      achieved: expect.any(Number) as number,
    });
    expect(summary.rates.UserCreation?.achieved).toBeGreaterThan(0);
    expect(Date.parse(summary.finishedAt)).toBeGreaterThanOrEqual(Date.parse(summary.startedAt));
  });

  it('tells on the screen what there is and where the report is', () => {
    for (const text of [
      'created',
      '326',
      'invalid',
      '14',
      'weak-password',
      'reports/r/results.csv',
    ])
      expect(ended.stdout).toContain(text);
  });

  it('takes the mended rejects and makes exactly those people', async () => {
    const [own, ...rejects] = place.cells('rejects.csv');
    if (!own) throw new Error('no header');
    const at = (name: string): number => own.indexOf(name);
    const mend: Readonly<Record<string, readonly [string, string]>> = {
      'missing-username': ['username', 'now.named'],
      'invalid-email': ['email', 'maria.keller@example.com'],
      'duplicate-username': ['username', 'tariq.hussain.2'],
      'invalid-phone-number': ['phone_number', "'+442079460018"],
      'value-too-long': ['address', 'short'],
      'not-a-number': ['custom:cost_center', '4100'],
      'invalid-username': ['username', 'ana.maria.silva'],
      'unknown-group': ['groups', 'staff'],
      'invalid-birthdate': ['birthdate', '1990-02-28'],
    };
    const rest = rejects
      .filter((cells) => cells.at(-2) !== 'wrong-column-count')
      .map((cells) => {
        const [name, value] = mend[cells[at('error_code')] ?? ''] ?? [];
        const mended = [...cells];
        if (name !== undefined && value !== undefined) mended[at(name)] = value;
        if (cells[at('custom:newsletter')] === 'ja') mended[at('custom:newsletter')] = 'true';
        if (cells[at('enabled')] === 'on leave') mended[at('enabled')] = 'false';
        return mended;
      });
    const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
    const text = [own, ...rest].map((cells) => cells.map(quoted).join(',')).join('\n');
    await place.write('mended.csv', text);
    const again = await place.run(['import', 'mended.csv', '--run', 'again', ...fast]);
    expect(again.code, again.stderr + place.text('results.csv', 'again')).toBe(0);
    expect(place.statuses('again')).toEqual({ created: 12 });
    const users = place.users();
    expect(users.size).toBe(338);
    expect(users.get('now.named')?.attributes).toMatchObject({
      phone_number: expected('phone_number', rows.get('27')?.[2] ?? ''),
    });
    expect(Object.keys(users.get('now.named')?.attributes ?? {})).not.toContain('error_code');
  });
});

describe.concurrent('demo', () => {
  it('needs no account, ends with the summary, and leaves the reports', async () => {
    const cwd = await temporaryFolder();
    const ended = await runCli(['demo', '--json', '--no-quotas', '--no-progress', ...fast], {
      cwd,
    });
    expect(ended.code, ended.stderr).toBe(1);
    const summary = JSON.parse(ended.stdout) as { run: string; rows: unknown };
    expect(summary.rows).toEqual({ total: 340, byStatus: { created: 326, invalid: 14 } });
    const report = (name: string): string =>
      readFileSync(join(cwd, 'reports', summary.run, name), 'utf8');
    expect(report('results.csv')).toContain('missing-username');
    expect(report('report.html'), 'its pool is gone').not.toMatch(/cognito-bulk (resume|undo)/);
  });

  it('takes a file of your own', async () => {
    const cwd = await temporaryFolder();
    const args = ['demo', join(fixtures, 'small/utf16be-bom.csv'), '--no-quotas', ...fast];
    const ended = await runCli(args, { cwd });
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stdout).toMatch(/Done: 5 rows/);
  });
});
