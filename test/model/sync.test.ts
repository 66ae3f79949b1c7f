import fc from 'fast-check';
import { expect, inject, it, vi } from 'vitest';

import type { RowResult } from '../../src/apply/result.js';
import { Meddler } from './meddler.js';
import { modelDisk } from './mounted.js';
import { RunLife } from './run-life.js';
import type { Told } from './run-life.js';
import { snapshotOf } from './snapshot.js';
import type { Snapshot } from './snapshot.js';
import { emailOf, refusedIn, residentName, settingsOf, settle, syncCase } from './sync-case.js';
import type { SyncCase } from './sync-case.js';
import { World } from './world.js';

vi.mock('node:fs/promises', async (original) =>
  (await import('./mounted.js')).promises(await original()),
);
vi.mock('node:fs', async (original) => (await import('./mounted.js')).fs(await original()));

const aCase: fc.Arbitrary<SyncCase> = fc.record({ ...syncCase, command: fc.constant('sync') });

/** Everybody whom the plan was made on, by `sub`. */
type Before = ReadonlyMap<string, Snapshot>;

async function holds(one: SyncCase): Promise<void> {
  const world = new World(one, refusedIn(one));
  settle(world.pool, one);
  modelDisk.current = world.disk;
  const run = new RunLife(world, one);
  const meddler = new Meddler(world, one);
  let before: Before = snapshotOf(world.pool);
  let made = false;
  run.onPlan = () => {
    before = snapshotOf(world.pool);
    made = true;
    meddler.meddle('plan', run);
  };
  await world.live(
    run.process,
    (told, isLast) => {
      new Truth(one, world, before, meddler).hold(told, isLast);
    },
    (place) => {
      if (made) meddler.meddle(place, run);
    },
  );
}

/** Holds what a sync says against the pool as it was and as it is. */
class Truth {
  readonly #one: SyncCase;
  readonly #world: World;
  readonly #before: Before;
  readonly #now: Before;
  readonly #meddler: Meddler;
  /** Groups that some row names. */
  readonly #named: ReadonlySet<string>;

  constructor(one: SyncCase, world: World, before: Before, meddler: Meddler) {
    this.#one = one;
    this.#world = world;
    this.#before = before;
    this.#now = snapshotOf(world.pool);
    this.#meddler = meddler;
    const good = one.lines.filter(({ broken }) => broken === 'nothing');
    this.#named = new Set(good.flatMap(({ groups }) => groups));
  }

