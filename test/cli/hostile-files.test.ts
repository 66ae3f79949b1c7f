import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createWriteStream } from 'node:fs';
import { memoryUsage } from 'node:process';
import { describe, expect, it, vi } from 'vitest';

import { resumeRun } from '../../src/api/resume/resume-run.js';
import { validateFile } from '../../src/api/validate/validate-file.js';
import { openSource } from '../../src/source/index.js';
import type { Answer } from '../support/in-turn.js';
import { fast, openPlace, people, stackTrace } from '../support/place.js';
import type { Place } from '../support/place.js';

vi.setConfig({ maxConcurrency: 4 });

const megabyte = 1024 * 1024;

function fifo(place: Place, name: string): string {
  execFileSync('mkfifo', [place.path(name)]);
  return name;
}

/** One or two lines, exit 2, nothing called that writes. */
function expectRefused(place: Place, ended: Answer, said: RegExp): void {
  expect(ended.code, ended.stderr).toBe(2);
  expect(ended.stderr).toMatch(said);
  expect(ended.stderr).not.toMatch(stackTrace);
  expect(ended.stderr).not.toMatch(/not expected/);
  expect(ended.stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
  expect([place.pool.userCount, place.calls('AdminCreateUser')]).toEqual([0, 0]);
}

describe.concurrent('as the folder of the reports', () => {
  it('what is none, or takes none, is refused at once', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(2));
    const places = [
      ...['f.csv', 'f.csv/reports', '/proc/cognito-bulk/reports', '/dev/null'],
      // root may write anywhere but here
      '/sys/kernel',
      fifo(place, 'pipe'),
      link(place, 'nothing', 'dangling'),
      link(place, 'loop', 'loop'),
    ];
    const commands = places.flatMap((reports) =>
      ['import', 'validate'].map((command) => [command, 'f.csv', '--reports', reports, ...fast]),
    );
    for (const ended of await place.inTurn(commands)) {
      expectRefused(place, ended, /No run can be kept under .*--reports/);
    }
  });

  it('a link to a folder is that folder', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(2));
    mkdirSync(place.path('elsewhere'), { mode: 0o755 });
    const reports = link(place, 'elsewhere', 'linked');
    const ended = await place.run(['import', 'f.csv', '--reports', reports, ...fast]);
    expect(ended.code, ended.stderr).toBe(0);
    expect(readdirSync(place.path('elsewhere'))).toHaveLength(1);
    expect(place.mode('elsewhere'), 'a folder that was there stays as it was').toBe('755');
  });
});

function link(place: Place, target: string, name: string): string {
  symlinkSync(target, place.path(name));
  return name;
}

describe.concurrent('as FILE', () => {
  it('a link is the file that it leads to, and one to nothing is told', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(2));
    const nothing = await place.run(['import', link(place, 'nothing', 'dangling'), ...fast]);
    expectRefused(place, nothing, /There is no file "dangling"/);
    const loop = await place.run(['import', link(place, 'loop', 'loop'), ...fast]);
    expectRefused(place, loop, /"loop" can't be opened \(ELOOP\)/);
    expect((await place.import(link(place, 'f.csv', 'linked.csv'))).code).toBe(0);
  });

  it('a FIFO is read to its end, and the run says that it can’t be resumed', async () => {
    const place = await openPlace();
    const running = place.start(['import', fifo(place, 'pipe'), '--run', 'r', ...fast]);
    const writer = createWriteStream(place.path('pipe'));
    writer.end(people(3));
    const ended = await running.ended;
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stderr).toMatch(/can't be resumed/);
    expect(place.pool.userCount).toBe(3);
  });
});

describe.concurrent('as another file', () => {
  it('whatever it is for, it may have no end or be none', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(2));
    const ended = await place.inTurn([
      ['validate', 'f.csv', '--config', '/dev/zero'],
      ['validate', 'f.csv', '--schema', '/dev/zero'],
      ['local', '--port', '0', '--schema', '/dev/zero'],
      ['local', '--port', '0', '--faults', '/dev/zero'],
      ['sync', 'f.csv', '--protect', '/dev/zero'],
      ['apply', '/dev/zero'],
      ['validate', 'f.csv', '--config', '.'],
      ['validate', 'f.csv', '--schema', '.'],
      ['apply', '.'],
      ['resume', '/dev'],
    ]);
    for (const one of ended) expectRefused(place, one, /./);
  });

  it('a run’s lock may be a link or a FIFO, and is not followed', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(2));
    await place.imported('f.csv');
    const target = await place.write('precious', 'mine');
    for (const [name, make] of [
      ['a', () => link(place, target, 'reports/a/lock')],
      ['b', () => execFileSync('mkfifo', [place.path('reports', 'b', 'lock')])],
    ] as const) {
      mkdirSync(place.path('reports', name));
      writeFileSync(place.path('reports', name, 'journal.jsonl'), place.text('journal.jsonl'));
      make();
      const ended = await place.run(['resume', name, ...fast]);
      expect(ended.code, ended.stderr).toBe(2);
      expect(ended.stderr).toMatch(/lock .* can't be written/);
    }
    expect(statSync(target).size).toBe(4);
  });

  it('a journal of rows that no file has is refused, and takes no memory', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(2));
    await place.imported('f.csv');
    const path = place.path('reports', 'r', 'journal.jsonl');
    for (const row of ['1e15', '-1', '2', '"0"', '99999999999']) {
      const rest = Array.from({ length: 20_000 }, () => `{"t":"try","rows":[[${row},0]]}\n`).join(
        '',
      );
      const whole = place.text('journal.jsonl');
      appendFileSync(path, rest + ' '.repeat(megabyte));
      const damaged = /journal\.jsonl is damaged in line \d+/;
      await expect(resumeRun({ ...place.library, run: 'r' }), row).rejects.toThrow(damaged);
      for (const command of row === '1e15' ? ['resume', 'report', 'undo'] : []) {
        const yes = command === 'undo' ? ['--yes'] : [];
        const ended = await place.run([command, 'r', ...yes]);
        expect(ended.code, ended.stderr).toBe(2);
        expect(ended.stderr).toMatch(damaged);
      }
      writeFileSync(path, whole);
    }
  });
});

