/**
 * How many bytes a character needs that starts with this byte; 0 if none does.
 * Unicode Standard 16.0, table 3-7.
 */
function lengthFrom(first: number): number {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  if (first >= 0xf0 && first <= 0xf4) return 4;
  return 0;
}

/** Whether a byte may stand second after `first`: the table's narrower ranges. */
function maySecond(first: number, second: number): boolean {
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  return second >= low && second <= high;
}

/** How many bytes at the end are the beginning of a character that goes on in the next chunk. */
export function incompleteTail(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0x80 && byte <= 0xbf) continue;
    return lengthFrom(byte) > back ? back : 0;
  }
  return 0;
}

/** The index of the first byte that does not belong to a whole, valid character. */
export function endOfValidUtf8(bytes: Buffer): number {
  let at = 0;
  while (at < bytes.length) {
    const first = bytes[at] ?? 0;
    const length = lengthFrom(first);
    if (length === 0 || at + length > bytes.length) return at;
    for (let index = 1; index < length; index++) {
      const byte = bytes[at + index] ?? 0;
      const fits = index === 1 ? maySecond(first, byte) : byte >= 0x80 && byte <= 0xbf;
      if (!fits) return at;
    }
    at += length;
  }
  return at;
}
