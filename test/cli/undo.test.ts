import { spawnSync } from 'node:child_process';
import { mkdir, rename } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';

import { main, startProgram } from '../support/cli.js';
import type { Ended } from '../support/cli.js';
import { fast, openPlace, people, poolOf, until } from '../support/place.js';
import type { Place } from '../support/place.js';
import { costlyCalls, foreseen, poolNow, synced, told } from '../support/syncing.js';
import { some } from '../support/thorough.js';

// Most of the time these wait for each other's processor.
vi.setConfig({ maxConcurrency: 6 });

const columns = { given_name: (n: number) => `N${n}` };

/** Takes the run back, and gives the undo's own folder the name `u`. */
async function undo(place: Place, run: string, ...args: readonly string[]): Promise<Ended> {
  const before = await place.runs();
  const ended = await place.run(['undo', run, ...fast, ...args]);
  const made = (await place.runs()).find((name) => !before.includes(name));
  if (made !== undefined) await rename(place.path('reports', made), place.path('reports', 'u'));
  return ended;
}

/** For a sync that may remove whomever it does not find. */
const anybody = { scope: { is: 'all' }, maxRemovals: { percent: 100 } } as const;

/** What the undo says of its users. */
const undone = (place: Place): string[] => told(place, 'u');

/** A sync over a pool of three: one is changed, one disabled, one deleted, and two are made. */
async function afterSync(): Promise<Place> {
  const Users = ['u0001', 'u0002', 'left', 'off'].map((Username) => ({
    Username,
    Attributes: { email: `${Username}@example.com`, given_name: 'Old' },
    Enabled: Username !== 'off',
  }));
  const place = await openPlace({ local: { Users } });
  const enabled = (n: number): string => (n === 2 ? 'false' : '');
  await place.write(
    'f.csv',
    people(4, { given_name: (n) => (n === 2 ? 'Old' : `N${n}`), enabled }),
  );
  await synced(place, 'f.csv', 'a', { missing: 'disable', ...anybody });
  expect(place.statuses('a')).toEqual({ updated: 1, disabled: 2, created: 2 });
  return place;
}

