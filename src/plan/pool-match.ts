import type { UserPoolSettings } from '../cognito/description.js';
import type { PoolUser } from '../cognito/user-pool.js';
import { LineTable } from '../record/line-table.js';
import type { Attribute, User } from '../record/user.js';
import { AttributeHashes } from './attribute-hashes.js';
import { attributeWords, fingerprintFrom } from './fingerprint.js';
import { RowKeys, valueOf } from './row-keys.js';
import type { Whom } from './row-keys.js';
import { Subs } from './subs.js';
import { Words } from './words.js';

/** What the pool has for a row. */
export type Match =
  /** Nobody: the row would be created. */
  | 'absent'
  /** A user with all that the row says. */
  | 'same'
  /** A user who differs in an attribute that can be changed, or in being enabled. */
  | 'different'
  /** A user whom an identity provider owns, and who is not touched. */
  | 'external'
  /** Nobody by that name, but someone has the row's verified email or phone number as an alias. */
  | 'alias-taken'
  /** Several users have the row's key, or several rows are about the user. */
  | 'ambiguous'
  /** Nobody with the row's key, but someone has its username. */
  | 'name-taken';

const matches: readonly Match[] = [
  'absent',
  'same',
  'different',
  'external',
  'alias-taken',
  'ambiguous',
  'name-taken',
];

/** What else is known of a row, in the bits above the match. */
const matchBits = 7;
const saysEnabled = 8;
const saysDisabled = 16;
const isEnabled = 32;

const addresses = ['email', 'phone_number'] as const;

/**
 * Holds the rows of a file against the users of a pool. Rows are added first, in ascending order,
 * then the pool's users stream by in any: memory is some 130 bytes for a row with eight attributes,
 * and nothing for a user of the pool who is in no row.
 */
export class PoolMatch {
  readonly #immutable: ReadonlySet<string>;
  readonly #attributes: AttributeHashes;
  readonly #keys: RowKeys;
  /** Which row has whose username, where something else joins them. */
  readonly #names: RowKeys | undefined;
  /** Whom the rows are about that are not carried out: their users are not missing. */
  readonly #invalid: RowKeys;
  /** Whose verified address a row has, by the address's attribute; they hold a row's place plus one. */
  readonly #aliases: ReadonlyMap<string, LineTable>;
  readonly #subs = new Subs();
  readonly #fingerprints = new Words();
  #rows = new Uint8Array(1_024);

  /** @param key what joins rows and users: the username, or an attribute. */
  constructor(pool: UserPoolSettings, seed: number, key = 'username') {
    const caseSensitive = pool.UsernameConfiguration?.CaseSensitive ?? true;
    const fixed = (pool.SchemaAttributes ?? []).filter(({ Mutable }) => Mutable === false);
    this.#immutable = new Set(fixed.map(({ Name }) => Name));
    this.#attributes = new AttributeHashes(seed);
    this.#keys = new RowKeys(pool, seed, key);
    this.#names = key === 'username' ? undefined : new RowKeys(pool, seed, 'username');
    this.#invalid = new RowKeys(pool, seed, key);
    const aliases = addresses.filter((name) => pool.AliasAttributes?.includes(name));
    this.#aliases = new Map(aliases.map((name) => [name, new LineTable(caseSensitive, seed)]));
  }