  hold(told: Told, isLast: boolean): void {
    if (told.refused !== undefined) {
      if (isLast) expect(told.refused).toBe('by the cap');
      expect(this.#now, 'nothing was begun').toEqual(this.#before);
      return;
    }
    this.#holdRemovals();
    const { lines } = this.#one;
    const seen = new Set<string>();
    lines.forEach((_, row) => {
      const found = this.#userOf(row, this.#before);
      if (found) seen.add(found.sub);
      this.#holdRow(row, found, told.results[row], isLast);
    });
    const subs = new Set([...this.#before.keys()].filter((sub) => !seen.has(sub)));
    for (const result of told.results.slice(lines.length)) {
      if (!result) {
        expect(isLast, 'the last process leaves nobody open').toBe(false);
        continue;
      }
      expect(result.line).toBe(0);
      this.#holdOther(result, subs);
    }
    if (isLast) for (const sub of subs) this.#holdUntouched(sub);
  }

  /** No more are removed than may be, and nobody who is protected. */
  #holdRemovals(): void {
    const { cap, scope, missing } = this.#one;
    const removed = [...this.#before.values()].filter(({ sub, enabled }) => {
      if (this.#meddler.left.has(sub)) return false;
      const now = this.#now.get(sub);
      return !now || (enabled && !now.enabled);
    });
    const inScope = [...this.#before.values()].filter((user) => this.#isInScope(user)).length;
    const most = 'users' in cap ? cap.users : Math.floor((inScope * cap.percent) / 100);
    expect(removed.length, `${missing} of ${scope}`).toBeLessThanOrEqual(most);
    const people = settingsOf(this.#one).protected;
    expect(removed.filter(({ username }) => people.has(username))).toEqual([]);
  }

  #isInScope({ groups, attributes }: Snapshot): boolean {
    const { scope } = this.#one;
    if (scope === 'all') return true;
    return scope === 'group' ? groups.includes('company') : attributes['custom:site'] === 'HQ';
  }

  /** Whom a row is about. */
  #userOf(row: number, users: Before): Snapshot | undefined {
    const { byEmail, byKey, lines } = this.#one;
    // Whom a row is about that has no name, nobody can say.
    if (lines[row]?.broken === 'its name' && (byEmail || !byKey)) return undefined;
    return [...users.values()].find(({ username, attributes }) =>
      byEmail || byKey ? attributes['email'] === emailOf(row) : username === `u${row}`,
    );
  }

  #holdRow(
    row: number,
    found: Snapshot | undefined,
    result: RowResult | undefined,
    isLast: boolean,
  ): void {
    const line = this.#one.lines[row];
    if (!line) throw new Error('a row has its line');
    const made = [...this.#now.values()].filter(
      ({ sub, attributes }) => !this.#before.has(sub) && attributes['email'] === emailOf(row),
    );
    expect(made.length, 'nobody is there twice').toBeLessThanOrEqual(1);
    if (isLast) expect(result?.final, `the last process leaves row ${row} open`).toBe(true);
    const ours = made.find(({ sub }) => !this.#meddler.left.has(sub));
    const { invited } = this.#world.pool;
    const messages = invited.filter((name) => name === ours?.username).length;
    expect(messages, 'nobody is told twice').toBeLessThanOrEqual(this.#one.invite ? 1 : 0);
    expect(
      invited.filter((name) =>
        [...this.#before.values()].some(({ username }) => username === name),
      ),
      'nobody is told who was there before',
    ).toEqual([]);
    if (!result) return;
    expect(result.line).toBe(row + 2);
    if (line.broken !== 'nothing') {
      expect(result.status).toBe('invalid');
      expect(ours).toBeUndefined();
      if (found) this.#holdUntouched(found.sub);
      return;
    }
    if (found) this.#holdChange(row, found, result);
    else this.#holdCreate(row, ours, made[0], result, isLast);
  }

  /** A row whose user was not there. */
  #holdCreate(
    row: number,
    ours: Snapshot | undefined,
    there: Snapshot | undefined,
    { status, sub, code, steps, final }: RowResult,
    isLast: boolean,
  ): void {
    const line = this.#one.lines[row];
    switch (status) {
      case 'created':
        expect(ours, 'created, so it is our user').toBeDefined();
        expect(sub).toBe(ours?.sub);
        expect(ours?.attributes).toMatchObject(this.#wanted(row));
        expect(ours?.groups).toEqual([...(line?.groups ?? [])].sort());
        expect(ours?.enabled).toBe(line?.enabled !== 'false');
        return;
      case 'partial':
        expect(sub).toBe(ours?.sub);
        expect(code).toBeDefined();
        expect(steps).toContain('create');
        return;
      case 'not-attempted':
        expect(final).toBe(false);
        expect(ours).toBeUndefined();
        return;
      case 'failed':
        if (!final) return;
        expect(ours, 'failed for good, so it is not there').toBeUndefined();
        if (isLast && there) {
          if (line?.isRefused !== true) expect(code).toBe('changed-since-plan');
          expect(there).toEqual(this.#meddler.left.get(there.sub));
        } else if (isLast) {
          const isNameTaken = [...this.#before.values()].some(
            ({ username }) => username === residentName(this.#one, row),
          );
          expect(line?.isRefused === true || isNameTaken).toBe(true);
        }
        return;
      default:
        throw new Error(`a status that no new user has: ${status}`);
    }
  }

  /** A row whose user was there. */
  #holdChange(row: number, found: Snapshot, result: RowResult): void {
    const { sub } = found;
    const { status, steps, code } = result;
    if (this.#meddler.left.has(sub)) {
      if (!result.final) return;
      this.#holdUntouched(sub);
      if (status !== 'unchanged') {
        expect([status, code]).toEqual(['failed', 'changed-since-plan']);
        expect(steps).toEqual([]);
      }
      return;
    }
    const now = this.#now.get(sub);
    if (!now) throw new Error('a user of a row is never deleted');
    const after = this.#after(row, found);
    switch (status) {
      case 'unchanged':
        expect(now).toEqual(found);
        expect(after).toEqual(found);
        return;
      case 'updated':
      case 'disabled':
        expect(result.final).toBe(true);
        expect(result.sub).toBe(sub);
        expect(now).toEqual(after);
        expect([...steps].sort(), 'all that was done is told').toEqual(stepsFrom(found, after));
        expect(status === 'disabled', 'disabled, and no more').toBe(steps.join() === 'disable');
        return;
      case 'partial':
        expect(result.sub).toBe(sub);
        expect(code).toBeDefined();
        for (const step of steps) expect(stepsFrom(now, after)).not.toContain(step);
        return;
      case 'not-attempted':
        expect(result.final).toBe(false);
        expect(now, 'not attempted, so it is as it was').toEqual(found);
        return;
      case 'failed':
        expect(result.final, `failed for good: ${code}`).toBe(false);
        return;
      default:
        throw new Error(`a status that no such row has: ${status}`);
    }
  }

  /** What a row makes of its user. */
  #after(row: number, found: Snapshot): Snapshot {
    const { groupsMode, lines } = this.#one;
    const line = lines[row];
    if (!line) throw new Error('a row has its line');
    const { email, email_verified, given_name } = this.#wanted(row);
    const attributes = {
      ...found.attributes,
      ...{ email, given_name },
      ...(email_verified !== undefined && { email_verified }),
    };
    const isExact = groupsMode === 'exact' && line.groups.length > 0;
    const kept = found.groups.filter((group) => !isExact || !this.#named.has(group));
    const isProtected = settingsOf(this.#one).protected.has(found.username);
    const mayDisable = line.enabled === 'false' && !isProtected;
    return {
      ...found,
      attributes: Object.fromEntries(
        Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)),
      ) as Snapshot['attributes'],
      groups: [...new Set([...kept, ...line.groups])].sort(),
      enabled: line.enabled === 'true' || (found.enabled && !mayDisable),
    };
  }

  #wanted(row: number): Record<string, string | undefined> {
    return {
      email: emailOf(row),
      given_name: `Given ${row}`,
      ...(this.#one.verified && { email_verified: 'true' }),
    };
  }

  /** Somebody who is in no row. */
  #holdOther(result: RowResult, subs: Set<string>): void {
    const { sub = '', status, code, steps } = result;
    const found = this.#before.get(sub);
    const now = this.#now.get(sub);
    if (!found) throw new Error('whoever is in no row was there before');
    expect(subs.delete(sub), 'everybody once').toBe(true);
    expect(this.#isInScope(found), 'nobody out of the scope').toBe(true);
    const left = this.#meddler.left.get(sub);
    switch (status) {
      case 'disabled':
      case 'deleted':
        expect(result.final).toBe(true);
        expect(this.#one.missing).toBe(status === 'disabled' ? 'disable' : 'delete');
        expect(this.#meddler.left.has(sub), 'left as somebody else left them').toBe(false);
        expect(now).toEqual(status === 'deleted' ? undefined : { ...found, enabled: false });
        expect(steps).toEqual([status === 'deleted' ? 'delete' : 'disable']);
        return;
      case 'unchanged':
        expect([code, now]).toEqual(['gone', undefined]);
        return;
      case 'not-attempted':
        expect(now).toEqual(this.#meddler.left.has(sub) ? left : found);
        return;
      case 'failed':
        if (!result.final) return;
        expect(code).toBe('changed-since-plan');
        expect(now, 'left as somebody else left them').toEqual(left);
        return;
      default:
        throw new Error(`a status that nobody without a row has: ${status}`);
    }
  }

  #holdUntouched(sub: string): void {
    const { left } = this.#meddler;
    expect(this.#now.get(sub), 'left as they were').toEqual(
      left.has(sub) ? left.get(sub) : this.#before.get(sub),
    );
  }
}

/** The steps that make one of the other. */
function stepsFrom(found: Snapshot, after: Snapshot): string[] {
  const differs = (name: 'attributes' | 'groups'): boolean =>
    JSON.stringify(found[name]) !== JSON.stringify(after[name]);
  return [
    ...(differs('attributes') ? ['attributes'] : []),
    ...(found.enabled === after.enabled ? [] : [after.enabled ? 'enable' : 'disable']),
    ...(differs('groups') ? ['groups'] : []),
  ].sort();
}

const quiet = {
  ...{ schedule: [], crashes: [], clockJumps: [], concurrency: 1, listLagMs: 0, clockOffsetMs: 0 },
  ...{ byEmail: false, seed: 0, others: [], meddlings: [], invite: false, verified: false },
  ...({ byKey: false, groupsMode: 'add', missing: 'ignore', scope: 'all' } as const),
  ...({ cap: { users: 0 }, command: 'sync' } as const),
};
const resident = {
  ...{ differs: [], enabled: false, groups: [], isInScope: false, isProtected: false },
  isNew: false,
};
const line = { groups: [], enabled: '', broken: 'nothing', isRefused: false } as const;
const kill = { how: 'kill', pauseMs: 0 } as const;

/** What was found here once. */
const found: [SyncCase][] = [
  // What was done before the process died was told of nobody, and no undo could take it back.
  [
    {
      ...quiet,
      seed: -2_146_035_845,
      crashes: [{ ...kill, at: 'disk', count: 25 }],
      lines: [
        { ...line, resident: undefined, broken: 'a flag' },
        { ...line, resident, enabled: 'true' },
      ],
    },
  ],
];

const { modelCases, seed } = inject('soak');
const count = Math.ceil(modelCases / 2);

it(`a sync is true to the pool whatever happens, in ${count} cases`, async () => {
  const numRuns = count + found.length;
  await fc.assert(fc.asyncProperty(aCase, holds), { numRuns, seed, examples: found });
}, 3_600_000);
