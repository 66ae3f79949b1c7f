import { appendFileSync, mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, vi } from 'vitest';

import type { Summary } from '../../src/report/summary.js';
import { main, startProgram } from '../support/cli.js';
import type { Ended, Running } from '../support/cli.js';
import { fast, openPlace, people, stackTrace, until } from '../support/place.js';
import type { Place } from '../support/place.js';

// Most of the time these wait for each other's clock, not for the processor.
vi.setConfig({ maxConcurrency: 4 });

/** A file of which a run reads more than once while it writes: a piece has 64 KiB. */
const wide = { family_name: () => 'x'.repeat(400) };
const rows = 320;
const file = people(rows, wide);
/** So few at once that the run has read little of the file when the first users are there. */
const slowly = ['--concurrency', '4', ...fast];

const slow = { latencyMs: 10 };

/** Starts a command in a shell that sends its streams elsewhere: `>/dev/full`. */
function redirected(place: Place, redirection: string, ...args: string[]): Running {
  const command = ['-c', `exec "$@" ${redirection}`, 'sh', process.execPath, main, ...args];
  return startProgram('sh', command, { cwd: place.folder, env: place.env });
}

function expectNoTrace({ stderr }: Ended): void {
  expect(stderr).not.toMatch(stackTrace);
  expect(stderr).not.toMatch('This was not expected');
}

describe.concurrent('a file that changes while a run writes', () => {
  const changes = [
    {
      command: 'import',
      how: 'gets a row more',
      change: (path: string) => {
        appendFileSync(path, 'x,y@example.com\n');
      },
    },
    {
      command: 'sync',
      how: 'is cut off',
      change: (path: string) => {
        truncateSync(path, 1_000);
      },
    },
  ];

  it.for(changes)(
    '$how: $command stops with 3, tells what is so, and resume goes on',
    async ({ command, change }) => {
      const place = await openPlace(slow);
      const path = await place.write('f.csv', file);
      const { ended } = place.start([command, 'f.csv', '--run', 'r', '--json', ...slowly]);
      await until(() => place.pool.userCount >= 5);
      change(path);
      const stopped = await ended;
      expect(stopped.code, stopped.stderr).toBe(3);
      expectNoTrace(stopped);
      expect(stopped.stderr).toMatch(
        /"f\.csv" was changed while it was read: put its content back, then resume\. .*results\.csv/,
      );
      const made = place.pool.userCount;
      expect(made).toBeLessThan(rows);
      const summary = JSON.parse(stopped.stdout) as Summary;
      expect(summary).toEqual(place.summary());
      expect(summary).toMatchObject({ outcome: 'stopped', exitCode: 3 });
      expect(summary.reason).toMatch(/^file-changed: "f\.csv" was changed/);
      expect(summary.rows).toEqual({
        total: rows,
        byStatus: { created: made, 'not-attempted': rows - made },
      });
      expect(() => place.text('results.csv')).toThrow('ENOENT');

      expect((await place.run(['report', 'r'])).code).toBe(2);
      await place.write('f.csv', file);
      expect((await place.run(['report', 'r'])).code).toBe(0);
      expect(place.statuses()).toEqual({ created: made, 'not-attempted': rows - made });
      const resumed = await place.resume();
      expect(resumed.code, resumed.stderr).toBe(0);
      expect(place.statuses()).toEqual({ created: rows });
      expect(place.calls('AdminCreateUser')).toBe(rows);
    },
  );

  it('is deleted: nothing is missing, since it stays open', async () => {
    const place = await openPlace(slow);
    const path = await place.write('f.csv', file);
    const { ended } = place.start(['import', 'f.csv', '--run', 'r', ...slowly]);
    await until(() => place.pool.userCount >= 5);
    rmSync(path);
    const { code, stderr } = await ended;
    expect(code, stderr).toBe(0);
    expect(place.statuses()).toEqual({ created: rows });
  });

  it('says on a screen what to do, and names no report that is not there', async () => {
    const place = await openPlace(slow);
    const path = await place.write('f.csv', file);
    const { ended } = place.start(['import', 'f.csv', '--run', 'r', ...slowly]);
    await until(() => place.pool.userCount >= 5);
    appendFileSync(path, 'x,y@example.com\n');
    const { code, stdout } = await ended;
    expect(code).toBe(3);
    expect(stdout).toMatch('put back what was changed, then: cognito-bulk resume reports/r');
    expect(stdout).not.toMatch('results.csv');
  });

  it('after all users were made: 3, and resume writes the reports without a call', async () => {
    const place = await openPlace({ latencyMs: 300 });
    const path = await place.write('f.csv', people(3));
    const { ended } = place.start(['import', 'f.csv', '--run', 'r', ...fast]);
    // All of a small file is read by then, and the answers are still to come.
    await until(() => place.calls('AdminCreateUser') >= 1 || place.pool.userCount >= 1);
    appendFileSync(path, 'x,y@example.com\n');
    const { code, stderr } = await ended;
    expect(code, stderr).toBe(3);
    expect(place.summary().rows.byStatus).toEqual({ created: 3 });
    await place.write('f.csv', people(3));
    const resumed = await place.resume();
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(place.statuses()).toEqual({ created: 3 });
    expect(place.calls('AdminCreateUser')).toBe(3);
  });
});

