import type { Planned } from '../../src/plan/planned.js';
import { snapshotOf } from './snapshot.js';
import type { Snapshot } from './snapshot.js';
import { emailOf, residentName } from './sync-case.js';
import type { Meddling, SyncCase } from './sync-case.js';
import type { World } from './world.js';

/** A run as whoever meddles sees it. */
export interface Meddled {
  readonly planned: readonly Planned[];
  readonly tried: ReadonlySet<number>;
}

/**
 * Somebody else, who changes users between plan and deed. Only those of whom nothing may have been
 * sent yet: what of the others is whose, nobody can tell.
 */
export class Meddler {
  /** Users as they were left, by `sub`; undefined for those who were deleted. */
  readonly left = new Map<string, Snapshot | undefined>();
  readonly #world: World;
  readonly #one: SyncCase;

  constructor(world: World, one: SyncCase) {
    this.#world = world;
    this.#one = one;
  }

  /** Does all that is to be done at a moment. */
  meddle(at: Meddling['at'], run: Meddled): void {
    for (const one of this.#one.meddlings) if (one.at === at) this.#do(one, run);
  }

  #do({ whom, how }: Meddling, { planned, tried }: Meddled): void {
    if (planned.length === 0) return;
    const one = planned[whom % planned.length];
    if (!one || one.do === 'nothing') return;
    const { pool } = this.#world;
    if (one.do === 'create') {
      if (how === 'make' && !tried.has(one.row)) this.#make(one.row);
      return;
    }
    const user = pool.users.find(({ sub }) => sub === one.sub);
    if (!user || tried.has(one.row) || this.left.has(one.sub)) return;
    if (how === 'rename') {
      user.attributes = user.attributes.map(({ Name, Value }) => ({
        Name,
        Value: Name === 'locale' ? 'renamed' : Value,
      }));
    } else if (how === 'switch') {
      // Who disabled a user whom an undo is to enable, nobody can tell.
      if (one.do === 'enable') return;
      user.enabled = !user.enabled;
    } else if (how === 'delete') pool.users.splice(pool.users.indexOf(user), 1);
    else return;
    this.left.set(one.sub, snapshotOf(pool).get(one.sub));
  }

  #make(row: number): void {
    const { pool } = this.#world;
    const email = emailOf(row);
    const name = residentName(this.#one, row);
    const isThere = pool.users.some(
      ({ username, attributes }) =>
        username === name || attributes.some(({ Value }) => Value === email),
    );
    if (isThere) return;
    const createdAt = this.#world.time.wall() + pool.clockOffsetMs;
    const { sub } = pool.put(name, { email, given_name: 'Somebody' }, { createdAt });
    this.left.set(sub, snapshotOf(pool).get(sub));
  }
}
