import type { UserPoolSettings } from '../cognito/description.js';
import type { PoolUser } from '../cognito/user-pool.js';
import { LineTable } from '../record/line-table.js';
import type { User } from '../record/user.js';
import { userFingerprint } from './fingerprint.js';
import { Memberships } from './memberships.js';
import { countPlanned, hasOtherChange, noCounts } from './planned.js';
import type { PlanCounts, Planned, PlannedNothing, PlannedUpdate } from './planned.js';
import { PoolMatch } from './pool-match.js';
import { isProtected } from './protected.js';
import type { Whom } from './row-keys.js';
import { ScopeMembers } from './scope.js';
import type { Scope } from './scope.js';
import { externalUser, immutableNote } from './update-plan.js';
import type { Problem } from './update-plan.js';

/** The options of a sync that decide on the plan. */
export interface SyncSettings {
  /** What joins file and pool: `username`, or an attribute. */
  readonly key: string;
  /** Whether users leave the groups that the file names elsewhere and not in their row. */
  readonly groupsMode: 'add' | 'exact';
  readonly missing: 'ignore' | 'disable' | 'delete';
  readonly scope: Scope;
  /** People who are never removed, in lower case. */
  readonly protected: ReadonlySet<string>;
}

/** Why nobody is removed, where rows can't be told. */
const heldBack = {
  status: 'not-attempted',
  code: 'unreadable-rows',
  message:
    'this user is in no row, but some rows do not tell whom they are about: correct those, and sync again',
} as const;

/**
 * Holds a file against a pool and says what is to be done. To be given, in this order: every row of
 * the file, the members of the scope's group, every user of the pool, and the members of each group
 * that the file names. Memory is a few bytes a row and for each missing user; the plan of a missing
 * user is handed out as soon as they are seen.
 */
export class SyncPlan {
  readonly #settings: SyncSettings;
  readonly #match: PoolMatch;
  readonly #memberships = new Memberships();
  readonly #scope: ScopeMembers;
  /** Users who were seen, since a list may have one twice. */
  readonly #seen: LineTable;
  readonly #counts = noCounts();
  #rows = 0;
  #unreadable = 0;
  #missingCount = 0;
  #protected = 0;
  /** Rows whose user is never to be disabled. */
  readonly #protectedRows = new Set<number>();

  constructor(pool: UserPoolSettings, settings: SyncSettings, seed: number) {
    this.#settings = settings;
    this.#match = new PoolMatch(pool, seed, settings.key);
    this.#scope = new ScopeMembers(settings.scope, seed);
    this.#seen = new LineTable(true, seed);
  }

  /**
   * Takes a row; one whose key is missing or taken is as good as invalid.
   *
   * @param namesGroups whether the row itself says which groups its user is in: an empty cell takes
   *   nobody out of one.
   */
  addRow(row: number, user: User, namesGroups: boolean): 'added' | 'missing' | 'taken' {
    const added = this.#match.addRow(row, user);
    if (added === 'added') this.#memberships.set(row, user.groups, namesGroups);
    else if (added === 'missing') this.#unreadable++;
    this.#rows = row + 1;
    return added;
  }

