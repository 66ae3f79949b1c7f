import type { PoolUser } from '../cognito/user-pool.js';
import { LineTable } from '../record/line-table.js';
import { valueOf } from './row-keys.js';

/** Which of the pool's users the file owns, so that whoever is not in it is missing. */
export type Scope =
  | { readonly is: 'all' }
  | { readonly is: 'group'; readonly name: string }
  | { readonly is: 'attribute'; readonly name: string; readonly value: string };

/** Tells who is in a scope; of a group's members it remembers 20 to 25 bytes each. */
export class ScopeMembers {
  readonly #scope: Scope;
  readonly #members: LineTable;

  constructor(scope: Scope, seed: number) {
    this.#scope = scope;
    this.#members = new LineTable(true, seed);
  }

  /** The group whose members have to be listed first. */
  get group(): string | undefined {
    return this.#scope.is === 'group' ? this.#scope.name : undefined;
  }

  /** Takes a member of the group. */
  addMember({ username }: PoolUser): void {
    if (this.#members.look(username) === 0) this.#members.add(1);
  }

  has({ username, attributes }: PoolUser): boolean {
    switch (this.#scope.is) {
      case 'all':
        return true;
      case 'group':
        return this.#members.look(username) > 0;
      case 'attribute':
        return valueOf(attributes, this.#scope.name) === this.#scope.value;
    }
  }
}
