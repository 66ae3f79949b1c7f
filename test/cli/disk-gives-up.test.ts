import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync } from 'node:fs';
import process from 'node:process';
import { describe, expect, it, vi } from 'vitest';

import { growingTo, type Ended } from '../support/cli.js';
import { fast, openPlace, people, stackTrace, until, type Place } from '../support/place.js';

// Most of the time these wait for each other's clock, not for the processor.
vi.setConfig({ maxConcurrency: 4 });

const importing = ['import', 'f.csv', '--run', 'r', ...fast];

function expectPlain({ stderr }: Ended): void {
  expect(stderr).not.toMatch('This was not expected');
  expect(stderr).not.toMatch(stackTrace);
}

/** Goes on with the run, which has nothing in its way any more. */
async function expectResumed(place: Place, count: number): Promise<void> {
  const again = await place.resume();
  expect(again.code, again.stdout + again.stderr).toBe(0);
  expect(place.statuses()).toEqual({ created: count });
  expect(place.pool.userCount).toBe(count);
  expect(readdirSync(place.path('reports/r')).filter((name) => name.endsWith('.part'))).toEqual([]);
}

describe.concurrent('files that may grow to a size and no further, for anybody', () => {
  it('stop the run with 3 where the journal is full, and resume goes on once it may grow', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(200));
    const args = [...importing, '--concurrency', '4'];
    const ended = await place.startBy(growingTo(16 * 1024), args).ended;
    expect(ended.code, ended.stderr).toBe(3);
    expect(ended.stderr).toMatch(/journal.jsonl can't be written.*EFBIG/);
    expect(ended.stderr).toMatch('resume');
    expectPlain(ended);
    const { userCount } = place.pool;
    expect([userCount > 0, userCount < 200], String(userCount)).toEqual([true, true]);
    await expectResumed(place, 200);
    expect(place.calls('AdminCreateUser')).toBeLessThanOrEqual(200 + 4);
  });

  it.for([
    ['the plan of a sync', 8 * 1024, ['sync', 'f.csv', '--run', 's', '--scope', 'all', '--yes']],
    ['the plan of an undo', 8 * 1024, ['undo', 'r', '--yes']],
    [
      'the file of passwords',
      0,
      ['import', 'g.csv', '--run', 's', '--generate-passwords', 'passwords.csv'],
    ],
  ] as const)('end with 2 where %s has no room, and leave nothing', async ([, bytes, args]) => {
    const place = await openPlace();
    await place.write('f.csv', people(200));
    await place.imported('f.csv');
    await place.write('f.csv', people(200, { given_name: (n) => `Given ${n}` }));
    await place.write('g.csv', people(200).replaceAll('u0', 'v0'));
    const ended = await place.startBy(growingTo(bytes), [...args, ...fast]).ended;
    expect(ended.code, ended.stderr).toBe(2);
    expect(ended.stderr).toMatch(/can't be written.*EFBIG.*othing was sent/);
    expectPlain(ended);
    expect(await place.runs()).toEqual(['r']);
    expect(existsSync(place.path('passwords.csv'))).toBe(false);
    const changes = ['AdminCreateUser', 'AdminUpdateUserAttributes', 'AdminDeleteUser'];
    expect(changes.map((operation) => place.calls(operation))).toEqual([200, 0, 0]);
  });

  it('end with 3 where a report is too large, and resume writes it', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(20));
    const ended = await place.startBy(growingTo(24 * 1024), importing).ended;
    expect(ended.code, ended.stderr).toBe(3);
    expect(ended.stderr).toMatch(/The reports in .*reports\/r can't be written \(EFBIG\)/);
    expectPlain(ended);
    expect(place.pool.userCount, 'the journal had room').toBe(20);
    await expectResumed(place, 20);
    expect(place.calls('AdminCreateUser')).toBe(20);
  });
});

/** Modes hold back root, too, where it has not the right to pass over them. */
const asAnybody: readonly string[] =
  process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : ['env'];

const heedsModes = ((): boolean => {
  try {
    const [name = '', ...rest] = asAnybody;
    execFileSync(name, [...rest, 'true'], { stdio: 'ignore' });
    return process.platform !== 'win32';
  } catch {
    return false;
  }
})();

describe.skipIf(!heedsModes)('what is made read-only midway', { concurrent: true }, () => {
  const slow = ['--rate', 'UserCreation=60'];

  it('the folder of a run: 3, and resume writes its reports once it can be written', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(40));
    const { ended } = place.startBy(asAnybody, [...importing, ...slow]);
    await until(() => place.pool.userCount >= 5);
    chmodSync(place.path('reports/r'), 0o500);
    const first = await ended;
    expect(first.code, first.stderr).toBe(3);
    expect(first.stderr).toMatch(/The reports in .*reports\/r can't be written \(EACCES\)/);
    expectPlain(first);
    chmodSync(place.path('reports/r'), 0o700);
    await expectResumed(place, 40);
    expect(place.calls('AdminCreateUser'), 'the open journal was written on').toBe(40);
  });

  it('the journal of a run that was killed: 2, and nothing is sent until it can be written', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(40));
    const { child, ended } = place.startBy(asAnybody, [...importing, ...slow]);
    await until(() => place.pool.userCount >= 5);
    chmodSync(place.path('reports/r/journal.jsonl'), 0o400);
    child.kill('SIGKILL');
    await ended;
    const before = place.calls('AdminCreateUser');
    const refused = await place.startBy(asAnybody, ['resume', 'r', ...fast]).ended;
    expect(refused.code, refused.stderr).toBe(2);
    expect(refused.stderr).toMatch('journal.jsonl');
    expectPlain(refused);
    expect(place.calls('AdminCreateUser')).toBe(before);
    chmodSync(place.path('reports/r/journal.jsonl'), 0o600);
    await expectResumed(place, 40);
  });
});