describe.concurrent('a plan that is taken away while its run writes', () => {
  it('stops a sync with 3, and resume goes on once it is back', async () => {
    const place = await openPlace({ latencyMs: 100 });
    await place.write('f.csv', people(12));
    const { ended } = place.start(['sync', 'f.csv', '--run', 'r', '--concurrency', '2', ...fast]);
    await until(() => place.pool.userCount >= 1);
    const plan = place.text('plan.jsonl');
    rmSync(place.path('reports', 'r', 'plan.jsonl'));
    const stopped = await ended;
    expect(stopped.code, stopped.stderr).toBe(3);
    expectNoTrace(stopped);
    expect(place.summary()).toMatchObject({ outcome: 'stopped', exitCode: 3 });
    expect(place.summary().reason).toMatch(/^plan-changed: /);
    expect(place.summary().rows.byStatus.created).toBe(place.pool.userCount);
    writeFileSync(place.path('reports', 'r', 'plan.jsonl'), plan);
    const resumed = await place.resume();
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(place.statuses()).toEqual({ created: 12 });
    expect(place.calls('AdminCreateUser')).toBe(12);
  });

  it('stops an undo the same way', async () => {
    const place = await openPlace({ latencyMs: 100 });
    await place.write('f.csv', people(12));
    await place.imported('f.csv');
    const undoing = place.start(['undo', 'r', '--yes', '--concurrency', '2', ...fast]);
    await until(() => place.pool.userCount < 12);
    const [run = ''] = (await place.runs()).filter((name) => name.includes('undo'));
    const plan = place.text('plan.jsonl', run);
    rmSync(place.path('reports', run, 'plan.jsonl'));
    const stopped = await undoing.ended;
    expect(stopped.code, stopped.stderr).toBe(3);
    expectNoTrace(stopped);
    expect(place.summary(run).reason).toMatch(/^plan-changed: /);
    writeFileSync(place.path('reports', run, 'plan.jsonl'), plan);
    expect((await place.run(['resume', run, ...fast])).code).toBe(0);
    expect(place.pool.userCount).toBe(0);
  });
});

describe.concurrent('a log that can not be written', () => {
  it.for(['--log-format=json', '--log-format=text', '--json'])(
    'lets the run go on to its reports and its own exit code: %s',
    async (way) => {
      const place = await openPlace();
      await place.write('f.csv', people(30) + 'broken\n');
      const args = ['import', 'f.csv', '--run', 'r', way, '--verbose', ...fast];
      const { code, stdout } = await redirected(place, '2>/dev/full', ...args).ended;
      expect(code, stdout).toBe(1);
      expect(place.statuses()).toEqual({ created: 30, invalid: 1 });
      expect(place.summary().exitCode).toBe(1);
    },
  );

  it('says what is wrong by its exit code alone', async () => {
    const place = await openPlace();
    for (const way of ['text', 'json']) {
      const args = ['import', 'nobody.csv', '--log-format', way];
      expect((await redirected(place, '2>/dev/full', ...args).ended).code, way).toBe(2);
    }
  });
});

