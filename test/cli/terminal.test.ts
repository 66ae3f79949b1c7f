import { describe, expect, it, vi } from 'vitest';
import process from 'node:process';

import { syncUsers } from '../../src/api/sync/sync-users.js';
import { importUsers } from '../../src/api/import/import-users.js';
import { resumeRun } from '../../src/api/resume/resume-run.js';
import { main, startProgram } from '../support/cli.js';
import type { Ended } from '../support/cli.js';
import { runInTurn } from '../support/in-turn.js';
import { fast, openPlace, people, poolOf, temporaryFolder, until } from '../support/place.js';
import type { Place } from '../support/place.js';
import { sync } from '../support/syncing.js';

// Most of the time these wait for each other's clock, not for the processor.
vi.setConfig({ maxConcurrency: 8 });

/** An error is one line on standard error, and nothing else. */
function expectRefused(ended: Pick<Ended, 'code' | 'stdout' | 'stderr'>, text: string): void {
  expect({ code: ended.code, stdout: ended.stdout }, ended.stderr).toEqual({ code: 2, stdout: '' });
  expect(ended.stderr).toContain(text);
  expect(ended.stderr.trimEnd().split('\n'), ended.stderr).toHaveLength(1);
}

describe.concurrent('an option that is there or not', () => {
  it.for([
    ['import', '--dry-run=yes'],
    ['import', '--dry-run=1'],
    ['import', '--dry-run=TRUE'],
    ['import', '--dry-run=True'],
    ['import', '--dry-run='],
    ['import', '--rehearse=on'],
    ['sync', '--dry-run=1'],
    ['sync', '--no-dry-run=no'],
  ])('%s %s is refused, and writes nothing', async ([command = '', option = '']) => {
    const place = await openPlace();
    await place.write('f.csv', people(2));
    const ended = await place.run([command, 'f.csv', option, '--run', 'r', ...fast]);
    expectRefused(ended, 'is either true or false');
    expect(place.pool.userCount).toBe(0);
    expect(await place.runs()).toEqual([]);
  });

  it('may be true or false in words', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(2));
    const look = await place.import('f.csv', '--dry-run=true');
    expect([look.code, place.pool.userCount], look.stderr).toEqual([0, 0]);
    const made = await place.import('f.csv', '--dry-run=false', '--run', 'made');
    expect([made.code, place.pool.userCount], made.stderr).toEqual([0, 2]);
  });

  it('is not an option with a value that is taken away', async () => {
    const [ended] = await runInTurn([['sync', 'f.csv', '--no-max-removals']], {
      cwd: await temporaryFolder(),
    });
    expectRefused(ended ?? { code: null, stdout: '', stderr: '' }, '--max-removals takes a value');
  });
});

describe.concurrent('what is wrong is called by its name', () => {
  it.for<[string[], string]>([
    [['import', 'a', 'b'], '"b" is one argument too many'],
    [['doctor', 'extra'], '"extra" is one argument too many'],
    [['local', '--port', 'x'], '--port takes a number.'],
    [['local', '--port', '70000'], '--port takes a number from 0 to 65535'],
    [['local', '--speed', '-3'], '--speed takes a number from'],
    [['local', '--latency', 'x'], '--latency takes a number.'],
    [['local', '--latency=-1'], '--latency takes a number from 0'],
  ])('%j', async ([args, text]) => {
    const [ended] = await runInTurn([args], { cwd: await temporaryFolder() });
    expectRefused(ended ?? { code: null, stdout: '', stderr: '' }, text);
  });

  it('a profile that nobody has, also beside keys, in one sentence', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(1));
    expectRefused(await place.import('f.csv', '--profile', 'ghost'), '--profile');
  });
});

