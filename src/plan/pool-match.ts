import type { UserPoolSettings } from '../cognito/description.js';
import type { PoolUser } from '../cognito/user-pool.js';
import { LineTable } from '../record/line-table.js';
import type { Attribute, User } from '../record/user.js';
import { Signatures } from './signatures.js';

/** What the pool has for a row. */
export type Match =
  /** Nobody: the row would be created. */
  | 'absent'
  /** A user with all that the row says. */
  | 'same'
  /** A user who differs in an attribute, or in being enabled. */
  | 'different'
  /** A user whom an identity provider owns, and who is not touched. */
  | 'external'
  /** Nobody by that name, but someone has the row's verified email or phone number as an alias. */
  | 'alias-taken';

const matches: readonly Match[] = ['absent', 'same', 'different', 'external', 'alias-taken'];

/** What the row says about being enabled, kept in the bits above the match. */
const saysEnabled = 8;
const saysDisabled = 16;
const matchBits = 7;

const addresses = ['email', 'phone_number'] as const;

/**
 * Holds the rows of a file against the users of a pool. Rows are added first, then the pool's users
 * stream by in any order: memory is some 60 bytes a row, and nothing for a user of the pool.
 */
export class PoolMatch {
  readonly #signInWith: readonly string[];
  readonly #aliases: readonly string[];
  readonly #immutable: ReadonlySet<string>;
  readonly #signatures: Signatures;
  /** Tables hold a row's place plus one. */
  readonly #byName: LineTable;
  readonly #byAddress: ReadonlyMap<string, LineTable>;
  #rows = new Uint8Array(1_024);

  constructor(pool: UserPoolSettings, seed: number) {
    const caseSensitive = pool.UsernameConfiguration?.CaseSensitive ?? true;
    this.#signInWith = addresses.filter((name) => pool.UsernameAttributes?.includes(name));
    this.#aliases = addresses.filter((name) => pool.AliasAttributes?.includes(name));
    const fixed = (pool.SchemaAttributes ?? []).filter(({ Mutable }) => Mutable === false);
    this.#immutable = new Set(fixed.map(({ Name }) => Name));
    this.#signatures = new Signatures(seed);
    this.#byName = new LineTable(caseSensitive, seed);
    this.#byAddress = new Map(
      [...this.#signInWith, ...this.#aliases].map((name) => [
        name,
        new LineTable(caseSensitive, seed),
      ]),
    );
  }

  addRow(row: number, user: User): void {
    if (row >= this.#rows.length) this.#grow(row + 1);
    this.#rows[row] = user.enabled === undefined ? 0 : user.enabled ? saysEnabled : saysDisabled;
    // What can't be changed makes no difference to an update.
    const mutable = user.attributes.filter(({ Name }) => !this.#immutable.has(Name));
    this.#signatures.set(row, mutable);
    if (this.#signInWith.length === 0) keep(this.#byName, user.username, row);
    for (const name of this.#signInWith)
      keep(this.#tableOf(name), valueOf(user.attributes, name), row);
    for (const name of this.#aliases)
      keep(this.#tableOf(name), aliasOf(user.attributes, name), row);
  }

  /** Takes a user of the pool into account. */
  see(user: PoolUser): void {
    if (this.#signInWith.length === 0) {
      const row = this.#byName.look(user.username) - 1;
      if (row >= 0) this.#set(row, this.#compare(row, user));
    }
    for (const name of this.#signInWith) {
      const row = rowOf(this.#tableOf(name), valueOf(user.attributes, name));
      if (row >= 0) this.#set(row, this.#compare(row, user));
    }
    for (const name of this.#aliases) {
      const row = rowOf(this.#tableOf(name), aliasOf(user.attributes, name));
      const isOwn = row >= 0 && this.#byName.look(user.username) - 1 === row;
      if (row >= 0 && !isOwn && this.matchOf(row) === 'absent') this.#set(row, 'alias-taken');
    }
  }

  matchOf(row: number): Match {
    return matches[(this.#rows[row] ?? 0) & matchBits] ?? 'absent';
  }

  #compare(row: number, user: PoolUser): Match {
    if (user.status === 'EXTERNAL_PROVIDER') return 'external';
    const says = this.#rows[row] ?? 0;
    const enabledDiffers =
      ((says & saysEnabled) !== 0 && !user.enabled) ||
      ((says & saysDisabled) !== 0 && user.enabled);
    const same = !enabledDiffers && this.#signatures.matches(row, user.attributes);
    return same ? 'same' : 'different';
  }

  #set(row: number, match: Match): void {
    // A user of an identity provider may have the same email as one of the pool's own, who counts.
    const before = this.matchOf(row);
    if (match === 'external' && (before === 'same' || before === 'different')) return;
    this.#rows[row] = ((this.#rows[row] ?? 0) & ~matchBits) | matches.indexOf(match);
  }

  #tableOf(name: string): LineTable {
    const table = this.#byAddress.get(name);
    if (!table) throw new RangeError(`no table for ${name}`);
    return table;
  }

  #grow(rows: number): void {
    const grown = new Uint8Array(Math.max(rows, this.#rows.length * 2));
    grown.set(this.#rows);
    this.#rows = grown;
  }
}

function keep(table: LineTable, key: string | undefined, row: number): void {
  if (key !== undefined && table.look(key) === 0) table.add(row + 1);
}

function rowOf(table: LineTable, key: string | undefined): number {
  return key === undefined ? -1 : table.look(key) - 1;
}

function valueOf(attributes: readonly Attribute[], name: string): string | undefined {
  return attributes.find(({ Name }) => Name === name)?.Value;
}

/** An alias belongs to the one user who has it verified. [ATTR] */
function aliasOf(attributes: readonly Attribute[], name: string): string | undefined {
  return valueOf(attributes, `${name}_verified`) === 'true' ? valueOf(attributes, name) : undefined;
}
