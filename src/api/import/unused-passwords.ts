import type { RowResult } from '../../apply/result.js';
import { LineTable } from '../../record/line-table.js';

/** Finds users for whom a password was made that was never set. */
export class UnusedPasswords {
  readonly #usernames = new LineTable(true, 0);

  see({ username, status, steps, final }: RowResult): void {
    // An invalid row may have the name of one that was made.
    if (status === 'invalid') return;
    const isSet = steps.includes('password') || steps.includes('challenge');
    if (final && !isSet && this.#usernames.look(username) === 0) this.#usernames.add(1);
  }

  has(username: string): boolean {
    return this.#usernames.look(username) > 0;
  }
}
