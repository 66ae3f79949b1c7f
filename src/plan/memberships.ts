import { Words } from './words.js';

/** In the words of the groups that a row names: the rest is the group's number. */
const isMember = 2 ** 31;
/** In the words of the rows: the rest is how many groups the row names. */
const isAll = 2 ** 31;

/**
 * The groups that rows name, held against the groups that the pool's users are in: 8 bytes a row, 4
 * for each group that it names and some 16 for each that its user is to leave.
 */
export class Memberships {
  readonly #groups: string[] = [];
  readonly #numbers = new Map<string, number>();
  /** Where a row's groups start and how many they are, in one word each. */
  readonly #rows = new Words();
  readonly #named = new Words();
  #used = 0;
  /** Pairs of row and group, as `row * 2^16 + group`; sorted before they are first asked for. */
  #others: number[] = [];
  #isSorted = true;

  /** All groups that a row names, in the order in which they came up. */
  get groups(): readonly string[] {
    return this.#groups;
  }

  /**
   * Takes the groups that a row's user is to be in, each once.
   *
   * @param complete whether the row says so of all its groups.
   */
  set(row: number, groups: readonly string[], complete: boolean): void {
    this.#rows.set(2 * row, this.#used);
    this.#rows.set(2 * row + 1, groups.length + (complete ? isAll : 0));
    for (const group of groups) this.#named.set(this.#used++, this.#numberOf(group));
  }

  /** The row's user is in a group. */
  see(row: number, group: string): void {
    const number = this.#numberOf(group);
    const at = this.#placeOf(row, number);
    if (at >= 0) {
      this.#named.set(at, number + isMember);
      return;
    }
    this.#others.push(row * 2 ** 16 + number);
    this.#isSorted = false;
  }

  /** Whether the row's user is to be in no other groups. */
  isComplete(row: number): boolean {
    return this.#rows.get(2 * row + 1) >= isAll;
  }

  /** The groups that the row names and its user is not in. */
  toJoin(row: number): string[] {
    return this.#wordsOf(row)
      .filter((word) => word < isMember)
      .map((number) => this.#groups[number] ?? '');
  }

  /** The groups that some row names, and that the row's user is in although it does not name them. */
  toLeave(row: number): string[] {
    if (!this.#isSorted) {
      this.#others = [...Float64Array.from(new Set(this.#others)).sort()];
      this.#isSorted = true;
    }
    const groups: string[] = [];
    for (let at = this.#firstFrom(row * 2 ** 16); at < this.#others.length; at++) {
      const pair = this.#others[at] ?? 0;
      if (pair >= (row + 1) * 2 ** 16) break;
      groups.push(this.#groups[pair % 2 ** 16] ?? '');
    }
    return groups;
  }

  #numberOf(group: string): number {
    const known = this.#numbers.get(group);
    if (known !== undefined) return known;
    this.#numbers.set(group, this.#groups.length);
    return this.#groups.push(group) - 1;
  }

  #wordsOf(row: number): number[] {
    const start = this.#rows.get(2 * row);
    const count = this.#rows.get(2 * row + 1) % isAll;
    return Array.from({ length: count }, (_, index) => this.#named.get(start + index));
  }

  #placeOf(row: number, number: number): number {
    const index = this.#wordsOf(row).findIndex((word) => word % isMember === number);
    return index < 0 ? -1 : this.#rows.get(2 * row) + index;
  }

  /** The first place of a pair that is not below, by halving. */
  #firstFrom(pair: number): number {
    let [low, high] = [0, this.#others.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#others[middle] ?? 0) < pair) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