describe.concurrent('the nearest name', () => {
  it.for<[string[], string]>([
    [['sync', 'f.csv', '--key', 'emial'], 'did you mean email?'],
    [['sync', 'f.csv', '--missing', 'disable', '--scope', 'group:stff'], 'did you mean staff?'],
    [['sync', 'f.csv', '--groups', 'stff'], 'the nearest is "staff"'],
    [['import', 'f.csv', '--rate', 'UserCreat=5'], 'Did you mean UserCreation?'],
    [['import', 'f.csv', '--on-existing', 'updat'], 'did you mean update?'],
    [['--verson'], 'did you mean --version?'],
  ])('%j', async ([args, text]) => {
    const settings = poolOf('plain-username');
    const groups = [{ GroupName: 'staff' }];
    const place = await openPlace({ settings: { ...settings, Groups: groups } });
    await place.write('f.csv', people(2));
    expectRefused(await place.run(args), text);
    expect(place.pool.userCount).toBe(0);
  });
});

describe.concurrent('completion', () => {
  it('knows what may stand there, and leaves files to the shell', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(1));
    await place.imported('f.csv');
    const asked = [
      ['verify', ''],
      ['resume', ''],
      ['undo', 'x'],
      ['import', 'f.csv', '--from', 'o'],
      ['import', 'f.csv', ''],
      ['import', 'f.csv', '--schema', ''],
      ['import', 'f.csv', '--invite', ''],
      ['import', 'f.csv', '--dry-r'],
      ['exp'],
      ['completion', '--help'],
    ];
    const commands = asked.map((words) =>
      words.includes('--help') ? words : ['--get-yargs-completions', 'cognito-bulk', ...words],
    );
    const ended = await runInTurn(commands, { cwd: place.folder, env: { SHELL: 'bash' } });
    const lines = ended.map(({ stdout }) => stdout.trim().split('\n'));
    expect(lines.slice(0, 7)).toEqual([
      ['send', 'confirm'],
      ['r'],
      [''],
      ['okta'],
      [''],
      [''],
      ['none', 'email', 'sms'],
    ]);
    expect(lines[7]).toContain('--dry-run');
    expect(lines[8]).toContain('export');
    expect(lines[9]?.[0]).toBe('cognito-bulk completion');
    expect(ended[9]?.stdout).not.toContain('###-begin');
  });
});

describe.concurrent('the total of a phase with calls', () => {
  it('is in a sync what it changes, and who is in no row', async () => {
    const place = await openPlace();
    await place.write('all.csv', people(9));
    await place.imported('all.csv');
    await place.write('f.csv', people(4, { given_name: (n) => (n === 1 ? 'Ann' : '') }));
    const told: (string | number)[] = [];
    await syncUsers(
      {
        ...place.library,
        ...{ file: place.path('f.csv'), run: 's', missing: 'delete', scope: { is: 'all' } },
        maxRemovals: { users: 9 },
      },
      listen(told),
    );
    expect(told).toEqual([6, ...Array.from({ length: 6 }, () => 'result')]);
  });

  it('is in an import neither invalid rows nor, when it goes on, rows that are done', async () => {
    const place = await openPlace();
    await place.write('f.csv', `${people(5)},none@example.com\n`);
    const file = place.path('f.csv');
    const first: (string | number)[] = [];
    const options = { ...place.library, file, run: 'r', invite: 'email', inviteLimit: 2 } as const;
    await importUsers(options, listen(first));
    expect(first[0]).toBe(5);
    const again: (string | number)[] = [];
    await resumeRun({ ...place.library, run: 'r', inviteLimit: 100 }, listen(again));
    expect(again).toEqual([3, 'result', 'result', 'result']);
  });
});

/** Notes the total of the phase in which calls are made for the rows, and each result in it. */
function listen(told: (string | number)[]): Parameters<typeof importUsers>[1] {
  let isWorking = false;
  return {
    onPhase: (phase, total) => {
      isWorking = phase === 'importing' || phase === 'syncing';
      if (isWorking) told.push(total);
    },
    onProgress: () => {
      if (isWorking) told.push('progress');
    },
    onResult: ({ status }) => {
      if (isWorking && status !== 'not-attempted') told.push('result');
    },
  };
}

