/** 32 bits over a text, mixed as MurmurHash3 ends. */
export function textHash(text: string, seed: number): number {
  let value = seed | 0;
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x9e3779b1);
    value = (value << 13) | (value >>> 19);
  }
  value = Math.imul(value ^ text.length ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