  /** Takes an invalid row, whose user is not missing: whom it is about, as far as it can be read. */
  addInvalid(row: number, whom: Whom | undefined): void {
    if (!whom || !this.#match.addInvalid(row, whom)) this.#unreadable++;
    this.#rows = row + 1;
  }

  /** The group whose members decide on the scope. */
  get scopeGroup(): string | undefined {
    return this.#scope.group;
  }

  addScopeMember(user: PoolUser): void {
    this.#scope.addMember(user);
  }

  /** Takes a user of the pool; returns what is to become of them where no row is about them. */
  see(user: PoolUser): Planned | undefined {
    const isNew = this.#isNew(user);
    const rows = this.#match.see(user);
    if (rows.length > 0 && isProtected(user, this.#settings.protected)) {
      for (const row of rows) this.#protectedRows.add(row);
    }
    if (user.status === 'EXTERNAL_PROVIDER' || !isNew || !this.#scope.has(user)) return undefined;
    this.#counts.scope++;
    return rows.length === 0 ? this.#removalOf(user) : undefined;
  }

  /** The groups whose members are to be shown. */
  get groups(): readonly string[] {
    return this.#memberships.groups;
  }

  /** A user is a member of one of the groups. */
  seeMember(group: string, user: PoolUser): void {
    for (const row of this.#match.rowsOf(user)) {
      if (this.#match.subOf(row) === user.sub) this.#memberships.see(row, group);
    }
  }

  /** What is to be done for a row that was added; to be asked once for each. */
  planOf(row: number): Planned {
    const planned = this.#planOf(row);
    countPlanned(planned, this.#counts);
    return planned;
  }

  /** To be read once every row was asked for. */
  get counts(): PlanCounts {
    return { ...this.#counts };
  }

  /** Users who would be removed, but for standing in the list of those who never are. */
  get protected(): number {
    return this.#protected;
  }

  /** Rows that do not tell whom they are about, so that nobody can be said to be missing. */
  get unreadable(): number {
    return this.#unreadable;
  }

  #isNew({ username }: PoolUser): boolean {
    if (this.#seen.look(username) !== 0) return false;
    this.#seen.add(1);
    return true;
  }

  #removalOf(user: PoolUser): Planned | undefined {
    const { missing } = this.#settings;
    if (missing === 'ignore' || (missing === 'disable' && !user.enabled)) return undefined;
    if (isProtected(user, this.#settings.protected)) {
      this.#protected++;
      return undefined;
    }
    const row = this.#rows + this.#missingCount++;
    const { username, sub = username } = user;
    if (this.#unreadable > 0) {
      this.#counts.nothing++;
      return { row, do: 'nothing', ...heldBack, sub, username };
    }
    this.#counts[missing]++;
    return { row, do: missing, sub, username, as: userFingerprint(user) };
  }

  #planOf(row: number): Planned {
    const match = this.#match.matchOf(row);
    const sub = this.#match.subOf(row);
    switch (match) {
      case 'absent':
        return { row, do: 'create' };
      case 'alias-taken':
        return nothing(row, 'failed', undefined, {
          code: 'AliasExistsException',
          message:
            'another user of the pool has the verified email or phone number of this row: correct it, or leave it unverified',
        });
      case 'name-taken':
        return nothing(row, 'failed', undefined, {
          code: 'UsernameExistsException',
          message: `the pool has a user with the username of this row and another "${this.#settings.key}": correct the one that is wrong`,
        });
      case 'ambiguous':
        return nothing(row, 'failed', undefined, {
          code: 'ambiguous-key',
          message: `by "${this.#settings.key}" several users of the pool, or several rows, are the same person, and none was touched: correct them, or take another --key`,
        });
      case 'external':
        return nothing(row, 'exists', sub, externalUser);
      case 'same':
      case 'different':
        return this.#updateOf(row, sub ?? '');
    }
  }

  #updateOf(row: number, sub: string): PlannedUpdate | PlannedNothing {
    const { mutable, immutable } = this.#match.differing(row);
    const enabling = this.#enablingOf(row);
    const isExact = this.#settings.groupsMode === 'exact' && this.#memberships.isComplete(row);
    const planned: PlannedUpdate = {
      row,
      do: 'update',
      sub,
      as: this.#match.fingerprintOf(row),
      attributes: mutable,
      immutable,
      join: this.#memberships.toJoin(row),
      leave: isExact ? this.#memberships.toLeave(row) : [],
      ...(enabling && { enabling }),
    };
    if (enabling || hasOtherChange(planned)) return planned;
    return nothing(row, 'unchanged', sub, immutableNote(immutable));
  }

  /** What the row asks for, unless it is about somebody who is never disabled. */
  #enablingOf(row: number): 'enable' | 'disable' | undefined {
    const enabling = this.#match.enabling(row);
    if (enabling !== 'disable' || !this.#protectedRows.has(row)) return enabling;
    this.#protected++;
    return undefined;
  }
}

function nothing(
  row: number,
  status: PlannedNothing['status'],
  sub: string | undefined,
  problem: Problem | undefined,
): PlannedNothing {
  return { row, do: 'nothing', status, ...(sub !== undefined && { sub }), ...problem };
}
