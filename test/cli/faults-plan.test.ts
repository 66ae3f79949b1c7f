import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';

import { Refusal, resumeRun } from '../../src/index.js';
import { fast, openPlace, people, stackTrace } from '../support/place.js';
import type { Place } from '../support/place.js';
import { costlyCalls, poolNow, sync, synced } from '../support/syncing.js';

// Most of the time these wait for each other's clock, not for the processor.
vi.setConfig({ maxConcurrency: 4 });

const away = {
  missing: 'delete',
  scope: { is: 'all' },
  maxRemovals: { percent: 100 },
} as const;

/** A sync that ended when its credentials did, with changes of each kind left to do. */
async function halfDone(): Promise<Place> {
  const Users = ['u0001', 'u0002', 'u0003', 'gone1', 'gone2'].map((Username) => ({ Username }));
  const place = await openPlace({ local: { Users } });
  await place.write('f.csv', people(6));
  place.pool.setFaults({
    rules: [{ kind: 'expired-token', operation: 'AdminUpdateUserAttributes', after: 1 }],
  });
  await synced(place, 'f.csv', 'a', { ...away, concurrency: 1 }, 3);
  place.pool.setFaults({ rules: [] });
  return place;
}

const lines = (text: string): string[] => text.trimEnd().split('\n');

/** What becomes of a plan. */
const damages: Readonly<Record<string, (text: string) => string | Buffer>> = {
  'is empty': () => '',
  'is cut off behind a line': (text) => lines(text).slice(0, -1).join('\n') + '\n',
  'is cut off in a line': (text) => text.slice(0, -30),
  'is zeros from a place on': (text) =>
    Buffer.concat([Buffer.from(text.slice(0, 400)), Buffer.alloc(4_096)]),
  'is rubbish': () => Buffer.from(Array.from({ length: 5_000 }, (_, at) => (at * 131) % 256)),
  'has a line twice': (text) => {
    const all = lines(text);
    return [...all.slice(0, 3), ...all.slice(2)].join('\n') + '\n';
  },
  'deletes whom it was to change': (text) =>
    text.replace(/\{"row":\d+,"do":"update".*/, (line) => {
      const { row, sub, as } = JSON.parse(line) as Record<string, unknown>;
      return JSON.stringify({ row, do: 'delete', sub, username: 'u0002', as });
    }),
  'has what it never has': (text) => text.replace('"do":"update"', '"do":"__proto__"'),
  'has a text where a list is to be': (text) => text.replace(/"join":\[\]/, '"join":"staff"'),
};

describe.concurrent('a sync whose plan', () => {
  it('is damaged or gone is not gone on with until it is put back', async () => {
    const place = await halfDone();
    const plan = place.path('reports', 'a', 'plan.jsonl');
    const text = readFileSync(plan, 'utf8');
    const [now, calls] = [poolNow(place), costlyCalls(place)];
    const resumed = (): Promise<unknown> =>
      resumeRun({ ...place.library, run: 'a' }).catch((error: unknown) => error);
    for (const [name, damage] of Object.entries(damages)) {
      const damaged = damage(text);
      expect(damaged.toString(), name).not.toBe(text);
      writeFileSync(plan, damaged);
      const refused = await resumed();
      expect(refused, name).toBeInstanceOf(Refusal);
      expect(String(refused), name).toMatch(/plan\.jsonl is (damaged|a plan without its end)/);
    }
    rmSync(plan);
    mkdirSync(plan);
    expect(String(await resumed())).toMatch(/plan\.jsonl is no file/);
    rmdirSync(plan);
    execFileSync('mkfifo', [plan]);
    expect(String(await resumed())).toMatch(/plan\.jsonl is no file/);
    rmSync(plan);
    const { code, stdout, stderr } = await place.run(['resume', 'a', ...fast]);
    expect(code, stdout + stderr).toBe(2);
    expect(stderr).toMatch(/plan\.jsonl can't be read \(ENOENT\): make a new plan/);
    expect(stderr).not.toMatch('This was not expected');
    expect(stderr).not.toMatch(stackTrace);
    expect([poolNow(place), costlyCalls(place)], 'nobody was changed').toEqual([now, calls]);

    writeFileSync(plan, text);
    const mended = await place.run(['resume', 'a', ...fast]);
    expect(mended.code, mended.stdout + mended.stderr).toBe(0);
    expect(place.statuses('a')).toEqual({ updated: 3, created: 3, deleted: 2 });
  });
});

describe.concurrent('credentials', () => {
  it('that expire while a sync reads the pool: 2, and nothing is left of it', async () => {
    const place = await openPlace({ local: { Users: [{ Username: 'u0001' }] } });
    await place.write('f.csv', people(3));
    place.pool.setFaults({ rules: [{ kind: 'expired-token', operation: 'ListUsers' }] });
    const ended = await sync(place, 'f.csv', 'a');
    expect(ended.code, ended.stdout).toBe(2);
    expect(ended.stderr).toMatch(/token .* is expired/);
    expect([costlyCalls(place), await place.runs()]).toEqual([{}, []]);
  });

  it('that expire in an undo: 3, and resume does the rest', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(20));
    await place.imported('f.csv');
    place.pool.setFaults({
      rules: [{ kind: 'expired-token', operation: 'AdminDeleteUser', after: 5 }],
    });
    const ended = await place.run(['undo', 'r', '--yes', '--concurrency', '1', ...fast]);
    expect(ended.code, ended.stderr).toBe(3);
    expect(place.pool.userCount).toBe(15);
    place.pool.setFaults({ rules: [] });
    const name = (await place.runs()).find((run) => run.includes('undo')) ?? '';
    expect(place.statuses(name)).toEqual({ deleted: 5, 'not-attempted': 15 });
    const done = await place.run(['resume', name, ...fast]);
    expect(done.code, done.stdout + done.stderr).toBe(0);
    expect(place.statuses(name)).toEqual({ deleted: 20 });
    expect([place.pool.userCount, place.calls('AdminDeleteUser')]).toEqual([0, 21]);
  });
});