  /** Takes a row; one whose key is missing or taken is not held against anybody. */
  addRow(row: number, user: User): 'added' | 'missing' | 'taken' {
    if (row >= this.#rows.length) this.#grow(row + 1);
    this.#names?.add(row, user);
    const added = this.#keys.add(row, user);
    if (added !== 'added') return added;
    this.#rows[row] = user.enabled === undefined ? 0 : user.enabled ? saysEnabled : saysDisabled;
    this.#attributes.set(row, user.attributes);
    for (const [name, table] of this.#aliases) {
      const value = aliasOf(user.attributes, name);
      if (value !== undefined && table.look(value) === 0) table.add(row + 1);
    }
    return added;
  }

  /** Takes whom a row is about that is not to be carried out. Says whether that can be told. */
  addInvalid(row: number, whom: Whom): boolean {
    this.#names?.add(row, whom);
    return this.#invalid.add(row, whom) !== 'missing';
  }

  /** The rows that are about a user. */
  rowsOf(user: PoolUser): number[] {
    return this.#keys.rowsOf(user);
  }

  /**
   * Takes a user of the pool into account; again, when a list has them twice. Returns the rows that
   * are about them or have their username: whoever has none is in no row.
   */
  see(user: PoolUser): number[] {
    const rows = this.rowsOf(user);
    for (const row of rows) {
      if (rows.length === 1) this.#meet(row, user);
      else this.#set(row, 'ambiguous');
    }
    for (const [name, table] of this.#aliases) {
      const value = aliasOf(user.attributes, name);
      const row = value === undefined ? -1 : table.look(value) - 1;
      if (row >= 0 && !rows.includes(row) && this.matchOf(row) === 'absent') {
        this.#set(row, 'alias-taken');
      }
    }
    const named = this.#namedAs(user).filter((row) => !rows.includes(row));
    for (const row of named) if (this.#isUnmatched(row)) this.#set(row, 'name-taken');
    return [...rows, ...named, ...this.#invalid.rowsOf(user)];
  }

  matchOf(row: number): Match {
    return matches[(this.#rows[row] ?? 0) & matchBits] ?? 'absent';
  }

  /** The `sub` of the user whom the row was matched with. */
  subOf(row: number): string | undefined {
    return this.#subs.get(row);
  }

  /** What the user whom the row was matched with looked like: a `userFingerprint`. */
  fingerprintOf(row: number): string {
    const at = 2 * row;
    const [high, low] = [this.#fingerprints.get(at), this.#fingerprints.get(at + 1)];
    return fingerprintFrom(high, low, this.isEnabled(row));
  }

  isEnabled(row: number): boolean {
    return ((this.#rows[row] ?? 0) & isEnabled) !== 0;
  }

  /** What the row asks to be changed about being enabled. */
  enabling(row: number): 'enable' | 'disable' | undefined {
    const says = this.#rows[row] ?? 0;
    if ((says & saysEnabled) !== 0 && !this.isEnabled(row)) return 'enable';
    if ((says & saysDisabled) !== 0 && this.isEnabled(row)) return 'disable';
    return undefined;
  }

  /** The row's attributes that the matched user lacks or has with another value. */
  differing(row: number): { readonly mutable: string[]; readonly immutable: string[] } {
    const names = this.#attributes.differs(row) ? this.#attributes.differing(row) : [];
    const immutable = names.filter((name) => this.#immutable.has(name));
    // A flag is about the row's address, not about another that has to stay.
    const stays = (name: string): boolean =>
      immutable.includes(name) || immutable.includes(name.replace(/_verified$/, ''));
    return { mutable: names.filter((name) => !stays(name)), immutable };
  }

  #meet(row: number, user: PoolUser): void {
    const before = this.matchOf(row);
    const isFirst = this.#isUnmatched(row);
    if (!isFirst && this.subOf(row) === user.sub) return;
    const isExternal = user.status === 'EXTERNAL_PROVIDER';
    // A user of an identity provider may have the same email as one of the pool's own, who counts.
    if (isExternal && !isFirst) return;
    if (!isFirst && before !== 'external') {
      this.#set(row, 'ambiguous');
      return;
    }
    this.#subs.set(row, user.sub);
    if (isExternal) {
      this.#set(row, 'external');
      return;
    }
    const [high, low] = attributeWords(user.attributes);
    this.#fingerprints.set(2 * row, high);
    this.#fingerprints.set(2 * row + 1, low);
    this.#attributes.compare(row, withFlags(user.attributes));
    if (user.enabled) this.#rows[row] = (this.#rows[row] ?? 0) | isEnabled;
    const differs = this.differing(row).mutable.length > 0 || this.enabling(row) !== undefined;
    this.#set(row, differs ? 'different' : 'same');
  }

  /** A provider's users have names of their own, and may share an address. */
  #namedAs(user: PoolUser): number[] {
    return user.status === 'EXTERNAL_PROVIDER' ? [] : (this.#names?.rowsOf(user) ?? []);
  }

  #isUnmatched(row: number): boolean {
    const match = this.matchOf(row);
    return match === 'absent' || match === 'alias-taken' || match === 'name-taken';
  }

  #set(row: number, match: Match): void {
    this.#rows[row] = ((this.#rows[row] ?? 0) & ~matchBits) | matches.indexOf(match);
  }

  #grow(rows: number): void {
    const grown = new Uint8Array(Math.max(rows, this.#rows.length * 2));
    grown.set(this.#rows);
    this.#rows = grown;
  }
}

/** An alias belongs to the one user who has it verified. [ATTR] */
function aliasOf(attributes: readonly Attribute[], name: string): string | undefined {
  return valueOf(attributes, `${name}_verified`) === 'true' ? valueOf(attributes, name) : undefined;
}

/** A verified flag that is not listed is false. */
function withFlags(attributes: readonly Attribute[]): readonly Attribute[] {
  const absent = addresses
    .map((name) => `${name}_verified`)
    .filter((name) => valueOf(attributes, name) === undefined);
  return [...attributes, ...absent.map((Name) => ({ Name, Value: 'false' }))];
}
