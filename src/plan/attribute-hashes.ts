import type { PoolAttribute } from '../cognito/user-pool.js';
import { textHash } from './text-hash.js';
import { Words } from './words.js';

/** A pool has at most 50 custom attributes and some 20 standard ones: three words of bits hold them. */
const maskWords = 3;
/** The words of a row: which attributes it has, and where their hashes start. */
const rowWords = maskWords + 1;

/**
 * Remembers of each row which attributes it has, with 64 bits of hash for each value, so that a user
 * of the pool can be held against the row without keeping either: 16 bytes a row and 8 for each of
 * its attributes. A changed value is taken for the same once in 2^64.
 */
export class AttributeHashes {
  readonly #seed: number;
  /** Attribute names by bit, in the order in which they came up. */
  readonly #names: string[] = [];
  readonly #bits = new Map<string, number>();
  readonly #rows = new Words();
  readonly #hashes = new Words();
  #used = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Takes a row's attributes, each name once. */
  set(row: number, attributes: readonly PoolAttribute[]): void {
    const at = row * rowWords;
    for (const { Name } of attributes) this.#mark(at, this.#bitOf(Name));
    this.#rows.set(at + maskWords, this.#used);
    for (const { Name, Value } of attributes) {
      const bit = this.#bitOf(Name);
      const place = this.#used + 2 * this.#rank(at, bit);
      this.#hashes.set(place, textHash(Value, this.#seed ^ bit));
      this.#hashes.set(place + 1, textHash(Value, ~this.#seed ^ (bit << 8)));
    }
    this.#used += 2 * attributes.length;
  }

  /**
   * Holds a user against the row, once: from then on `differing` tells the row's attributes that
   * the user lacks or has with another value. What else a user has does not count.
   */
  compare(row: number, attributes: readonly PoolAttribute[]): void {
    const at = row * rowWords;
    const start = this.#rows.get(at + maskWords);
    const same: number[] = [];
    for (const { Name, Value } of attributes) {
      const bit = this.#bits.get(Name);
      if (bit === undefined || !this.#has(at, bit)) continue;
      const place = start + 2 * this.#rank(at, bit);
      if (
        this.#hashes.get(place) === textHash(Value, this.#seed ^ bit) &&
        this.#hashes.get(place + 1) === textHash(Value, ~this.#seed ^ (bit << 8))
      ) {
        same.push(bit);
      }
    }
    for (const bit of same) {
      const word = at + (bit >>> 5);
      this.#rows.set(word, this.#rows.get(word) & ~(1 << (bit & 31)));
    }
  }

  differs(row: number): boolean {
    const at = row * rowWords;
    return (this.#rows.get(at) | this.#rows.get(at + 1) | this.#rows.get(at + 2)) !== 0;
  }

  /** The names of the attributes that differ, after `compare`. */
  differing(row: number): string[] {
    return this.#names.filter((_, bit) => this.#has(row * rowWords, bit));
  }

  #bitOf(name: string): number {
    const known = this.#bits.get(name);
    if (known !== undefined) return known;
    const bit = this.#names.length;
    if (bit >= maskWords * 32) throw new RangeError('more attributes than a pool can have');
    this.#names.push(name);
    this.#bits.set(name, bit);
    return bit;
  }

  #mark(at: number, bit: number): void {
    const word = at + (bit >>> 5);
    this.#rows.set(word, this.#rows.get(word) | (1 << (bit & 31)));
  }

  #has(at: number, bit: number): boolean {
    return ((this.#rows.get(at + (bit >>> 5)) >>> (bit & 31)) & 1) === 1;
  }

  /** How many of the row's attributes have a lower bit. */
  #rank(at: number, bit: number): number {
    let rank = 0;
    for (let word = 0; word < bit >>> 5; word++) rank += ones(this.#rows.get(at + word));
    return rank + ones(this.#rows.get(at + (bit >>> 5)) & ((1 << (bit & 31)) - 1));
  }
}

function ones(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
