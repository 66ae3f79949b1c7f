import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it, vi } from 'vitest';

import { fast, openPlace, people, seeded, until, type Place } from '../support/place.js';
import { thorough } from '../support/thorough.js';

// Most of the time these wait for each other's clock, not for the processor.
vi.setConfig({ maxConcurrency: 8 });

const steady = ['--rate', 'UserCreation=40,UserUpdate=500,UserRead=500,UserList=500'];

/** Every row once, in file order, created, with the sub of the user that is there. */
function expectAllCreated(place: Place, count: number): void {
  const users = place.users();
  expect(users.size).toBe(count);
  const rows = place
    .results()
    .map(({ line, username, status, sub }) => [line, username, status, sub]);
  const wanted = [...users.keys()]
    .sort()
    .map((name, index) => [String(index + 2), name, 'created', users.get(name)?.sub]);
  expect(rows).toEqual(wanted);
}

/** What the report says of each row while the run is not done is what the pool knows. */
function expectTrueSoFar(place: Place): void {
  const users = place.users();
  for (const { username, status, sub, message } of place.results()) {
    if (status === 'failed') expect(message).toMatch('not known');
    else
      expect([username, status, sub]).toEqual([username, status, users.get(username)?.sub ?? '']);
  }
}

describe.concurrent('kill -9', () => {
  it('at some moments, and then resume: everybody once, true to the pool, told once', async () => {
    const random = seeded(20_261_123);
    const count = 160;
    const moments = thorough ? 12 : 7;
    const rowsAtOnce = 6;
    const place = await openPlace({
      latencyMs: 4,
      local: { DailyEmailLimit: 0, ListDelayMs: 400 },
    });
    await place.write('f.csv', people(count, { groups: () => 'staff;editors' }));
    const calls = [...fast, '--concurrency', String(rowsAtOnce)];
    let kills = 0;
    let args = ['import', 'f.csv', '--run', 'r', '--invite', 'email'];
    for (; kills < moments; kills++) {
      const { child, ended } = place.start([...args, ...calls]);
      // Most die while they create; some while they start, look unknown rows up or read the journal.
      const creates = place.calls('AdminCreateUser') + 1 + Math.floor(random() * 14);
      const late = kills % 4 === 3 ? Math.floor(random() * 700) : undefined;
      if (late === undefined) {
        await until(() => place.calls('AdminCreateUser') >= creates || child.exitCode !== null);
        await new Promise((resolve) => setTimeout(resolve, Math.floor(random() * 12)));
      } else {
        await new Promise((resolve) => setTimeout(resolve, late));
      }
      child.kill('SIGKILL');
      expect((await ended).code, 'it died, and did not end').toBe('SIGKILL');
      args = ['resume', 'r'];
    }
    const dead = await place.run(['report', 'r']);
    expect(dead.code, dead.stderr).toBe(0);
    expect(place.results().map(({ line }) => line)).toEqual(
      Array.from({ length: count }, (_, index) => String(index + 2)),
    );
    expectTrueSoFar(place);
    const done = await place.run(['resume', 'r', ...calls]);
    expect(done.code, done.stdout + done.stderr).toBe(0);
    expectAllCreated(place, count);
    expect([...place.pool.users()].every(({ groups }) => groups.length === 2)).toBe(true);
    expect(place.mostMessages).toBe(1);
    expect(place.pool.messages.length).toBe(count);
    expect(place.calls('AdminCreateUser')).toBeLessThanOrEqual(count + kills * rowsAtOnce);
    expect(place.summary()).toMatchObject({ outcome: 'complete', exitCode: 0 });
  });

  it('while passwords are generated leaves nobody with a password that nobody knows', async () => {
    const place = await openPlace({ latencyMs: 15 });
    await place.write('f.csv', people(60));
    const calls = [...fast, '--concurrency', '4'];
    const first = place.start([
      'import',
      'f.csv',
      '--run',
      'r',
      ...calls,
      '--generate-passwords',
      'pw.csv',
    ]);
    await until(() => place.pool.userCount >= 20);
    first.child.kill('SIGKILL');
    await first.ended;
    expect((await place.run(['resume', 'r', ...calls])).code).toBe(0);
    expectAllCreated(place, 60);
    const lines = (await readFile(place.path('pw.csv'), 'utf8')).trimEnd().split('\n').slice(1);
    expect(lines.map((line) => line.split(',')[0]).sort()).toEqual(
      [...place.users().keys()].sort(),
    );
  });
});

