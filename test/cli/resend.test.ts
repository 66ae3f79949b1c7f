import { describe, expect, it, vi } from 'vitest';

import { fast, openPlace, people, until, type Place, type PlaceOptions } from '../support/place.js';
import type { Ended } from '../support/cli.js';

vi.setConfig({ maxConcurrency: 6 });

/** A place with people who were made and wait with a temporary password; nobody was messaged. */
async function placeWithWaiting(count: number, options: PlaceOptions = {}): Promise<Place> {
  const place = await openPlace({ ...options, local: { DailyEmailLimit: 0, ...options.local } });
  await place.write('f.csv', people(count));
  await place.imported('f.csv', { run: 'made' });
  return place;
}

const resend = (place: Place, ...args: string[]): Promise<Ended> =>
  place.import('f.csv', '--resend', ...args);

describe.concurrent('import --resend', () => {
  it('invites those who wait, and nobody else, and makes nobody', async () => {
    const place = await placeWithWaiting(2);
    await place.write('set.csv', 'username,email,password\ndone,done@example.com,Secret-1-x!\n');
    await place.imported('set.csv', { run: 'set', passwordMode: 'permanent' });
    // Of people who are there the names are enough.
    await place.write('f.csv', 'username\nu0001\ndone\nnobody\nu0002\n');
    const ended = await resend(place);
    expect(ended.code, ended.stderr).toBe(1);
    expect(ended.stderr).toMatch(/temporary password of an earlier invitation stops working/);
    expect(ended.stderr).not.toMatch(/New users could not sign in/);
    expect(place.results().map(({ status, code, steps }) => [status, code, steps])).toEqual([
      ['updated', '', 'invite'],
      ['unchanged', 'not-waiting', ''],
      ['failed', 'UserNotFoundException', ''],
      ['updated', '', 'invite'],
    ]);
    expect(place.results()[1]?.message).toMatch('CONFIRMED');
    expect(place.results()[0]?.sub).toBe(place.users().get('u0001')?.sub);
    expect(place.pool.userCount).toBe(3);
    expect(place.pool.messages.map(({ destination }) => destination).sort()).toEqual([
      'u0001@example.com',
      'u0002@example.com',
    ]);
    expect(place.calls('AdminGetUser')).toBe(1);
  });

  it('stops at --invite-limit and at the daily limit, and resume goes on', async () => {
    let passed = 0;
    const place = await placeWithWaiting(6, {
      now: () => Date.now() + passed,
      local: { DailyEmailLimit: 4 },
    });
    const first = await resend(place, '--invite-limit', '2');
    expect(first.code, first.stderr).toBe(3);
    expect(place.statuses()).toEqual({ updated: 2, 'not-attempted': 4 });
    const second = await place.resume('--concurrency', '1');
    expect(second.code, second.stderr).toBe(3);
    expect(place.statuses()).toEqual({ updated: 4, 'not-attempted': 2 });
    passed = 86_400_000;
    expect((await place.resume()).code).toBe(0);
    expect(place.statuses()).toEqual({ updated: 6 });
    expect(place.mostMessages).toBe(1);
    expect(place.pool.userCount).toBe(6);
  });

  it('sends nobody a second one after a lost answer, not even with --retry-failed', async () => {
    const place = await placeWithWaiting(3);
    place.pool.setFaults({
      rules: [{ kind: 'reset-after', operation: 'AdminCreateUser', count: 1 }],
    });
    expect((await resend(place)).code).toBe(1);
    expect(place.statuses()).toEqual({ failed: 1, updated: 2 });
    expect(place.summary().byCode).toEqual({ 'invitation-unknown': 1 });
    expect((await place.resume('--retry-failed')).code).toBe(1);
    expect(place.pool.messages.length).toBe(3);
    expect(place.mostMessages).toBe(1);
  });

  it('killed while one is sent, it does not send that one again', async () => {
    const place = await placeWithWaiting(3);
    place.pool.setFaults({
      rules: [{ kind: 'hang', effect: true, operation: 'AdminCreateUser', after: 1, count: 1 }],
    });
    const args = ['import', 'f.csv', '--resend', '--run', 'r', ...fast, '--concurrency', '1'];
    const running = place.start([...args, '--timeout', '30s']);
    await until(() => place.pool.messages.length === 2);
    running.child.kill('SIGKILL');
    await running.ended;
    expect((await place.resume()).code).toBe(1);
    expect(place.results().map(({ status, code }) => `${status} ${code}`)).toEqual([
      'updated ',
      'failed invitation-unknown',
      'updated ',
    ]);
    expect(place.mostMessages).toBe(1);
  });

  it('goes by SMS where that is asked for, and does nothing beside', async () => {
    const place = await openPlace();
    await place.write('f.csv', 'username,phone_number\nada,+442071838750\n');
    await place.imported('f.csv', { run: 'made' });
    const ended = await resend(place, '--invite', 'sms');
    expect(ended.code, ended.stderr).toBe(0);
    expect(place.pool.messages.map(({ medium }) => medium)).toEqual(['SMS']);
  });

  it('heeds no option for new users, of the --config file that they were made with', async () => {
    const place = await placeWithWaiting(1);
    await place.write('c.yaml', 'verified: email\npassword-mode: temporary\ncreate-groups: true\n');
    const ended = await resend(place, '--config', 'c.yaml');
    expect(ended.code, ended.stderr).toBe(0);
    expect(place.statuses()).toEqual({ updated: 1 });
  });

  it('takes nothing beside it that would have no effect', async () => {
    const place = await placeWithWaiting(1);
    await place.write('c.yaml', 'password-mode: temporary\n');
    await place.write('dry.yaml', 'dry-run: true\n');
    const resending = ['import', 'f.csv', '--resend'];
    const wrong: [args: string[], name: string][] = [
      [['--password-mode', 'permanent'], 'password-mode'],
      [['--config', 'c.yaml', '--password-mode', 'permanent'], 'password-mode'],
      [['--verified=email'], 'verified'],
      [['--dry-run'], 'dry-run'],
      [['--config', 'dry.yaml'], 'dry-run'],
    ];
    const ended = await place.inTurn(wrong.map(([args]) => [...resending, ...args]));
    expect(ended.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      wrong.map(([, name]) => ({
        code: 2,
        stderr: `cognito-bulk: --resend invites users who are there and does nothing else: leave --${name} out.\n`,
      })),
    );
    expect(place.pool.messages).toEqual([]);
  });
});