describe.concurrent('undo of an import', () => {
  it('deletes exactly those whom the run made, by their sub', async () => {
    const Users = [{ Username: 'u0001', Attributes: { email: 'u0001@example.com' } }];
    const place = await openPlace({ local: { Users } });
    await place.write('f.csv', people(6, columns));
    await place.imported('f.csv');
    // One is deleted and made anew under the same name, by somebody else.
    await place.write('g.csv', 'username\nu0002\n');
    const others = people(6).replace(/^u0002.*\n/m, '');
    await place.write('o.csv', others);
    await synced(place, 'o.csv', 's', { missing: 'delete', ...anybody });
    await place.imported('g.csv', { run: 'i' });

    const ended = await undo(place, 'r', '--yes');
    expect(ended.code, ended.stderr).toBe(0);
    expect([...place.users().keys()]).toEqual(['u0001', 'u0002']);
    expect(undone(place)).toEqual([
      '3 u0002 unchanged gone',
      ...[3, 4, 5, 6].map((n) => `${n + 1} u000${n} deleted delete`),
    ]);
    expect(place.summary('u')).toMatchObject({ command: 'undo', outcome: 'complete', exitCode: 0 });
    const reported = place.text('results.csv', 'u');
    expect((await place.run(['report', 'u'])).code).toBe(0);
    expect(place.text('results.csv', 'u')).toBe(reported);
  });

  it('keeps those who changed since, unless they are to go too', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(3, columns));
    await place.imported('f.csv');
    // An attribute that the file of the run does not hold.
    await place.write('g.csv', 'username,locale\nu0002,en\n');
    await synced(place, 'g.csv', 's');
    const dry = await undo(place, 'r', '--dry-run', '--exit-code');
    expect(dry.code, dry.stderr).toBe(1);
    const keeps = (verb: string, step: string): string[] => [
      `2 u0001 ${verb}${step}`,
      '3 u0002 failed changed-since-plan',
      `4 u0003 ${verb}${step}`,
    ];
    expect(undone(place)).toEqual(keeps('would-delete', ''));
    expect(place.pool.userCount).toBe(3);
    const reported = place.text('results.csv', 'u');
    expect((await place.run(['report', 'u'])).code).toBe(0);
    expect(place.text('results.csv', 'u')).toBe(reported);
    await rename(place.path('reports', 'u'), place.path('reports', 'dry'));

    const ended = await undo(place, 'r', '--yes');
    expect(ended.code, ended.stderr).toBe(1);
    expect(undone(place)).toEqual(keeps('deleted', ' delete'));
    expect(place.results('u')[1]?.message).toMatch(/--even-if-changed/);
    await rename(place.path('reports', 'u'), place.path('reports', 'first'));

    const all = await undo(place, 'r', '--yes', '--even-if-changed');
    expect(all.code, all.stderr).toBe(0);
    expect(place.pool.userCount).toBe(0);
    expect(undone(place)[1]).toBe('3 u0002 deleted delete');
  });

  it('works in a pool by email, right after the run, where lists lag behind', async () => {
    const settings = poolOf('email-sign-in');
    const place = await openPlace({ settings, local: { ListDelayMs: 20_000 } });
    await place.write('f.csv', people(4).replaceAll(/^[^,]*,/gm, ''));
    await place.imported('f.csv');
    const ended = await undo(place, 'r', '--yes');
    expect(ended.code, ended.stderr).toBe(0);
    expect(place.pool.userCount).toBe(0);
    expect(place.statuses('u')).toEqual({ deleted: 4 });
  });

  it('asks first, and heeds a cap', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(3));
    await place.imported('f.csv');
    const unasked = await undo(place, 'r');
    expect([unasked.code, unasked.stdout]).toEqual([2, '']);
    expect(unasked.stderr).toMatch(/3 users would be .*deleted.*--yes/);
    const capped = await undo(place, 'r', '--yes', '--max-removals', '2');
    expect([capped.code, capped.stdout]).toEqual([2, '']);
    expect(capped.stderr).toMatch(/--max-removals allows 2/);
    expect([place.pool.userCount, await place.runs()]).toEqual([3, ['r']]);
  });

  it('finds those whose create has no answer', async () => {
    const place = await openPlace({
      faults: { rules: [{ kind: 'hang', operation: 'AdminCreateUser', after: 5, effect: true }] },
    });
    await place.write('f.csv', people(20, columns));
    const args = [
      'import',
      'f.csv',
      '--run',
      'r',
      ...fast,
      '--timeout',
      '60s',
      '--concurrency',
      '3',
    ];
    const { child, ended } = place.start(args);
    await until(() => place.pool.userCount >= 8);
    child.kill('SIGKILL');
    await ended;
    place.pool.setFaults({ rules: [] });
    expect(place.pool.userCount).toBe(8);
    const dry = await undo(place, 'r', '--dry-run', '--exit-code');
    expect(dry.code, dry.stderr).toBe(4);
    expect(place.statuses('u')).toEqual({ 'would-delete': 8 });
    await rename(place.path('reports', 'u'), place.path('reports', 'dry'));

    await rename(place.path('f.csv'), place.path('elsewhere.csv'));
    const without = await undo(place, 'r', '--yes');
    expect(without.code).toBe(2);
    expect(without.stderr).toMatch(/no known outcome.*f.csv/);
    await rename(place.path('elsewhere.csv'), place.path('f.csv'));

    const done = await undo(place, 'r', '--yes');
    expect(done.code, done.stderr).toBe(0);
    expect([place.pool.userCount, place.statuses('u')]).toEqual([0, { deleted: 8 }]);
  });

  it('that is killed is gone on with, and a third is nothing', async () => {
    const place = await openPlace({ latencyMs: 10 });
    await place.write('f.csv', people(60));
    await place.imported('f.csv');
    const { child, ended } = place.start(['undo', 'r', '--yes', ...fast, '--concurrency', '3']);
    await until(() => place.calls('AdminDeleteUser') > 15);
    child.kill('SIGKILL');
    await ended;
    const [run = ''] = (await place.runs()).filter((name) => name !== 'r');
    const resumed = await place.run(['resume', run, ...fast]);
    expect(resumed.code, resumed.stderr).toBe(0);
    expect([place.pool.userCount, place.statuses(run)]).toEqual([0, { deleted: 60 }]);
    const again = await undo(place, 'r', '--yes');
    expect(again.code, again.stderr).toBe(0);
    expect(place.statuses('u')).toEqual({ unchanged: 60 });
  });
});