describe.concurrent('a signal', () => {
  it.for([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends in good order with %i, and resume goes on', async ([signal, code]) => {
    const place = await openPlace({ latencyMs: 150 });
    await place.write('f.csv', people(60, { groups: () => 'staff' }));
    const { child, ended } = place.start(['import', 'f.csv', '--run', 'r', ...steady]);
    await until(() => place.pool.userCount >= 10);
    child.kill(signal);
    const first = await ended;
    expect(first.code, first.stderr).toBe(code);
    expect(first.stdout).toMatch('cognito-bulk resume reports/r');
    expect(place.summary()).toMatchObject({ outcome: 'interrupted', exitCode: code });
    expectTrueSoFar(place);
    expect(place.statuses()['failed'], 'calls in flight were let end').toBeUndefined();
    expect(place.statuses()['not-attempted']).toBeGreaterThan(0);
    expect((await place.resume()).code).toBe(0);
    expectAllCreated(place, 60);
    expect(place.calls('AdminCreateUser')).toBe(60);
  });

  it('twice ends at once, and still loses nothing', async () => {
    const rules = [
      { kind: 'hang' as const, operation: 'AdminCreateUser', after: 10, effect: true },
    ];
    const place = await openPlace({ faults: { rules } });
    await place.write('f.csv', people(40));
    const args = [
      'import',
      'f.csv',
      '--run',
      'r',
      ...fast,
      '--timeout',
      '60s',
      '--concurrency',
      '5',
    ];
    const { child, ended, said } = place.start(args);
    await until(() => place.pool.userCount >= 15);
    child.kill('SIGINT');
    await said('Once more');
    const asked = performance.now();
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(performance.now() - asked).toBeLessThan(2_000);
    place.pool.setFaults({ rules: [] });
    const again = await place.resume();
    expect(again.code, again.stdout + again.stderr).toBe(0);
    expectAllCreated(place, 40);
  });

  it('is given ten seconds for calls that do not answer, and reports all the same', async () => {
    const rules = [
      { kind: 'hang' as const, operation: 'AdminCreateUser', after: 10, effect: true },
    ];
    const place = await openPlace({ faults: { rules } });
    await place.write('f.csv', people(40));
    const args = [
      'import',
      'f.csv',
      '--run',
      'r',
      ...fast,
      '--timeout',
      '60s',
      '--concurrency',
      '5',
    ];
    const { child, ended } = place.start(args);
    await until(() => place.pool.userCount >= 15);
    const asked = performance.now();
    child.kill('SIGTERM');
    const first = await ended;
    expect(first.code, first.stderr).toBe(143);
    expect(performance.now() - asked).toBeLessThan(13_000);
    expectTrueSoFar(place);
    expect(place.statuses()).toEqual({ created: 10, failed: 5, 'not-attempted': 25 });
    place.pool.setFaults({ rules: [] });
    expect((await place.resume()).code).toBe(0);
    expectAllCreated(place, 40);
  });

  it('before anything was sent ends with 130 and nothing left', async () => {
    const place = await openPlace();
    const silent = createServer();
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    try {
      await place.write('f.csv', people(5));
      const { port } = silent.address() as AddressInfo;
      const args = ['--endpoint-url', `http://127.0.0.1:${port}`, '--timeout', '3s'];
      const { child, ended } = place.start(['import', 'f.csv', ...fast, ...args]);
      await once(silent, 'connection');
      const asked = performance.now();
      child.kill('SIGINT');
      const { code, stderr } = await ended;
      expect(code, stderr).toBe(130);
      expect(stderr).not.toMatch('This was not expected');
      expect(performance.now() - asked).toBeLessThan(11_000);
      expect(await place.runs()).toEqual([]);
    } finally {
      silent.close();
    }
  });

  it.for([
    ['import', 'f.csv'],
    ['import', 's3://bucket/f.csv'],
    ['export', '--output', 'out.csv'],
    ['doctor'],
  ])('does not wait for credentials that do not come (%o)', async ([command = '', ...others]) => {
    const place = await openPlace();
    await place.write('f.csv', people(5));
    await place.write('asked.sh', 'touch asked; exec sleep 20');
    await place.write('config', '[profile slow]\ncredential_process = sh asked.sh\n');
    const env = { AWS_CONFIG_FILE: 'config', AWS_SHARED_CREDENTIALS_FILE: 'config' };
    const { child, ended } = place.start([command, ...others, '--profile', 'slow'], { env });
    await until(() => existsSync(place.path('asked')) || child.exitCode !== null);
    child.kill('SIGINT');
    const { code, stderr, seconds } = await ended;
    expect(code, stderr).toBe(130);
    expect(stderr).not.toMatch('This was not expected');
    expect(seconds).toBeLessThan(11);
    expect(await place.runs()).toEqual([]);
  });

  it('ends a command that still waits for its input', async () => {
    const place = await openPlace();
    const { child, ended } = place.start(['import', '-', '--run', 'r', ...fast], {
      input: people(20_000), // more than a pipe holds, so that it is being read once it is gone
      keepInput: true,
    });
    const { stdin } = child;
    await until(() => stdin?.writableLength === 0);
    const asked = performance.now();
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect(code, stderr).toBe(130);
    expect(performance.now() - asked).toBeLessThan(11_000);
    expect(place.calls('AdminCreateUser')).toBe(0);
    expect(await place.runs()).toEqual([]);
  });
});
