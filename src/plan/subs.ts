import { Words } from './words.js';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The `sub` of each row's user, 16 bytes each, since the service's are UUIDs; others are kept as texts. */
export class Subs {
  readonly #words = new Words();
  readonly #others = new Map<number, string>();

  get(row: number): string | undefined {
    const other = this.#others.get(row);
    if (other !== undefined) return other;
    const at = 4 * row;
    const digits = [0, 1, 2, 3]
      .map((word) =>
        this.#words
          .get(at + word)
          .toString(16)
          .padStart(8, '0'),
      )
      .join('');
    if (/^0+$/.test(digits)) return undefined;
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }

  set(row: number, sub: string | undefined): void {
    this.#others.delete(row);
    const isUuid = sub !== undefined && uuid.test(sub);
    const digits = isUuid ? sub.replaceAll('-', '') : '';
    for (let word = 0; word < 4; word++) {
      const part = digits.slice(8 * word, 8 * word + 8);
      this.#words.set(4 * row + word, part === '' ? 0 : parseInt(part, 16));
    }
    if (sub !== undefined && !isUuid) this.#others.set(row, sub);
  }
}