/* eslint-disable no-control-regex -- the escape sequences of a terminal are taken away */
/** What a bar drew, one text for each draw. */
function drawsOf(output: string): string[] {
  return output
    .split(/\u001b\[1G|\r|\n/)
    .map((text) => text.replace(/\u001b[78]|\u001b\[[?\d;]*[A-Za-z]/g, ''))
    .filter((text) => text.startsWith('Importing'));
}

describe.concurrent('the bar', () => {
  it.for([40, 80, 140])('fits a terminal of %i columns', async (columns) => {
    const draws = drawsOf(await importOn(await openPlace(), `stty cols ${columns}`));
    expect(draws.length).toBeGreaterThan(3);
    const longest = Math.max(...draws.map((draw) => draw.length));
    expect(longest).toBeLessThan(columns);
    expect(draws.join('\n')).toMatch(/ · \d+s left/);
    if (columns === 40) expect(draws.join('\n')).not.toContain('throttled');
    else expect(draws.join('\n')).toContain(' throttled');
    if (columns === 140) expect(longest).toBeGreaterThan(80);
  });

  it('follows a window that is made narrower', async () => {
    const place = await openPlace();
    const narrowed = 'while [ ! -e narrow ]; do sleep 0.1; done; stty cols 40 < /dev/tty';
    const shown = importOn(place, `stty cols 140; (${narrowed}) &`);
    await until(() => place.pool.userCount >= 30);
    await place.write('narrow', '');
    const draws = drawsOf(await shown);
    expect(Math.max(...draws.map(({ length }) => length))).toBeGreaterThan(60);
    expect(draws.at(-1)?.length).toBeLessThan(40);
  });
});

/** What an import shows on a terminal of its own, by util-linux's script. */
async function importOn(place: Place, before: string): Promise<string> {
  await place.write('f.csv', people(90));
  const command = [process.execPath, main, 'import', 'f.csv', '--run', 'r', '--rate', '30'];
  const { code, stdout } = await startProgram(
    'script',
    ['-qec', `${before}${before.endsWith('&') ? '' : ';'} ${command.join(' ')}`, '/dev/null'],
    { cwd: place.folder, env: { ...place.env, TERM: 'xterm' }, keepInput: true },
  ).ended;
  expect(code, stdout).toBe(0);
  return stdout;
}

describe.concurrent('after a dry run', () => {
  it('of an import, the plan that was saved is named; one row is no rows', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(1));
    const plain = await place.import('f.csv', '--dry-run', '--run', 'a');
    expect(plain.stdout).toContain('Dry run: 1 row against');
    expect(plain.stderr).toContain('1 second at');
    const saved = await place.import('f.csv', '--dry-run', '--run', 'b', '--save-plan', 'my plan');
    expect(saved.stdout).toContain("To do it: cognito-bulk apply 'my plan'\n");
    expect(saved.stdout).not.toContain('--save-plan writes');
  });

  it('of a sync past its cap, nothing is advised that would be refused', async () => {
    const place = await openPlace();
    await place.write('all.csv', people(9));
    await place.imported('all.csv');
    await place.write('f.csv', people(3));
    const away = ['--missing', 'delete', '--scope', 'all', '--dry-run'];
    const ended = await sync(place, 'f.csv', 's', ...away, '--save-plan', 'plan.json');
    expect(ended.stdout).toContain('Dry run: 3 rows and 6 users in none of them');
    expect(ended.stderr).toContain('would be refused');
    expect(ended.stdout).not.toContain('To do it');
    expect(ended.stdout).toMatch(/cognito-bulk apply plan\.json, with --max-removals 6\n/);
    const done = await place.run(['apply', 'plan.json', '--max-removals', '6', '--yes', ...fast]);
    expect([done.code, place.pool.userCount], done.stderr).toEqual([0, 3]);
  });
});
