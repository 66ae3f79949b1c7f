import fc from 'fast-check';
import { expect, inject, it, vi } from 'vitest';

import type { RowResult } from '../../src/apply/result.js';
import { misfortunes } from './arbitraries.js';
import { Meddler } from './meddler.js';
import { modelDisk, modelFile } from './mounted.js';
import { RunLife } from './run-life.js';
import { snapshotOf } from './snapshot.js';
import type { Snapshot } from './snapshot.js';
import { fileOf, refusedIn, settle, syncCase } from './sync-case.js';
import type { SyncCase } from './sync-case.js';
import { UndoLife } from './undo-life.js';
import { World } from './world.js';
import type { Surroundings } from './world.js';

vi.mock('node:fs/promises', async (original) =>
  (await import('./mounted.js')).promises(await original()),
);
vi.mock('node:fs', async (original) => (await import('./mounted.js')).fs(await original()));
vi.mock('../../src/api/run/reopen-run.js', async (original) => ({
  ...(await original<object>()),
  openFileAgain: async () => (await import('./mounted.js')).modelFile.current,
}));

/** A run, and the undo of it. */
interface Case {
  readonly one: SyncCase;
  /** Whether the run was gone on with until all was done. */
  readonly isDone: boolean;
  /** From the run to its undo: long enough for what was under way when a process died. */
  readonly pauseMs: number;
  readonly undo: Pick<Surroundings, 'schedule' | 'crashes'>;
}

const aCase: fc.Arbitrary<Case> = fc.record({
  one: fc.record({
    ...syncCase,
    command: fc.constantFrom('sync' as const, 'import' as const),
    // Also longer than until the undo, which then has to ask for those who are not listed.
    listLagMs: fc.constantFrom(0, 5_000, 60_000),
  }),
  isDone: fc.boolean(),
  pauseMs: fc.constantFrom(15_000, 3_600_000),
  undo: fc.record(misfortunes),
});

type Users = ReadonlyMap<string, Snapshot>;

async function holds({ one, isDone, pauseMs, undo }: Case): Promise<void> {
  const world = new World(one, refusedIn(one));
  settle(world.pool, one);
  modelDisk.current = world.disk;
  modelFile.current = fileOf(one);
  const before = snapshotOf(world.pool);
  const run = new RunLife(world, one);
  if (isDone) await world.live(run.process, () => undefined);
  else await world.suffer(run.process, () => undefined);
  await world.time.advance(pauseMs);

  world.befall(undo.schedule, undo.crashes);
  const life = new UndoLife(world, one, run);
  const meddler = new Meddler(world, one);
  let then: Users = snapshotOf(world.pool);
  let isPlanned = false;
  life.onPlan = () => {
    then = snapshotOf(world.pool);
    isPlanned = true;
    meddler.meddle('plan', life);
  };
  await world.live(
    life.process,
    (told, isLast) => {
      const now = snapshotOf(world.pool);
      if (told.refused !== undefined) {
        expect(isLast, 'nothing keeps the last process from its plan').toBe(false);
        expect(now, 'nothing was begun').toEqual(then);
        return;
      }
      const left = meddler.left;
      for (const result of told.results) expectTrue(result, { before, then, now, left, isLast });
      if (isLast) expectAsBefore(before, then, now, left);
    },
    (place) => {
      if (isPlanned) meddler.meddle(place, life);
    },
  );
}

interface Truth {
  /** Before the run. */
  readonly before: Users;
  /** When the undo was planned. */
  readonly then: Users;
  readonly now: Users;
  /** As somebody else left them since. */
  readonly left: ReadonlyMap<string, Snapshot | undefined>;
  readonly isLast: boolean;
}