describe.concurrent('on the screen', () => {
  it('no name does anything, whatever the command', async () => {
    const evil = '\u001b]0;x\u0007\u009b2J\u202e\u200f\r';
    const place = await openPlace();
    const name = `${evil.replace('\r', '')}.csv`;
    const header = `username,email,groups,custom:${evil.trim()}`;
    await place.write(name, `${header}\n${evil}ada,ada@example.com,${evil},x\n`);
    await place.write('g.csv', `username,email,${evil}\nada,ada@example.com,x\n`);
    await place.write('h.csv', `username,email,given_name\nada,ada@example.com,${evil}x\n`);
    const commands = [
      ['import', name],
      ['import', 'g.csv'],
      ['import', 'h.csv', '--run', 'h', '--generate-passwords', `pw${name}`],
      ['import', 'h.csv', '--groups', evil],
      ['import', 'h.csv', '--run', evil],
      ['import', 'h.csv', '--reports', evil.trim()],
      ['import', name, '--map', `${evil}=email`],
      ['import', 'h.csv', '--from', evil],
      ['import', 'h.csv', '--default-country', evil],
      ['import', 'h.csv', '--encoding', evil],
      ['import', `missing${name}`],
      ['validate', name],
      ['validate', 'g.csv', '--format', 'github'],
      ['validate', 'h.csv', '--fix', `fixed${name}`],
      ['validate', 'h.csv', '--schema', `missing${name}`],
      ['sync', 'h.csv', '--dry-run', '--show-values'],
      ['sync', 'h.csv', '--scope', `group:${evil}`, '--missing', 'delete'],
      ['sync', 'h.csv', '--protect', `missing${name}`],
      ['apply', `missing${name}`],
      ['resume', evil],
      ['report', evil],
      ['undo', evil],
      ['export', '--output', `no/${name}`],
      ['pool', '--user-pool-id', evil],
      ['validate', 'h.csv', '--config', `missing${name}`],
      ['validate', 'h.csv', `--${evil}`],
      [evil],
    ];
    const ways = [[], ['--json'], ['--log-format', 'json']];
    const asked = commands.map((args, n) => [...args, ...(ways[n % 3] ?? [])]);
    for (const { stdout, stderr } of await place.inTurn(asked)) {
      const said = stdout + stderr;
      expect(said).not.toBe('');
      expect(said.replaceAll('\n', ''), JSON.stringify(said)).not.toMatch(/[\p{Cc}\u200f\u202e]/u);
    }
  });
});

describe('a file without measure', () => {
  it('of one line of 100 MB is refused within little memory', async () => {
    const place = await openPlace();
    const path = place.path('long.csv');
    writeFileSync(path, 'username,email\n');
    const piece = 'x'.repeat(megabyte);
    for (let n = 0; n < 100; n++) appendFileSync(path, piece);
    const { rss } = memoryUsage();
    const source = await openSource(path);
    const read = async (): Promise<void> => {
      for await (const { rows } of source.read()) expect(rows).toEqual([]);
    };
    await expect(read()).rejects.toThrow(/starts on line 2 .* longer than 1048576 bytes/);
    await source.close();
    await expect(
      openSource(await place.write('header.csv', 'x'.repeat(8 * megabyte))),
    ).rejects.toThrow(/longer than 1048576 bytes/);
    expect(memoryUsage().rss - rss).toBeLessThan(100 * megabyte);
  });

  it('of 10,000 columns is told in a few lines', async () => {
    const place = await openPlace();
    const names = Array.from({ length: 10_000 }, (_, n) => `custom:a${n}`);
    await place.write('f.csv', `username,${names.join(',')}\nada${','.repeat(10_000)}\n`);
    const began = performance.now();
    const checked = validateFile({ file: place.path('f.csv'), reports: place.path('reports') });
    await expect(checked).rejects.toThrow(/10000 custom attributes, and a pool can have 50/);
    expect(performance.now() - began).toBeLessThan(20_000);
    const unknown = names.map((name) => name.replace('custom:', 'column'));
    await place.write('g.csv', `username,${unknown.join(',')}\n`);
    const ended = await place.run(['validate', 'g.csv']);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/And 9995 more\./);
  });
});
