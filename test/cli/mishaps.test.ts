import { existsSync, renameSync, rmSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';

import type { FaultPlan } from '../../src/local/index.js';
import { fast, openPlace, people, stackTrace, until, type Place } from '../support/place.js';
import { preloading } from '../support/preload.js';
import { fastSignIn, publicClient } from '../support/signing-in.js';
import { some } from '../support/thorough.js';
import { expectStaff, staff } from '../support/truth.js';

// Most of the time these wait for each other's clock, not for the processor.
vi.setConfig({ maxConcurrency: 4 });

const slow = ['--rate', 'UserCreation=40,UserUpdate=40,UserList=500', '--concurrency', '8'];

describe.concurrent('the folder of a run', () => {
  it('that is deleted midway ends it with 3 at once, and says that nothing goes on without it', async () => {
    const place = await openPlace({ latencyMs: 20 });
    await place.write('f.csv', people(600));
    const { ended } = place.start(['import', 'f.csv', '--run', 'r', ...slow]);
    await until(() => place.pool.userCount >= 20);
    rmSync(place.path('reports', 'r'), { recursive: true });
    const { code, stderr } = await ended;
    expect(code, stderr).toBe(3);
    expect(stderr).toMatch('was deleted during the run');
    expect(stderr).not.toMatch('resume goes on');
    expect(stderr).not.toMatch(stackTrace);
    expect(place.pool.userCount, 'it did not go on for long').toBeLessThan(200);
    const again = await place.import('f.csv');
    expect(again.code, again.stderr).toBe(0);
    expect(place.pool.userCount).toBe(600);
  });

  it('that is moved away midway ends with 3, and is resumed where it is then', async () => {
    const place = await openPlace({ latencyMs: 20 });
    await place.write('f.csv', people(80));
    const { ended } = place.start(['import', 'f.csv', '--run', 'r', ...slow]);
    await until(() => place.pool.userCount >= 20);
    renameSync(place.path('reports', 'r'), place.path('moved'));
    const { code, stderr } = await ended;
    expect(code, stderr).toBe(3);
    expect(stderr).not.toMatch('This was not expected');
    const again = await place.run(['resume', 'moved', ...fast]);
    expect(again.code, again.stdout + again.stderr).toBe(0);
    expect(place.pool.userCount).toBe(80);
    expect(place.calls('AdminCreateUser')).toBe(80);
  });
});

describe.concurrent('SIGTERM', () => {
  /** Starts, waits until it is so, and ends the process. */
  async function terminated(
    place: Place,
    args: readonly string[],
    isSo: () => boolean,
  ): Promise<{ readonly stdout: string; readonly stderr: string }> {
    const { child, ended } = place.start(args);
    await until(() => isSo() || child.exitCode !== null);
    child.kill('SIGTERM');
    const { code, stdout, stderr } = await ended;
    expect(code, stdout + stderr).toBe(143);
    expect(stderr).not.toMatch('This was not expected');
    expect(stderr).not.toMatch(stackTrace);
    return { stdout, stderr };
  }

  const columns = { given_name: (n: number) => `Given ${n}` };
  const users = (place: Place): number => place.pool.userCount;

  it('while the file is checked leaves nothing', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(200_000));
    const args = ['import', 'f.csv', '--run', 'r', ...fast];
    await terminated(place, args, () => place.calls('DescribeUserPool') > 0);
    expect(place.calls('AdminCreateUser')).toBe(0);
    expect(await place.runs()).toEqual([]);
  });

  it('while the pool is read leaves nothing of a sync, which is begun again', async () => {
    const place = await openPlace({ latencyMs: 100 });
    await place.write('f.csv', people(20));
    place.pool.setFaults({ rules: [{ kind: 'slow', operation: 'ListUsers', ms: 2_000 }] });
    const args = ['sync', 'f.csv', '--run', 's', ...fast];
    await terminated(place, args, () => place.calls('ListUsers') > 0);
    expect(place.pool.userCount).toBe(0);
    expect(place.calls('AdminCreateUser')).toBe(0);
    expect(await place.runs()).toEqual([]);
    place.pool.setFaults({ rules: [] });
    const again = await place.run(args);
    expect(again.code, again.stdout + again.stderr).toBe(0);
    expect(place.statuses('s')).toEqual({ created: 20 });
  });

  it('while a dry run reads the pool leaves nothing', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(20));
    place.pool.setFaults({ rules: [{ kind: 'slow', operation: 'ListUsers', ms: 20_000 }] });
    const args = ['import', 'f.csv', '--dry-run', '--save-plan', 'plan', '--run', 'd', ...fast];
    await terminated(place, args, () => place.calls('ListUsers') > 0);
    expect([await place.runs(), existsSync(place.path('plan'))]).toEqual([[], false]);
  });

  it('while a plan is carried out, and while that is resumed, is gone on with', async () => {
    const place = await openPlace({ latencyMs: 20 });
    await place.write('f.csv', staff(90));
    const planned = ['import', 'f.csv', '--dry-run', '--save-plan', 'plan', '--run', 'd', ...fast];
    expect((await place.run(planned)).code).toBe(0);
    await terminated(place, ['apply', 'plan', '--run', 'r', ...slow], () => users(place) >= 10);
    const between = users(place);
    await terminated(place, ['resume', 'r', ...slow], () => users(place) >= between + 10);
    const { outcome, exitCode } = place.summary();
    expect([outcome, exitCode, users(place) < 90]).toEqual(['interrupted', 143, true]);
    const resumed = await place.resume();
    expect(resumed.code, resumed.stdout + resumed.stderr).toBe(0);
    expectStaff(place, 90);
    expect(place.calls('AdminCreateUser')).toBe(90);
  });

  it('while codes are sent is gone on with, and nobody is told twice', async () => {
    const place = await openPlace({ latencyMs: 20, local: { DailyEmailLimit: 0 } });
    await place.write('f.csv', people(40, { password: (n) => `Secret-${n}-canary!` }));
    await place.imported('f.csv', { passwordMode: 'permanent' });
    const args = ['verify', 'send', 'f.csv', '--run', 's', '--client-id', publicClient];
    const paced = ['--rate', 'UserAuthentication=20', '--concurrency', '4'];
    const messages = (): number => place.pool.messages.length;
    await terminated(place, [...args, ...paced], () => messages() >= 5);
    expect(messages()).toBeLessThan(40);
    const resumed = await place.run(['resume', 's', ...fastSignIn]);
    expect(resumed.code, resumed.stdout + resumed.stderr).toBe(0);
    expect(place.statuses('s')).toEqual({ 'code-sent': 40 });
    expect([messages(), place.mostMessages]).toEqual([40, 1]);
  });

  it('while a sync writes, and while an undo does, is gone on with', async () => {
    const place = await openPlace({ latencyMs: 20 });
    await place.write('f.csv', people(60));
    await place.imported('f.csv');
    await place.write('f.csv', people(90, columns));
    const updates = (): number => place.calls('AdminUpdateUserAttributes');
    await terminated(place, ['sync', 'f.csv', '--run', 's', ...slow], () => updates() >= 10);
    expect(place.summary('s')).toMatchObject({ outcome: 'interrupted', exitCode: 143 });
    const synced = await place.run(['resume', 's', ...fast]);
    expect(synced.code, synced.stdout + synced.stderr).toBe(0);
    expect(place.statuses('s')).toEqual({ created: 30, updated: 60 });
    expect(updates()).toBe(60);

    const deletes = (): number => place.calls('AdminDeleteUser');
    await terminated(place, ['undo', 's', '--yes', ...slow], () => deletes() >= 5);
    const name = (await place.runs()).find((run) => run.includes('undo')) ?? '';
    const undone = await place.run(['resume', name, ...fast]);
    expect(undone.code, undone.stdout + undone.stderr).toBe(0);
    expect(place.statuses(name)).toEqual({ deleted: 30, unchanged: 60 });
    expect(place.pool.userCount).toBe(60);
  });

  it.for(some(['results.csv', 'report.html', 'summary.json'], 1))(
    'while %s is written lets it be written',
    async (report) => {
      const place = await openPlace();
      await place.write('f.csv', people(30));
      const { child, ended, said } = place.start(['import', 'f.csv', '--run', 'r', ...fast], {
        env: preloading('held-reports', { HELD_REPORT: report }),
      });
      await said('held before');
      expect(existsSync(place.path('reports/r', `${report}.part`))).toBe(true);
      child.kill('SIGTERM');
      const { code, stderr } = await ended;
      expect(code, stderr).toBe(0);
      expect(place.statuses()).toEqual({ created: 30 });
      expect(place.summary()).toMatchObject({ outcome: 'complete', exitCode: 0 });
      expect((await place.resume()).code).toBe(0);
      expect(place.calls('AdminCreateUser')).toBe(30);
    },
  );
});

