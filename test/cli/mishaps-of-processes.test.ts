import { expect, it } from 'vitest';

import type { Ended } from '../support/cli.js';
import { fast, openPlace, people, until } from '../support/place.js';
import { preloading } from '../support/preload.js';
import { thorough } from '../support/thorough.js';

it('two processes that resume one run at the same moment: one goes on, the other says 2', async () => {
  const place = await openPlace();
  await place.write('f.csv', people(30));
  await place.imported('f.csv', { invite: 'email', inviteLimit: 5 }, 3);
  // Whoever has the run can't end, so that the other one comes while it is had.
  place.pool.setFaults({ rules: [{ kind: 'hang', operation: 'AdminCreateUser' }] });
  const rounds = thorough ? 20 : 3;
  const args = ['resume', 'r', '--invite-limit', '50', '--timeout', '60s', '--concurrency', '2'];
  for (let round = 0; round < rounds; round++) {
    const creates = place.calls('AdminCreateUser');
    const both = [0, 1].map(() => place.start([...args, ...fast]));
    const [refused, loser] = await Promise.race(
      both.map(({ ended }, at) => ended.then((end): [Ended, number] => [end, at])),
    );
    const winner = both[1 - loser];
    expect(refused.code, refused.stdout + refused.stderr).toBe(2);
    expect(refused.stderr).toMatch(`process ${String(winner?.child.pid)} on this machine is at it`);
    await until(() => place.calls('AdminCreateUser') > creates);
    winner?.child.kill('SIGKILL');
    expect((await winner?.ended)?.code, 'the other one was at it').toBe('SIGKILL');
    expect(place.calls('AdminCreateUser') - creates).toBeLessThanOrEqual(2);
  }
  place.pool.setFaults({ rules: [] });
  const done = await place.resume('--invite-limit', '50');
  expect(done.code, done.stdout + done.stderr).toBe(0);
  expect(place.results().map(({ line }) => line)).toEqual(
    Array.from({ length: 30 }, (_, at) => String(at + 2)),
  );
  expect(place.statuses()).toEqual({ created: 30 });
  expect([place.pool.messages.length, place.mostMessages]).toEqual([30, 1]);
});

it('a time of day that is set back twice, by an hour and by a day: every row once, and true', async () => {
  const place = await openPlace();
  await place.write('f.csv', people(60, { groups: () => 'staff' }));
  // Of some who are made the answer is lost, before and after: whose they are is told by the time.
  place.pool.setFaults({
    rules: [
      { kind: 'reset-after', operation: 'AdminCreateUser', probability: 0.25 },
      { kind: 'internal-error', operation: 'AdminCreateUser', probability: 0.1, effect: true },
    ],
  });
  const rate = ['--rate', 'UserCreation=40,UserUpdate=500,UserRead=500,UserList=500'];
  const args = ['import', 'f.csv', '--run', 'r', '--max-duration', '5m', ...rate];
  const { child, ended, said } = place.start(args, { env: preloading('clock-set-back') });
  for (const [users, text] of [
    [15, 'set back by 3600000 ms'],
    [35, 'set back by 90000000 ms'],
  ] as const) {
    await until(() => place.pool.userCount >= users);
    child.kill('SIGUSR2');
    await said(text);
  }
  const { code, stdout, stderr } = await ended;
  expect(code, stdout + stderr).toBe(0);
  const users = place.users();
  expect(place.results().map(({ username, status, sub }) => [username, status, sub])).toEqual(
    [...users.keys()].sort().map((name) => [name, 'created', users.get(name)?.sub]),
  );
  expect(users.size).toBe(60);
  const { durationSeconds, calls } = place.summary();
  expect(calls.AdminCreateUser?.retried, 'answers were lost').toBeGreaterThan(0);
  expect(durationSeconds).toBeGreaterThan(0);
  expect(durationSeconds).toBeLessThan(100);
  const again = await place.resume();
  expect(again.code, again.stdout + again.stderr).toBe(0);
  expect(place.pool.userCount).toBe(60);
});
