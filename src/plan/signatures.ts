import type { PoolAttribute } from '../cognito/user-pool.js';

/** A pool has at most 50 custom attributes and some 20 standard ones: three words of bits hold them. */
const maskWords = 3;
/** The words of a row: which attributes it has, and 64 bits of hash over their values. */
const rowWords = maskWords + 2;

/**
 * Remembers of each row which attributes it has and a hash of their values, so that a user of the
 * pool can be held against the row without keeping either: 20 bytes a row. Two different sets of
 * values are taken for the same once in 2^64.
 */
export class Signatures {
  readonly #seed: number;
  /** Attribute names to bits, in the order in which they came up. */
  readonly #bits = new Map<string, number>();
  #rows = new Uint32Array(rowWords * 1_024);

  constructor(seed: number) {
    this.#seed = seed;
  }

  set(row: number, attributes: readonly PoolAttribute[]): void {
    const at = row * rowWords;
    if (at + rowWords > this.#rows.length) this.#grow(at + rowWords);
    let [high, low] = [0, 0];
    for (const { Name, Value } of attributes) {
      const bit = this.#bitOf(Name);
      const word = at + (bit >>> 5);
      this.#rows[word] = (this.#rows[word] ?? 0) | (1 << (bit & 31));
      // A sum, since the pool lists attributes in an order of its own.
      high += hash(Value, this.#seed ^ bit);
      low += hash(Value, ~this.#seed ^ (bit << 8));
    }
    this.#rows[at + maskWords] = high;
    this.#rows[at + maskWords + 1] = low;
  }

  /** Whether a user has each attribute of the row with its value; what else they have does not count. */
  matches(row: number, attributes: readonly PoolAttribute[]): boolean {
    const at = row * rowWords;
    let [high, low, found] = [0, 0, 0];
    for (const { Name, Value } of attributes) {
      const bit = this.#bits.get(Name);
      if (bit === undefined || !this.#has(at, bit)) continue;
      found++;
      high += hash(Value, this.#seed ^ bit);
      low += hash(Value, ~this.#seed ^ (bit << 8));
    }
    return (
      found === this.#count(at) &&
      high >>> 0 === this.#rows[at + maskWords] &&
      low >>> 0 === this.#rows[at + maskWords + 1]
    );
  }

  #bitOf(name: string): number {
    const known = this.#bits.get(name);
    if (known !== undefined) return known;
    const bit = this.#bits.size;
    if (bit >= maskWords * 32) throw new RangeError('more attributes than a pool can have');
    this.#bits.set(name, bit);
    return bit;
  }

  #has(at: number, bit: number): boolean {
    return (((this.#rows[at + (bit >>> 5)] ?? 0) >>> (bit & 31)) & 1) === 1;
  }

  #count(at: number): number {
    let count = 0;
    for (let word = at; word < at + maskWords; word++) {
      for (let bits = this.#rows[word] ?? 0; bits !== 0; bits &= bits - 1) count++;
    }
    return count;
  }

  #grow(length: number): void {
    const grown = new Uint32Array(Math.max(length, this.#rows.length * 2));
    grown.set(this.#rows);
    this.#rows = grown;
  }
}

/** 32 bits, mixed as MurmurHash3 ends. */
function hash(text: string, seed: number): number {
  let value = seed | 0;
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x9e3779b1);
    value = (value << 13) | (value >>> 19);
  }
  value = Math.imul(value ^ text.length ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