/** Holds what an undo says of a user against the pool. */
function expectTrue(
  result: RowResult | undefined,
  { before, then, now, left, isLast }: Truth,
): void {
  if (isLast) expect(result?.final, 'the last process leaves nobody open').toBe(true);
  if (!result) return;
  const { sub = '', status, steps, code, final } = result;
  const isOurs = !before.has(sub);
  switch (status) {
    case 'deleted':
      expect(isOurs, 'only whom the run made is deleted').toBe(true);
      expect([now.get(sub), steps]).toEqual([undefined, ['delete']]);
      return;
    case 'updated':
      expect(steps).toEqual(['enable']);
      expect(before.get(sub)?.enabled, 'whom the run disabled').toBe(true);
      expect(now.get(sub)?.enabled).toBe(true);
      return;
    case 'unchanged':
      if (code === 'gone') expect(now.has(sub)).toBe(false);
      else if (code === undefined) expect(now.get(sub)?.enabled).toBe(true);
      else expect(code).toBe('not-undone');
      return;
    case 'not-attempted':
      expect(final).toBe(false);
      expect(now.get(sub)).toEqual(left.has(sub) ? left.get(sub) : then.get(sub));
      return;
    case 'failed':
      if (!final) return;
      expect(code).toBe('changed-since-plan');
      expect(now.get(sub), 'left as somebody else left them').toEqual(left.get(sub));
      return;
    default:
      throw new Error(`a status that no undo has: ${status}`);
  }
}

/** The pool is as it was, but for what can't be taken back and what somebody else did. */
function expectAsBefore(before: Users, then: Users, now: Users, left: Truth['left']): void {
  for (const [sub, user] of now) {
    if (before.has(sub)) continue;
    const other = left.get(sub);
    expect(other, `${user.username} was made by the run, and is still there`).toBeDefined();
    expect(user.attributes).not.toEqual(then.get(sub)?.attributes);
    expect(user).toEqual(other);
  }
  for (const [sub, user] of before) {
    const last = left.has(sub) ? left.get(sub) : then.get(sub);
    const isDisabled = user.enabled && then.get(sub)?.enabled === false;
    expect(now.get(sub), user.username).toEqual(
      last && isDisabled ? { ...last, enabled: true } : last,
    );
  }
}

const quiet = {
  ...{ schedule: [], clockJumps: [], concurrency: 1, listLagMs: 0, clockOffsetMs: 0 },
  ...{ byEmail: false, seed: 0, others: [], meddlings: [], invite: false, verified: true },
  ...({ byKey: false, groupsMode: 'add', missing: 'ignore', scope: 'all' } as const),
  ...({ cap: { percent: 50 }, command: 'sync' } as const),
};
const resident = {
  ...{ differs: [], enabled: false, groups: [], isInScope: false, isProtected: false },
  isNew: true,
};
const line = { groups: [], enabled: '', broken: 'nothing', isRefused: false } as const;
const kill = { at: 'call', how: 'kill', pauseMs: 0 } as const;
const after = { isDone: false, pauseMs: 15_000, undo: { schedule: [], crashes: [] } };

/** What was found here once. */
const found: [Case][] = [
  // A user who was made a moment before the sync that updated them was deleted.
  [
    {
      ...after,
      one: {
        ...quiet,
        crashes: [{ ...kill, count: 5 }],
        lines: [
          { ...line, resident, groups: ['staff'] },
          { ...line, resident: undefined },
        ],
      },
    },
  ],
  // A user whose create has no answer was left, since the list did not have them yet.
  [
    {
      ...after,
      one: {
        ...quiet,
        command: 'import',
        listLagMs: 60_000,
        schedule: ['lost-done'],
        crashes: [{ ...kill, count: 2 }],
        lines: [{ ...line, resident: undefined }],
      },
    },
  ],
];

const { modelCases, seed } = inject('soak');
const count = Math.ceil(modelCases / 2);

it(`an undo takes back what can be taken back, in ${count} cases`, async () => {
  const numRuns = count + found.length;
  await fc.assert(fc.asyncProperty(aCase, holds), { numRuns, seed, examples: found });
}, 3_600_000);
