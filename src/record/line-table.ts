const SHARDS = 64;
const FIRST_SLOTS = 16;
const MOST_FULL = 0.8;
// Small, so that the table never takes far more than its keys need.
const GROWTH = 1.25;
// What nobody knows for sure is not to take more than this many keys' room.
const MOST_EXPECTED = 2 ** 20;

interface Shard {
  /** For each slot: line (0 where it is free), two words of hash and, where case counts, a third. */
  words: Uint32Array;
  slots: number;
  used: number;
}

/**
 * Which line had a key first. Keys are kept as 64-bit hashes in open addressing, 12 bytes a slot, or
 * 16 where case counts: 15 to 19, or 20 to 25, bytes a key. That two different keys among ten million
 * are taken for the same happens once in some 370,000 files. Shards grow one at a time, so that
 * memory has no peak.
 */
export class LineTable {
  /** The line of the first key that differs from the last one looked up in case alone, or 0. */
  twin = 0;
  /** The line that `look` gave last. */
  line = 0;
  readonly #caseSensitive: boolean;
  readonly #width: number;
  readonly #seed: number;
  readonly #firstSlots: number;
  readonly #shards = new Array<Shard | undefined>(SHARDS).fill(undefined);
  #high = 0;
  #low = 0;
  #exact = 0;

  /** @param expected about how many keys there will be, which saves growing. */
  constructor(caseSensitive: boolean, seed: number, expected = 0) {
    // Some shards get more than their share.
    const each = (1.1 * Math.min(expected, MOST_EXPECTED)) / (SHARDS * MOST_FULL);
    this.#firstSlots = Math.max(FIRST_SLOTS, Math.ceil(each));
    this.#caseSensitive = caseSensitive;
    this.#width = caseSensitive ? 4 : 3;
    this.#seed = seed;
  }

  get size(): number {
    return this.#shards.reduce((sum, shard) => sum + (shard?.used ?? 0), 0);
  }

  /** What the table takes. */
  get bytes(): number {
    return this.#shards.reduce((sum, shard) => sum + (shard?.words.byteLength ?? 0), 0);
  }

  /** @returns the line that had the key first, or 0. */
  look(key: string): number {
    this.#hash(key);
    return this.#find();
  }

  /** Looks up the key that another table, made with the same case and seed, looked up last. */
  lookAs(other: LineTable): number {
    this.#high = other.#high;
    this.#low = other.#low;
    this.#exact = other.#exact;
    return this.#find();
  }

  #find(): number {
    this.twin = 0;
    this.line = 0;
    const shard = this.#shards[this.#high & (SHARDS - 1)];
    if (shard === undefined) return 0;
    const { words, slots } = shard;
    for (let slot = slotOf(this.#low, slots); ; slot = slot + 1 === slots ? 0 : slot + 1) {
      const at = slot * this.#width;
      const line = words[at] ?? 0;
      if (line === 0) return 0;
      if (words[at + 1] !== this.#high || words[at + 2] !== this.#low) continue;
      if (!this.#caseSensitive || words[at + 3] === this.#exact) {
        this.line = line;
        return line;
      }
      if (this.twin === 0) this.twin = line;
    }
  }

  /** Keeps the key last looked up; it must not be there yet. */
  add(line: number): void {
    const shard = this.#shard();
    if (shard.used + 1 > shard.slots * MOST_FULL) this.#grow(shard);
    const at = freeSlot(shard, this.#low, this.#width);
    shard.words[at] = line;
    shard.words[at + 1] = this.#high;
    shard.words[at + 2] = this.#low;
    if (this.#caseSensitive) shard.words[at + 3] = this.#exact;
    shard.used++;
  }

  #shard(): Shard {
    return (this.#shards[this.#high & (SHARDS - 1)] ??= {
      words: new Uint32Array(this.#firstSlots * this.#width),
      slots: this.#firstSlots,
      used: 0,
    });
  }

  #grow(shard: Shard): void {
    const width = this.#width;
    const old = shard.words;
    shard.slots = Math.ceil(shard.slots * GROWTH);
    shard.words = new Uint32Array(shard.slots * width);
    for (let from = 0; from < old.length; from += width) {
      if (old[from] === 0) continue;
      const at = freeSlot(shard, old[from + 2] ?? 0, width);
      for (let word = 0; word < width; word++) shard.words[at + word] = old[from + word] ?? 0;
    }
  }

  /** Two words over the lower-case key and one over the key itself. */
  #hash(key: string): void {
    let high = this.#seed ^ 0x9e3779b9;
    let low = Math.imul(this.#seed, 0x85ebca6b) ^ 0xdeadbeef;
    let exact = this.#seed ^ 0x27d4eb2f;
    for (let at = 0; at < key.length; at++) {
      const unit = key.charCodeAt(at);
      if (unit > 0x7f) {
        this.#hashBeyondAscii(key);
        return;
      }
      const folded = unit >= 0x41 && unit <= 0x5a ? unit + 0x20 : unit;
      high = mix(high, folded, 0x9e3779b1);
      low = mix(low, folded, 0x85ebca77);
      exact = mix(exact, unit, 0xc2b2ae3d);
    }
    this.#set(high, low, exact);
  }

  #hashBeyondAscii(key: string): void {
    let high = this.#seed ^ 0x9e3779b9;
    let low = Math.imul(this.#seed, 0x85ebca6b) ^ 0xdeadbeef;
    let exact = this.#seed ^ 0x27d4eb2f;
    const folded = key.toLowerCase();
    for (let at = 0; at < folded.length; at++) {
      const unit = folded.charCodeAt(at);
      high = mix(high, unit, 0x9e3779b1);
      low = mix(low, unit, 0x85ebca77);
    }
    for (let at = 0; at < key.length; at++) exact = mix(exact, key.charCodeAt(at), 0xc2b2ae3d);
    this.#set(high, low, exact);
  }

  /** The last mixing of MurmurHash3, crosswise. */
  #set(high: number, low: number, exact: number): void {
    high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
    low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
    this.#high = high >>> 0;
    this.#low = low >>> 0;
    this.#exact = exact >>> 0;
  }
}

/** The rotation carries the high bits down, which a multiplication alone never does. */
function mix(hash: number, unit: number, factor: number): number {
  const product = Math.imul(hash ^ unit, factor);
  return (product << 13) | (product >>> 19);
}

function slotOf(low: number, slots: number): number {
  return Math.floor((low * slots) / 0x1_0000_0000);
}

/** The index of a free slot's first word. */
function freeSlot({ words, slots }: Shard, low: number, width: number): number {
  let slot = slotOf(low, slots);
  while (words[slot * width] !== 0) slot = slot + 1 === slots ? 0 : slot + 1;
  return slot * width;
}
