import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';

import { fast, openPlace, people, seeded, until } from '../support/place.js';
import type { Place } from '../support/place.js';
import { costlyCalls, poolNow, sync, synced, told } from '../support/syncing.js';
import { some, thorough } from '../support/thorough.js';

// Most of the time these wait for each other's clock, not for the processor.
vi.setConfig({ maxConcurrency: 6 });

const away = ['--missing', 'disable', '--scope', 'all', '--max-removals', '100%', '--yes'];
const whole = [...away, '--groups-mode', 'exact'];

/** A pool in which a file of 60 people finds 20 to make, 20 to change and 20 to leave, and 20 too many. */
async function halfThere(latencyMs: number): Promise<Place> {
  const Users = Array.from({ length: 60 }, (_, at) => {
    const name = at < 40 ? `u${String(at + 1).padStart(4, '0')}` : `x${at}`;
    const Attributes = { email: `${name}@example.com`, given_name: at < 20 ? 'Old' : 'New' };
    return { Username: name, Attributes, Groups: [at < 20 ? 'editors' : 'staff'] };
  });
  const place = await openPlace({ latencyMs, local: { Users } });
  const columns = {
    given_name: () => 'New',
    groups: (n: number) => (n === 60 ? 'staff;editors' : 'staff'),
    enabled: (n: number) => (n <= 5 ? 'false' : ''),
  };
  await place.write('f.csv', people(60, columns));
  return place;
}

/** The pool is what the file says, and each row is told once. */
function expectAllDone(place: Place, run = 'a'): void {
  const wanted = Array.from({ length: 60 }, (_, at) => {
    const name = `u${String(at + 1).padStart(4, '0')}`;
    const values = [
      ['email', `${name}@example.com`],
      ['given_name', 'New'],
    ];
    return `${name}: ${at >= 5} [${at === 59 ? 'editors,staff' : 'staff'}] ${JSON.stringify(values)}`;
  });
  const now = poolNow(place);
  expect(now.filter((line) => line.startsWith('u'))).toEqual(wanted);
  expect(now.filter((line) => /^x\d\d: false/.test(line))).toHaveLength(20);
  const results = place.results(run);
  expect(results.map(({ line }) => line)).toEqual([
    ...Array.from({ length: 60 }, (_, at) => String(at + 2)),
    ...Array<string>(20).fill(''),
  ]);
  expect(place.statuses(run)).toEqual({ updated: 20, unchanged: 20, created: 20, disabled: 20 });
  const users = place.users();
  for (const { username, sub } of results) expect(sub).toBe(users.get(username)?.sub);
}

describe.concurrent('a sync that is killed', () => {
  it('at some moments, and then resumed: everybody once, and true', async () => {
    const random = seeded(20_261_123);
    const moments = thorough ? 6 : 4;
    const place = await halfThere(5);
    const calls = [...fast, '--concurrency', '4'];
    let args = ['sync', 'f.csv', '--run', 'a', ...whole];
    const written = (): number => Object.values(costlyCalls(place)).reduce((a, b) => a + b, 0);
    for (let kills = 0; kills < moments; kills++) {
      const { child, ended } = place.start([...args, ...calls]);
      const aim = written() + 1 + Math.floor(random() * 12);
      await until(() => written() >= aim || child.exitCode !== null);
      await new Promise((resolve) => setTimeout(resolve, Math.floor(random() * 10)));
      child.kill('SIGKILL');
      expect((await ended).code, 'it died, and did not end').toBe('SIGKILL');
      args = ['resume', 'a'];
    }
    const dead = await place.run(['report', 'a']);
    expect(dead.code, dead.stderr).toBe(0);
    expect(place.results('a')).toHaveLength(80);
    const done = await place.run(['resume', 'a', ...calls]);
    expect(done.code, done.stderr + done.stdout).toBe(0);
    expectAllDone(place);
    expect(place.calls('AdminCreateUser')).toBeLessThanOrEqual(20 + moments * 4);
    const again = await sync(place, 'f.csv', 'b', ...whole);
    expect(again.stderr, place.text('results.csv', 'b')).toMatch(/Nothing to do/);
  });

  it('while it reads the pool wrote nothing, and is to be begun anew', async () => {
    const place = await halfThere(400);
    const { child, ended } = place.start(['sync', 'f.csv', '--run', 'a', ...whole, ...fast]);
    await until(() => place.calls('ListUsers') > 0);
    child.kill('SIGKILL');
    await ended;
    const resumed = await place.run(['resume', 'a', ...fast]);
    expect(resumed.code).toBe(2);
    expect(resumed.stderr).toMatch(/nothing was sent: sync the file anew/);
    expect(costlyCalls(place)).toEqual({});
  });
});