describe.concurrent('standard output that can not be written', () => {
  const lost = /Standard output can't be written \(ENOSPC\): reports\/r\/summary\.json says how/;

  it.for(['--log-format=text', '--json', '--log-format=json'])(
    'ends a whole import with 3, its reports whole, and resume with 0: %s',
    async (way) => {
      const place = await openPlace();
      await place.write('f.csv', people(30));
      const args = ['import', 'f.csv', '--run', 'r', way, ...fast];
      const ended = await redirected(place, '>/dev/full', ...args).ended;
      expect(ended.code, ended.stderr).toBe(3);
      expect(ended.stderr.match(/Standard output/g)).toHaveLength(1);
      expect(ended.stderr).toMatch(lost);
      expectNoTrace(ended);
      expect(place.statuses()).toEqual({ created: 30 });
      expect(place.summary()).toMatchObject({ outcome: 'complete', exitCode: 0 });
      const resumed = await place.resume();
      expect(resumed.code).toBe(0);
      expect(resumed.stdout).toMatch('30');
      expect(place.calls('AdminCreateUser')).toBe(30);
    },
  );

  it('leaves another exit code as it is', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(3) + 'broken\n');
    const args = ['import', 'f.csv', '--run', 'r', '--json', ...fast];
    const ended = await redirected(place, '>/dev/full', ...args).ended;
    expect(ended.code, ended.stderr).toBe(1);
    expect(ended.stderr).toMatch(lost);
  });

  it('ends with 2 what writes to no pool', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(3));
    const commands = [
      ['validate', 'f.csv', '--json'],
      ['import', 'f.csv', '--dry-run'],
      ['pool'],
      ['--help'],
    ];
    for (const args of commands) {
      const ended = await redirected(place, '>/dev/full', ...args).ended;
      expect(ended.code, args.join(' ') + ended.stderr).toBe(2);
      expect(ended.stderr.match(/Standard output can't be written \(ENOSPC\)/g)).toHaveLength(1);
      expectNoTrace(ended);
    }
    expect(place.calls('AdminCreateUser')).toBe(0);
  });
});

describe.concurrent('a command line that can not be carried out', () => {
  it('is refused in a folder that was deleted', async () => {
    const place = await openPlace();
    mkdirSync(place.path('gone'));
    const args = ['-c', 'cd gone && rmdir ../gone && exec "$@"', 'sh', process.execPath, main];
    const ended = await startProgram('sh', [...args, 'validate', 'f.csv'], { cwd: place.folder })
      .ended;
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({
      code: 2,
      stderr: 'cognito-bulk: The current folder was deleted: change to one that is there.\n',
    });
  });

  const wrong = [
    {
      args: ['import', 'f.csv', '--invite', 'mail'],
      said: '--invite is none, email or sms, and not "mail": did you mean email?',
    },
    {
      args: ['import', 'f.csv', '--invite', 'pigeon'],
      said: '--invite is none, email or sms, and not "pigeon".',
    },
    {
      args: ['verify', 'sned', 'f.csv'],
      said: 'ACTION is send or confirm, and not "sned": did you mean send?',
    },
  ];
  const errors = wrong.map(({ said }) => ({ code: 2, stderr: `cognito-bulk: ${said}\n` }));

  it('names the choices', async () => {
    const place = await openPlace();
    const ended = await place.inTurn(wrong.map(({ args }) => args));
    expect(ended.map(({ code, stderr }) => ({ code, stderr }))).toEqual(errors);
  });

  it('says the same whatever the language, in which the parser would speak', async () => {
    const place = await openPlace();
    const env = { LC_ALL: 'ja_JP.UTF-8' };
    const { code, stderr } = await place.run(wrong[0]?.args ?? [], { env });
    expect({ code, stderr }).toEqual(errors[0]);
  });
});

describe('a process', () => {
  it('ends with the command, whatever is still open, and with all that it says', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(3));
    await place.write('open.mjs', 'setInterval(() => undefined, 1_000);');
    const env = { NODE_OPTIONS: `--import=${pathToFileURL(place.path('open.mjs')).href}` };
    const running = place.start(['validate', 'f.csv', '--json'], { env });
    const { code, stdout } = await running.ended;
    expect({ code, ...(JSON.parse(stdout) as object) }).toMatchObject({
      code: 0,
      rows: { total: 3 },
    });
  });
});