describe.concurrent('undo of a sync', () => {
  it('deletes, enables, and lists what lasts', async () => {
    const place = await afterSync();
    const before = costlyCalls(place);
    const dry = await undo(place, 'a', '--dry-run', '--exit-code');
    expect(dry.code, dry.stderr).toBe(4);
    expect(undone(place)).toEqual([
      '2 u0001 unchanged not-undone',
      '3 u0002 would-update',
      '4 u0003 would-delete',
      '5 u0004 would-delete',
      'left would-update',
    ]);
    expect(costlyCalls(place)).toEqual(before);
    await rename(place.path('reports', 'u'), place.path('reports', 'dry'));

    const ended = await undo(place, 'a', '--yes');
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stderr).toMatch(/What can't be taken back: updates of 1 user/);
    expect(undone(place)).toEqual([
      '2 u0001 unchanged not-undone',
      '3 u0002 updated enable',
      '4 u0003 deleted delete',
      '5 u0004 deleted delete',
      'left updated enable',
    ]);
    expect(poolNow(place).map((line) => line.split(' ', 2).join(' '))).toEqual([
      'left: true',
      'off: false',
      'u0001: true',
      'u0002: true',
    ]);
    const reported = place.text('results.csv', 'u');
    expect((await place.run(['report', 'u'])).code).toBe(0);
    expect(place.text('results.csv', 'u')).toBe(reported);
    // A sync is reported the same again, too.
    const { stdout } = await place.run(['report', 'a', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      rows: { byStatus: { updated: 1, disabled: 2, created: 2 } },
    });
  });

  it('enables those of whom it is not known whether they were disabled', async () => {
    const Users = ['u0001', 'u0002', 'x1', 'x2'].map((Username) => ({ Username }));
    const place = await openPlace({
      local: { Users },
      faults: { rules: [{ kind: 'hang', operation: 'AdminDisableUser', effect: true }] },
    });
    await place.write('f.csv', 'username,enabled\nu0001,\nu0002,false\n');
    const away = ['--missing', 'disable', '--scope', 'all', '--max-removals', '100%', '--yes'];
    const args = ['sync', 'f.csv', '--run', 'a', ...away, ...fast, '--timeout', '60s'];
    const { child, ended } = place.start(args);
    await until(() => place.calls('AdminDisableUser') >= 3);
    child.kill('SIGKILL');
    await ended;
    place.pool.setFaults({ rules: [] });
    expect([...place.pool.users()].filter(({ enabled }) => enabled)).toHaveLength(1);
    const done = await undo(place, 'a', '--yes');
    expect(done.code, done.stderr).toBe(0);
    expect([...place.pool.users()].filter(({ enabled }) => enabled)).toHaveLength(4);
    expect(undone(place)).toEqual(['3 u0002', 'x1', 'x2'].map((who) => `${who} updated enable`));
  });

  it('leaves whom it can learn nothing about, and undoes all others', async () => {
    const place = await openPlace({
      faults: { rules: [{ kind: 'internal-error', username: '^u0002$' }] },
    });
    await place.write('f.csv', people(3));
    await place.imported('f.csv', { maxAttempts: 2 }, 1);
    const done = await undo(place, 'r', '--yes', '--max-attempts', '2');
    expect(done.code, done.stderr).toBe(1);
    expect(undone(place)).toEqual([
      '2 u0001 deleted delete',
      '3 u0002 failed outcome-unknown',
      '4 u0003 deleted delete',
    ]);
    expect(place.users().size).toBe(0);
  });

  it.for<[string, typeof synced, number, RegExp]>([
    ['was a dry run', foreseen, 2, /was a dry run and changed nothing/],
    ['did nothing', synced, 0, /Nothing to do/],
  ])('that %s', async ([, make, code, said]) => {
    const Users = [{ Username: 'u0001', Attributes: { email: 'u0001@example.com' } }];
    const place = await openPlace({ local: { Users } });
    await place.write('f.csv', people(1));
    await make(place, 'f.csv', 'a');
    const ended = await undo(place, 'a');
    expect([ended.code, ended.stderr]).toEqual([code, expect.stringMatching(said)]);
    expect(costlyCalls(place)).toEqual({});
  });

  it('is of a run that there is', async () => {
    const place = await openPlace();
    await mkdir(place.path('reports'));
    const ended = await undo(place, 'nothing');
    expect([ended.code, ended.stdout]).toEqual([2, '']);
    expect(ended.stderr).toMatch(/^cognito-bulk: There is no run "nothing"[^\n]*\n$/);
  });
});