describe.concurrent('a sync that ends early', () => {
  it.for(
    some(
      [
        ['SIGTERM', 143],
        ['SIGINT', 130],
      ] as const,
      1,
    ),
  )('by %s ends in good order, and resume does the rest', async ([signal, code]) => {
    const place = await halfThere(30);
    const args = ['sync', 'f.csv', '--run', 'a', ...whole, ...fast, '--concurrency', '3'];
    const { child, ended } = place.start(args);
    await until(() => place.calls('AdminUpdateUserAttributes') >= 6);
    child.kill(signal);
    const first = await ended;
    expect(first.code, first.stderr).toBe(code);
    expect(first.stdout).toMatch('cognito-bulk resume reports/a');
    expect(place.results('a')).toHaveLength(80);
    expect(place.statuses('a')['failed']).toBeUndefined();
    expect(place.statuses('a')['not-attempted']).toBeGreaterThan(0);
    const done = await place.run(['resume', 'a', ...fast]);
    expect(done.code, done.stderr + done.stdout).toBe(0);
    expectAllDone(place);
  });

  it('by --max-duration ends with 3', async () => {
    const place = await halfThere(0);
    const slow = ['--rate', 'UserUpdate=2,UserCreation=5,UserRead=500,UserList=500'];
    const args = ['sync', 'f.csv', '--run', 'a', ...whole, ...slow, '--max-duration', '4s'];
    const first = await place.run(args);
    expect(first.code, first.stderr).toBe(3);
    expect(place.summary('a')).toMatchObject({ outcome: 'stopped', exitCode: 3 });
    expect(place.summary('a').reason).toMatch('max-duration');
    const done = await place.run(['resume', 'a', ...fast]);
    expect(done.code, done.stderr).toBe(0);
    expectAllDone(place);
  });

  it('by lost credentials ends with 3', async () => {
    const place = await halfThere(0);
    place.pool.setFaults({
      rules: [{ kind: 'expired-token', operation: 'AdminUpdateUserAttributes', after: 4 }],
    });
    const first = await sync(place, 'f.csv', 'a', ...whole, '--concurrency', '2');
    expect(first.code, first.stderr).toBe(3);
    place.pool.setFaults({ rules: [] });
    expect((await place.run(['resume', 'a', ...fast])).code).toBe(0);
    expectAllDone(place);
  });

  it('is not gone on with by another file', async () => {
    const place = await halfThere(0);
    place.pool.setFaults({ rules: [{ kind: 'expired-token', operation: 'AdminDisableUser' }] });
    const choices = { groupsMode: 'exact', missing: 'disable', scope: { is: 'all' } } as const;
    await synced(place, 'f.csv', 'a', { ...choices, maxRemovals: { percent: 100 } }, 3);
    await place.write('f.csv', people(60));
    const resumed = await place.run(['resume', 'a', ...fast]);
    expect(resumed.code).toBe(2);
    expect(resumed.stderr).toMatch(/f.csv is not what run "a" was begun with/);
  });
});

describe.concurrent('two at once', () => {
  it('the second says who is at it', async () => {
    const place = await halfThere(0);
    place.pool.setFaults({ rules: [{ kind: 'hang', operation: 'AdminUpdateUserAttributes' }] });
    const args = ['sync', 'f.csv', '--run', 'a', ...whole, ...fast, '--timeout', '60s'];
    const { child, ended } = place.start(args);
    await until(() => place.calls('AdminUpdateUserAttributes') > 0);
    const second = await sync(place, 'f.csv', 'b', ...whole);
    expect(second.code).toBe(2);
    expect(second.stderr).toMatch(`is taken by another run: process ${child.pid} on this machine`);
    expect(await place.runs()).toEqual(['a']);
    // To look is allowed.
    const dry = await sync(place, 'f.csv', 'c', '--dry-run', '--min-rows', '0');
    expect(dry.code, dry.stderr).toBe(0);
    child.kill('SIGKILL');
    await ended;
    place.pool.setFaults({ rules: [] });
    const done = await place.run(['resume', 'a', ...fast]);
    expect(done.code, done.stderr).toBe(0);
    expectAllDone(place);
  });
});

describe.concurrent('a night of misfortunes', () => {
  it('ends as a good one does', async () => {
    const place = await halfThere(0);
    place.pool.setFaults({
      rules: [
        { kind: 'throttle', probability: 0.2 },
        { kind: 'reset-after', operation: 'AdminUpdateUserAttributes', every: 4 },
        { kind: 'reset-after', operation: 'AdminDisableUser', every: 3 },
        { kind: 'internal-error', operation: 'AdminAddUserToGroup', every: 5 },
        { kind: 'reset-after', operation: 'AdminRemoveUserFromGroup', every: 5 },
        { kind: 'cut-off', operation: 'ListUsers', every: 7 },
      ],
    });
    const ended = await sync(place, 'f.csv', 'a', ...whole);
    expect(ended.code, ended.stderr + ended.stdout).toBe(0);
    expectAllDone(place);
  });
});

describe.concurrent('secrets', () => {
  it('of the file are in no file, no log and no plan', async () => {
    const place = await openPlace();
    const canary = 'Canary-0123456789!';
    await place.write(
      'f.csv',
      `username,email,password\nada,ada@example.com,${canary}\nbob,bad,${canary}\n`,
    );
    const dry = ['--dry-run', '--save-plan', 'p.jsonl', '--show-values', '--verbose'];
    const looked = await sync(place, 'f.csv', 'dry', ...dry);
    const done = await sync(place, 'f.csv', 'a', '--log-format', 'json', '--verbose');
    expect(told(place, 'a')).toEqual([
      '2 ada created create+password',
      '3 bob invalid invalid-email',
    ]);
    const texts = [looked.stdout, looked.stderr, done.stdout, done.stderr];
    texts.push(readFileSync(place.path('p.jsonl'), 'utf8'));
    for (const run of ['dry', 'a']) {
      for (const name of await readdir(place.path('reports', run)))
        texts.push(place.text(name, run));
    }
    expect(texts.length).toBeGreaterThan(12);
    expect(texts.filter((text) => text.includes(canary))).toEqual([]);
  });
});
