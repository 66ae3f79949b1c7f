const blockWords = 2 ** 14;

/**
 * 32-bit words by index, as many as are written: those never written are 0. Grows block by block,
 * so that growing never needs room for two copies.
 */
export class Words {
  readonly #blocks: Uint32Array[] = [];

  get(index: number): number {
    return this.#blocks[index >>> 14]?.[index & (blockWords - 1)] ?? 0;
  }

  set(index: number, word: number): void {
    const block = index >>> 14;
    while (this.#blocks.length <= block) this.#blocks.push(new Uint32Array(blockWords));
    const words = this.#blocks[block];
    if (words) words[index & (blockWords - 1)] = word;
  }
}
