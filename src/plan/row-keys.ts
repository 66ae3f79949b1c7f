import type { UserPoolSettings } from '../cognito/description.js';
import type { PoolUser } from '../cognito/user-pool.js';
import { LineTable } from '../record/line-table.js';
import type { Attribute, User } from '../record/user.js';

/** Whom a row is about. */
export type Whom = Pick<User, 'username' | 'attributes'>;

const addresses = ['email', 'phone_number'] as const;

/** Which row of the file a user of the pool is that of: 15 to 25 bytes a row. */
export class RowKeys {
  /** Attributes that join rows and users; empty where the pool's own username does. */
  readonly #attributes: readonly string[];
  /** Hold a row's place plus one. */
  readonly #tables: readonly LineTable[];

  /**
   * @param key `username`, or the attribute that stands for it. In a pool with UsernameAttributes a
   *   username of the file is an email or phone number, which the pool has as an attribute.
   */
  constructor(pool: UserPoolSettings, seed: number, key: string) {
    const caseSensitive = pool.UsernameConfiguration?.CaseSensitive ?? true;
    const signIn = addresses.filter((name) => pool.UsernameAttributes?.includes(name));
    this.#attributes = key === 'username' ? signIn : [key];
    // Nobody's email differs from another one's in upper and lower case alone.
    const heedsCase = key === 'username' ? caseSensitive : key !== 'email';
    const count = Math.max(1, this.#attributes.length);
    this.#tables = Array.from({ length: count }, () => new LineTable(heedsCase, seed));
  }

  /** Takes a row. Says `missing` where it has no key, and `taken` where an earlier row has it. */
  add(row: number, whom: Whom): 'added' | 'missing' | 'taken' {
    const keys = this.#keysOf(whom);
    if (keys.every((key) => key === undefined)) return 'missing';
    let answer: 'added' | 'taken' = 'added';
    for (const [index, key] of keys.entries()) {
      const table = this.#tables[index];
      if (key === undefined || !table) continue;
      if (table.look(key) === 0) table.add(row + 1);
      else answer = 'taken';
    }
    return answer;
  }

  /** The rows that are about a user: mostly one or none, two where two rows share them out. */
  rowsOf(user: PoolUser): number[] {
    const rows = this.#keysOf(user).flatMap((key, index) => {
      const row = key === undefined ? 0 : (this.#tables[index]?.look(key) ?? 0);
      return row === 0 ? [] : [row - 1];
    });
    return rows.length === 2 && rows[0] === rows[1] ? rows.slice(1) : rows;
  }

  #keysOf({ username, attributes }: Whom): (string | undefined)[] {
    if (this.#attributes.length === 0) return [username === '' ? undefined : username];
    return this.#attributes.map((name) => valueOf(attributes, name));
  }
}

export function valueOf(attributes: readonly Attribute[], name: string): string | undefined {
  for (const { Name, Value } of attributes) if (Name === name) return Value;
  return undefined;
}