describe.concurrent('a sync and its undo, under misfortunes', () => {
  const plans: Readonly<Record<string, FaultPlan>> = {
    'answers lost after the effect': { rules: [{ kind: 'reset-after', probability: 0.15 }] },
    'faults and throttling': {
      rules: [
        { kind: 'internal-error', probability: 0.1, effect: true },
        { kind: 'unavailable', probability: 0.05 },
        { kind: 'throttle', probability: 0.2 },
      ],
    },
  };

  it.for(some(Object.keys(plans), 1))('%s: what is reported is so', async (name) => {
    const place = await openPlace({ local: { ListDelayMs: 300 } });
    await place.write('f.csv', people(60));
    await place.imported('f.csv');
    await new Promise((resolve) => setTimeout(resolve, 400));
    // Ten are new, forty change, and ten are gone.
    const lines = people(70, { given_name: (n) => (n <= 50 ? `Given ${n}` : '') }).split('\n');
    lines.splice(51, 10);
    await place.write('f.csv', lines.join('\n'));
    place.pool.setFaults(plans[name] ?? { rules: [] });
    const choices = ['--missing', 'disable', '--scope', 'all', '--max-removals', '20', '--yes'];
    const args = ['sync', 'f.csv', '--run', 's', '--max-attempts', '12', ...choices, ...fast];
    const synced = await place.run(args);
    expect(synced.code, synced.stdout + synced.stderr).toBe(0);
    expect(place.statuses('s')).toEqual({ created: 10, updated: 50, disabled: 10 });
    const users = place.users();
    for (const { username, status, sub } of place.results('s')) {
      const user = users.get(username);
      expect(sub).toBe(user?.sub);
      expect(user?.enabled, username).toBe(status !== 'disabled');
      if (status === 'updated') expect(user?.attributes['given_name']).toMatch('Given');
    }
    const undone = await place.run(['undo', 's', '--yes', '--max-attempts', '12', ...fast]);
    expect(undone.code, undone.stdout + undone.stderr).toBe(0);
    expect(place.pool.userCount).toBe(60);
    expect([...place.pool.users()].every(({ enabled }) => enabled)).toBe(true);
  });
});