const hasScript = spawnSync('script', ['--version']).status === 0;

function childrenOf(parent: number): number[] {
  const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(parent)], {
    encoding: 'utf8',
  });
  return stdout
    .split('\n')
    .map(Number)
    .filter((pid) => pid > 0);
}

/** A command on a terminal of its own, where people can be asked. */
function onTerminal(place: Place, args: readonly string[], keys: () => string): Promise<Ended> {
  const command = [process.execPath, main, ...args].map((word) => `'${word}'`).join(' ');
  // Without a size, every letter would stand on a line of its own.
  const sized = `stty cols 120 rows 40; exec ${command}`;
  const running = startProgram('script', ['-qec', sized, '/dev/null'], {
    cwd: place.folder,
    env: { ...place.env, TERM: 'xterm' },
    keepInput: true,
  });
  void running
    .said('Go on?')
    .then(() => running.child.stdin?.write(keys()))
    .catch(() => undefined); // how it ended instead, the test sees
  return running.ended.finally(() => running.child.stdin?.destroy());
}

describe.skipIf(!hasScript)('on a terminal', () => {
  const away = ['--missing', 'delete', '--scope', 'all', '--max-removals', '100%'];

  it.for<[string, string, number, number]>(
    some<[string, string, number, number]>(
      [
        ['yes', 'y', 0, 2],
        ['no', 'n', 2, 4],
        ['Return, which is no', '\r', 2, 4],
        ['Ctrl-C', '\u0003', 130, 4],
      ],
      2,
    ),
  )('a sync asks, with the numbers: %s', async ([, key, code, left]) => {
    const Users = ['u0001', 'x1', 'x2', 'x3'].map((Username) => ({ Username }));
    const place = await openPlace({ local: { Users } });
    await place.write('f.csv', 'username\nu0001\nnew\n');
    const args = ['sync', 'f.csv', '--run', 'a', ...away, ...fast];
    const ended = await onTerminal(place, args, () => key);
    expect(ended.code, ended.stdout).toBe(code);
    expect(ended.stdout).toMatch(/1 to create, 3 to delete\. Go on\?/);
    expect(place.pool.userCount).toBe(left);
    expect(await place.runs()).toEqual(code === 0 ? ['a'] : []);
  });

  it('SIGTERM ends the question too', async () => {
    const place = await openPlace({ local: { Users: [{ Username: 'u0001' }] } });
    await place.write('f.csv', 'username\nnew\n');
    const before = new Set(childrenOf(process.pid));
    const ended = onTerminal(place, ['sync', 'f.csv', '--run', 'a', ...fast], () => {
      const [script = 0] = childrenOf(process.pid).filter((child) => !before.has(child));
      for (const child of childrenOf(script)) process.kill(child, 'SIGTERM');
      return '';
    });
    expect((await ended).code).toBe(143);
    expect(place.pool.userCount).toBe(1);
    expect(await place.runs()).toEqual([]);
  });

  it('nothing is asked where nothing is to be done', async () => {
    const place = await openPlace({ local: { Users: [{ Username: 'u0001' }] } });
    await place.write('f.csv', 'username\nu0001\n');
    const ended = await onTerminal(
      place,
      ['sync', 'f.csv', '--run', 'a', ...away, ...fast],
      () => '',
    );
    expect(ended.code, ended.stdout).toBe(0);
    expect(ended.stdout).not.toMatch('Go on?');
  });
});
