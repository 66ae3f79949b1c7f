import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import type { RowResult, Status } from '../../src/apply/result.js';
import type { FiguresEntry } from '../../src/journal/entries.js';
import { readHeader } from '../../src/record/header.js';
import { reportable } from '../../src/record/reportable.js';
import { sumFigures } from '../../src/report/summary.js';
import { writeReports } from '../../src/report/write-reports.js';
import type { ReportedRow } from '../../src/report/write-reports.js';
import { poolOf, settingsWith } from '../record/reading.js';
import { temporaryFolder } from '../support/folder.js';

const read = (folder: string, name: string): string[][] =>
  parse(readFileSync(join(folder, name)), { relax_column_count: true });

const statuses: readonly Status[] = [
  'created',
  'updated',
  'unchanged',
  'exists',
  'partial',
  'failed',
  'invalid',
  'not-attempted',
];

async function* batches(count: number): AsyncGenerator<ReportedRow[]> {
  for (let row = 0; row < count; row++) {
    await Promise.resolve();
    yield [{ line: row + 2, username: `user-${row}`, cells: [`user-${row}`, 'x,y'] }];
  }
}

const resultOf = (row: number, more: Partial<RowResult> = {}): RowResult & { at: number } => ({
  row,
  line: row + 2,
  username: `user-${row}`,
  status: 'created',
  steps: ['create', 'password'],
  attempts: 2,
  final: true,
  at: Date.UTC(2026, 0, 1),
  ...more,
});

describe('the reports of a run', () => {
  it('have a line for each row in its order, and the rows that are not fine once more', async () => {
    const folder = temporaryFolder();
    const { tally } = await writeReports({
      folder,
      header: ['username', 'note'],
      mask: false,
      rows: batches(9),
      // The last row has no result.
      resultOf: (row) => {
        const status = statuses[row];
        return status && resultOf(row, { status, ...(row > 2 && { code: 'X', message: '=m' }) });
      },
    });
    const results = read(folder, 'results.csv');
    expect(results[0]).toEqual(
      'line,username,status,sub,code,message,steps,attempts,finished_at'.split(','),
    );
    expect(results.slice(1).map((cells) => cells[2])).toEqual([...statuses, 'not-attempted']);
    expect(results[1]).toEqual([
      '2',
      'user-0',
      'created',
      '',
      '',
      '',
      'create+password',
      '2',
      '2026-01-01T00:00:00.000Z',
    ]);
    expect(results[9]).toEqual(['10', 'user-8', 'not-attempted', '', '', '', '', '0', '']);
    expect(read(folder, 'rejects.csv')).toEqual([
      ['username', 'note', 'error_code', 'error_message'],
      ...[4, 5, 6, 7].map((row) => [`user-${row}`, 'x,y', 'X', "'=m"]),
      ['user-8', 'x,y', 'not-attempted', ''],
    ]);
    expect(tally.total).toBe(9);
    expect(tally.byStatus).toEqual({
      ...Object.fromEntries(statuses.map((status) => [status, 1])),
      'not-attempted': 2,
    });
    expect(tally.byCode).toEqual({ X: 5 });
  });

  it('leave the old ones where the file can’t be read to its end', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'results.csv'), 'old results');
    writeFileSync(join(folder, 'rejects.csv'), 'old rejects');
    async function* breaking(): AsyncGenerator<ReportedRow[]> {
      yield* batches(3);
      throw new Error('the disk is gone');
    }
    const work = writeReports({ folder, header: ['a'], rows: breaking(), resultOf, mask: false });
    await expect(work).rejects.toThrow('the disk is gone');
    expect(readFileSync(join(folder, 'results.csv'), 'utf8')).toBe('old results');
    expect(readFileSync(join(folder, 'rejects.csv'), 'utf8')).toBe('old rejects');
    expect(existsSync(join(folder, 'results.csv.part'))).toBe(false);
  });
});

