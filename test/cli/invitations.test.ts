import { describe, expect, it } from 'vitest';

import { openPlace, people } from '../support/place.js';

const byMail = ['--invite', 'email'];

describe.concurrent('invitations', () => {
  it('go to nobody by accident', async () => {
    const place = await openPlace();
    expect((await place.import(await place.write('f.csv', people(5)))).code).toBe(0);
    expect(place.pool.messages).toEqual([]);
  });

  it('go to everybody once, and nobody is told twice by doing it again', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(5));
    expect((await place.import('f.csv', ...byMail)).code).toBe(0);
    expect((await place.import('f.csv', '--run', 'again', ...byMail)).code).toBe(0);
    expect(place.statuses('again')).toEqual({ exists: 5 });
    expect(place.pool.messages.map(({ destination }) => destination).sort()).toEqual(
      [1, 2, 3, 4, 5].map((n) => `u000${n}@example.com`),
    );
    expect(place.results()[0]?.steps).toBe('create+invite');
  });

  it('stop at --invite-limit, and resume sends the next ones', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(10));
    const first = await place.import('f.csv', ...byMail, '--invite-limit', '4');
    expect(first.code, first.stderr).toBe(3);
    expect(place.pool.messages.length).toBe(4);
    expect(place.statuses()).toEqual({ created: 4, 'not-attempted': 6 });
    expect(place.summary()).toMatchObject({ outcome: 'stopped', exitCode: 3 });
    const second = await place.resume();
    expect(second.code, second.stderr).toBe(3);
    expect(place.pool.messages.length).toBe(8);
    const third = await place.resume();
    expect(third.code, third.stderr).toBe(0);
    expect(place.statuses()).toEqual({ created: 10 });
    expect(place.pool.messages.length).toBe(10);
    expect(place.mostMessages).toBe(1);
  });

  it('end for the day at 50, and the rest go out the next day, nobody twice', async () => {
    let passed = 0;
    const place = await openPlace({ now: () => Date.now() + passed });
    await place.write('f.csv', people(60, { groups: () => 'staff' }));
    const first = await place.import('f.csv', ...byMail);
    expect(first.code, first.stderr).toBe(3);
    expect(first.stdout).toMatch(/LimitExceededException.*daily email limit/s);
    expect(place.pool.messages.length).toBe(50);
    for (const { username, status, sub, message } of place.results()) {
      const user = place.users().get(username);
      // The run may have ended before the pool said whether the user is there.
      if (status === 'failed') expect(message).toMatch(/not known/);
      else expect([username, status, user?.sub ?? '']).toEqual([username, status, sub]);
    }
    const sameDay = await place.resume();
    expect(sameDay.code, 'the limit still stands').toBe(3);
    expect(place.pool.messages.length).toBe(50);
    passed = 86_400_000;
    const nextDay = await place.resume();
    expect(nextDay.code, nextDay.stdout + nextDay.stderr).toBe(0);
    expect(place.statuses()).toEqual({ created: 60 });
    expect(place.results().every(({ steps }) => steps.split('+').includes('invite'))).toBe(true);
    expect([...place.pool.users()].every(({ groups }) => groups[0] === 'staff')).toBe(true);
    expect(place.pool.messages.length).toBe(60);
    expect(place.mostMessages).toBe(1);
  });

  it('that can not be delivered leave the user there: partial, and again with --retry-failed', async () => {
    const place = await openPlace({ local: { UndeliverableTo: '^u000[23]@' } });
    await place.write('f.csv', people(5, { groups: () => 'staff' }));
    const ended = await place.import('f.csv', ...byMail);
    expect(ended.code, ended.stderr).toBe(1);
    expect(place.results().map(({ status, code }) => `${status} ${code}`)).toEqual([
      'created ',
      'partial CodeDeliveryFailureException',
      'partial CodeDeliveryFailureException',
      'created ',
      'created ',
    ]);
    expect(place.results()[1]?.steps).toBe('create+groups');
    expect(place.users().get('u0002')?.groups).toEqual(['staff']);
    expect(place.results()[1]?.sub).toBe(place.users().get('u0002')?.sub);
    const again = await place.resume('--retry-failed');
    expect(again.code, again.stderr).toBe(1);
    expect(place.mostMessages).toBe(1);
    expect(place.pool.userCount).toBe(5);
  });

  it('are not sent twice because an answer was lost', async () => {
    const place = await openPlace({
      local: { DailyEmailLimit: 0 },
      faults: {
        rules: [
          { kind: 'reset-after', operation: 'AdminCreateUser', every: 3 },
          { kind: 'cut-off', operation: 'AdminCreateUser', every: 4 },
        ],
      },
    });
    const ended = await place.import(await place.write('f.csv', people(20)), ...byMail);
    expect(ended.code, ended.stderr).toBe(0);
    expect(place.statuses()).toEqual({ created: 20 });
    expect(place.pool.messages.length).toBe(20);
    expect(place.mostMessages).toBe(1);
  });
});
