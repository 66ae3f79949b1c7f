import { execFileSync } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import process from 'node:process';
import { afterAll, describe, expect, it, vi } from 'vitest';

import { fast, openPlace, people, until, type Place } from '../support/place.js';

// Most of the time these wait for each other's clock, not for the processor.
vi.setConfig({ maxConcurrency: 8 });

/** A run that stopped after a few rows, and goes on with the rest. */
async function stoppedRun(): Promise<Place> {
  const place = await openPlace();
  await place.write('f.csv', people(20));
  await place.imported('f.csv', { invite: 'email', inviteLimit: 5 }, 3);
  return place;
}

describe.concurrent('resume', () => {
  it('refuses a file that was changed, and takes it again once it is as it was', async () => {
    const place = await stoppedRun();
    await place.write('f.csv', people(20).replace('u0020@example.com', 'u0020@example.org'));
    const ended = await place.resume();
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch('not what run "r" was begun with');
    expect(place.pool.userCount).toBe(5);
    await place.write('f.csv', people(20));
    expect((await place.resume('--invite-limit', '50')).code).toBe(0);
    expect(place.statuses()).toEqual({ created: 20 });
  });

  it('refuses another pool, and a file that is gone', async () => {
    const place = await stoppedRun();
    const other = await place.resume('--user-pool-id', 'eu-central-1_Another');
    expect(other.code).toBe(2);
    expect(other.stderr).toMatch(place.pool.userPoolId);
    rmSync(place.path('f.csv'));
    const gone = await place.resume();
    expect(gone.code, gone.stderr).toBe(2);
    expect(gone.stderr).toMatch('f.csv');
    expect(place.pool.userCount).toBe(5);
  });

  it('needs no pool named, from whatever folder it is called', async () => {
    const place = await stoppedRun();
    await mkdir(place.path('elsewhere'));
    const ended = await place.run(['resume', '../reports/r', '--invite-limit', '50', ...fast], {
      cwd: place.path('elsewhere'),
      env: { COGNITO_USER_POOL_ID: '' },
    });
    expect(ended.code, ended.stderr).toBe(0);
    expect(place.pool.messages.length).toBe(20);
  });

  it('has nothing to do for a run that is done, and says the same again', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(5));
    await place.imported('f.csv');
    const before = place.text('results.csv');
    const creates = place.calls('AdminCreateUser');
    expect((await place.resume()).code).toBe(0);
    expect(place.text('results.csv')).toBe(before);
    expect(place.calls('AdminCreateUser')).toBe(creates);
  });

  it('is refused while another process has the run, whoever came first', async () => {
    const place = await openPlace({ latencyMs: 100 });
    await place.write('f.csv', people(400));
    const slow = ['--rate', '20'];
    const first = place.start(['import', 'f.csv', '--run', 'r', ...slow]);
    await until(() => place.pool.userCount >= 3);
    for (const command of ['resume', 'report']) {
      const ended = await place.run([command, 'r']);
      expect(`${command} ${ended.code}`).toBe(`${command} 2`);
      expect(ended.stderr).toMatch(`process ${String(first.child.pid)}`);
    }
    first.child.kill('SIGKILL');
    await first.ended;
    // The lock of a dead process is no obstacle; that of the living one is.
    const creates = place.calls('AdminCreateUser');
    const second = place.start(['resume', 'r', ...slow]);
    await until(() => place.calls('AdminCreateUser') > creates + 2);
    expect((await place.resume()).code).toBe(2);
    second.child.kill('SIGINT');
    expect((await second.ended).code).toBe(130);
    expect(place.statuses()['created']).toBe(place.pool.userCount);
  });
});

describe.concurrent('report', () => {
  it('writes the reports again as they were, and calls nobody', async () => {
    const place = await openPlace();
    await place.write('f.csv', `${people(5)}bad row\n,no@example.com\n`);
    await place.imported('f.csv', {}, 1);
    const names = ['results.csv', 'rejects.csv', 'summary.json'];
    const before = names.map((name) => place.text(name));
    for (const name of names) rmSync(place.path('reports/r', name));
    await place.pool.close();
    const ended = await place.run(['report', 'r']);
    expect(ended.code, ended.stderr).toBe(0);
    expect(names.map((name) => place.text(name))).toEqual(before);
  });
});

const mounted: string[] = [];
afterAll(() => {
  for (const folder of mounted) execFileSync('umount', [folder]);
});

const isRoot = process.getuid?.() === 0 && process.platform === 'linux';

async function smallDisk(place: Place, bytes: number): Promise<void> {
  const folder = place.path('reports');
  await mkdir(folder);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder]);
  mounted.push(folder);
}

function moreRoom(place: Place): void {
  execFileSync('mount', ['-o', 'remount,size=20m', place.path('reports')]);
}

describe.skipIf(!isRoot)('a disk that is full (a mount of its own, so root only)', () => {
  it('stops the run with 3 in the middle, and resume goes on once there is room', async () => {
    const place = await openPlace();
    await smallDisk(place, 100 * 1024);
    await place.write('f.csv', people(1_200));
    const ended = await place.import('f.csv', '--concurrency', '16');
    expect(ended.code, ended.stderr).toBe(3);
    expect(ended.stderr).toMatch(/journal.jsonl can't be written.*ENOSPC/);
    expect(ended.stderr).toMatch('resume');
    expect(ended.stderr).not.toMatch('This was not expected');
    const before = place.pool.userCount;
    expect(before).toBeLessThan(1_200);
    moreRoom(place);
    const again = await place.resume();
    expect(again.code, again.stdout + again.stderr).toBe(0);
    expect(place.statuses()).toEqual({ created: 1_200 });
    expect(place.pool.userCount).toBe(1_200);
  });

  it('that has no room for the reports says so with 3, and report writes them later', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(400));
    const args = ['import', 'f.csv', '--reports', 'reference', '--run', 'r', ...fast];
    expect((await place.run([...args, '--on-existing', 'skip'])).code).toBe(0);
    const journal = statSync(place.path('reference/r/journal.jsonl')).size;
    const pages = Math.ceil(journal / 4096) + 4;
    const other = await openPlace();
    await smallDisk(other, pages * 4096);
    await other.write('f.csv', people(400));
    const ended = await other.import('f.csv');
    expect(ended.code, ended.stderr).toBe(3);
    expect(other.pool.userCount, 'the journal had room').toBe(400);
    expect(ended.stderr).toMatch('ENOSPC');
    expect(ended.stderr).not.toMatch('This was not expected');
    moreRoom(other);
    const again = await other.run(['report', 'r']);
    expect(again.code, again.stderr).toBe(0);
    expect(other.statuses()).toEqual({ created: 400 });
  });

  it('from the start is a matter of 2: nothing was sent', async () => {
    const place = await openPlace();
    await smallDisk(place, 4096);
    execFileSync('sh', [
      '-c',
      'head -c 4096 /dev/zero > "$1" || true',
      'sh',
      place.path('reports/x'),
    ]);
    await place.write('f.csv', people(5));
    const ended = await place.import('f.csv');
    expect(place.calls('AdminCreateUser')).toBe(0);
    expect(ended.code, ended.stderr).toBe(2);
    expect(ended.stderr).not.toMatch('This was not expected');
  });
});