describe('what of a row may stand in a report', () => {
  /** A header without the password, and each row's cells and username. */
  const shownOf = (header: string, ...rows: string[]): [string, ...string[]] => {
    const pool = poolOf(header.includes('username') ? {} : { UsernameAttributes: ['email'] });
    const read = readHeader({ line: 1, cells: header.split('|') }, pool, settingsWith());
    if (!read.header) throw new Error('the header is wrong');
    const shown = reportable(read.header);
    return [
      shown.header.join('|'),
      ...rows.map((text, index) => {
        const row = { line: index + 2, cells: text.split('|') };
        return `${shown.cellsOf(row).join('|')} by ${shown.usernameOf(row)}`;
      }),
    ];
  };

  it('is all but the password', () => {
    expect(shownOf('username|password|email|name', 'ada|SECRET|a@x.org|Ada')).toEqual([
      'username|email|name',
      'ada|a@x.org|Ada by ada',
    ]);
  });

  it('is nothing where the password may have slipped to', () => {
    const rows = ['ada|x|SECRET|a@x.org|Ada', 'SECRET|a@x.org|Ada', 'SECRET', 'a|b|c|SECRET|d|Ada'];
    for (const row of shownOf('username|password|email|name', ...rows)) {
      expect(row).not.toContain('SECRET');
    }
  });

  it('keeps what it can’t have slipped to', () => {
    const [, row] = shownOf('username|email|name|password', 'ada|a@x.org|Lovelace|Ada|SECRET');
    expect(row).toBe('ada|a@x.org|| by ada');
  });

  it('is the whole row where the file has no password', () => {
    const [, short, long] = shownOf('username|email|name', 'ada|a@x.org', 'ada|a@x.org|Ada|x');
    expect([short, long]).toEqual(['ada|a@x.org by ada', 'ada|a@x.org|Ada|x by ada']);
  });

  it('takes the address for a name where there is no other', () => {
    const [, row, empty] = shownOf('email|name', 'a@x.org|Ada', '|Ada');
    expect([row, empty]).toEqual(['a@x.org|Ada by a@x.org', '|Ada by ']);
  });

  it('takes our own columns and guards away from our own rejects', () => {
    const [header, row] = shownOf(
      'username|name|error_code|error_message',
      "'+49|'=x|weak-password|too short",
    );
    expect([header, row]).toEqual(['username|name', '+49|=x by +49']);
  });
});

describe('the sum of what was called', () => {
  const entry = (more: Partial<FiguresEntry>): FiguresEntry => ({
    t: 'figures',
    at: 0,
    seconds: 5,
    calls: {},
    rates: {},
    ...more,
  });
  const counts = (
    ok: number,
    throttled = 0,
    retried = 0,
    failed = 0,
  ): {
    ok: number;
    throttled: number;
    retried: number;
    failed: number;
  } => ({ ok, throttled, retried, failed });

  it('is over all sessions', () => {
    const rates = { UserCreation: { limit: 50, share: 0.8 } };
    const sum = sumFigures([
      entry({ calls: { AdminCreateUser: counts(200, 1, 2, 3) }, rates }),
      entry({}),
      entry({
        seconds: 5.004,
        calls: { AdminCreateUser: counts(100, 1), ListUsers: counts(7) },
        rates: { UserCreation: { limit: 40, share: 1 }, UserList: { limit: 30, share: 0.8 } },
      }),
    ]);
    expect(sum).toEqual({
      calls: { AdminCreateUser: counts(300, 2, 2, 3), ListUsers: counts(7) },
      // While it was calling: the five seconds without a call do not count.
      rates: {
        UserCreation: { limit: 40, share: 1, achieved: 29.99 },
        UserList: { limit: 30, share: 0.8, achieved: 1.4 },
      },
      durationSeconds: 15,
    });
  });

  it('adds the operations of a category up', () => {
    const { rates } = sumFigures([
      entry({
        calls: { AdminEnableUser: counts(10), AdminAddUserToGroup: counts(15) },
        rates: { UserUpdate: { limit: 25, share: 1 } },
      }),
    ]);
    expect(rates.UserUpdate?.achieved).toBe(5);
  });

  it('is nothing of nothing', () => {
    expect(sumFigures([])).toEqual({ calls: {}, rates: {}, durationSeconds: 0 });
    const { rates } = sumFigures([
      entry({
        seconds: 0,
        calls: { ListUsers: counts(1) },
        rates: { UserList: { limit: 30, share: 1 } },
      }),
    ]);
    expect(rates.UserList?.achieved).toBe(0);
  });
});
