import { gzipSync } from 'node:zlib';

/** Draws for one case. */
export class Draw {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** A whole number from 0 up to but not `bound`. */
  below(bound: number): number {
    return Math.floor(this.#random() * bound);
  }

  one<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** True once in so many times. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }

  readonly random = (): number => this.#random();
}

/** Names that mean something to JavaScript, and words that mean something to us. */
export const names: readonly string[] = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'length',
  '',
  ' ',
  'username',
  'Username ',
  'cognito:username',
  'email',
  'phone_number',
  'password',
  'groups',
  'enabled',
  'code',
  'sub',
  'custom:department',
  'custom:__proto__',
  'cognito:mfa_enabled',
  'given_name',
  'email_verified',
  'birthdate',
  'error_code',
  'error_message',
  '\u001b[31m',
  '\u202e',
  'é'.normalize('NFD'),
  '\ud83d\ude00',
];

/** Cells that have done harm to somebody. */
export const cells: readonly string[] = [
  ...names,
  '=1+1',
  '@x',
  "'=1",
  '"',
  '""',
  '"open',
  'a"b',
  '\0',
  '\ufeff',
  '\u001b]0;title\u0007',
  '<script>alert(1)</script>',
  'null',
  'NaN',
  '-1',
  '1e999',
  '2026-02-31',
  '02/31/2026',
  'true',
  'a@example.com',
  'A@EXAMPLE.COM',
  'a@b@c',
  '+12025550123',
  '(202) 555-0123',
  'x'.repeat(3_000),
  '\u0001',
  '\r',
  '\r\n',
  ';',
  'staff;admins',
  'a;;b',
  '\\,',
  '%00',
  '../../etc/passwd',
];

/** Changes bytes here and there, cuts, repeats and swaps parts: up to six times. */
export function mutateBytes(draw: Draw, bytes: Buffer): Buffer {
  let changed = bytes;
  for (let times = draw.below(6); times >= 0; times--) changed = mutateOnce(draw, changed);
  return changed;
}

function mutateOnce(draw: Draw, bytes: Buffer): Buffer {
  const at = draw.below(bytes.length + 1);
  const until = Math.min(bytes.length, at + draw.below(40));
  const put = (between: Buffer | string): Buffer =>
    Buffer.concat([bytes.subarray(0, at), Buffer.from(between), bytes.subarray(until)]);
  switch (draw.below(9)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return put('');
    case 2:
      return put(draw.one(cells));
    case 3:
      return put(draw.bytes(1 + draw.below(8)));
    case 4:
      return put(draw.one(['"', ',', '\n', '\r', '\0', '\t', ';', '\ufeff', "'", '{', '[', '0']));
    case 5:
      return Buffer.concat([bytes, bytes.subarray(at, until)]);
    case 6:
      return put(Buffer.concat([bytes.subarray(at, until), bytes.subarray(at, until)]));
    case 7:
      // As bytes: no UTF-8, but that of other encodings.
      return put(
        Buffer.from(draw.one(['\xe9', '\xff\xfe', '\xc3', '\xed\xa0\x80', '\x8f\xdf']), 'latin1'),
      );
    default:
      return put(bytes.subarray(draw.below(at + 1), at));
  }
}

/** The same text as other programs would write it, and as none should. */
export function encoded(draw: Draw, bytes: Buffer): Buffer {
  switch (draw.below(12)) {
    case 0:
      return Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(bytes.toString(), 'utf16le')]);
    case 1: {
      const even = Buffer.from(`\ufeff${bytes.toString()}`, 'utf16le');
      return even.swap16();
    }
    case 2:
      return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]);
    case 3:
      return gzipSync(bytes, { level: 1 });
    case 4: {
      const whole = gzipSync(bytes, { level: 1 });
      return draw.oneIn(2) ? whole.subarray(0, draw.below(whole.length)) : mutateBytes(draw, whole);
    }
    case 5:
      return Buffer.from(bytes.toString(), 'latin1');
    default:
      return bytes;
  }
}

/** Replaces, drops or doubles a member somewhere in parsed JSON, up to three times. */
export function mutateJson(draw: Draw, json: unknown): unknown {
  let changed = structuredClone(json);
  for (let times = draw.below(3); times >= 0; times--) changed = changed1(draw, changed);
  return changed;
}

function changed1(draw: Draw, json: unknown): unknown {
  const isBranch = typeof json === 'object' && json !== null;
  if (!isBranch || draw.oneIn(8)) return rubbish(draw);
  if (Array.isArray(json)) {
    const list: unknown[] = [...(json as unknown[])];
    if (list.length === 0 || draw.oneIn(6)) return [...list, rubbish(draw)];
    const at = draw.below(list.length);
    list[at] = changed1(draw, list[at]);
    return list;
  }
  const entries = Object.entries(json);
  if (entries.length === 0 || draw.oneIn(8)) {
    return Object.fromEntries([...entries, [draw.one(names), rubbish(draw)]]);
  }
  const at = draw.below(entries.length);
  const [name = '', value] = entries[at] ?? [];
  if (draw.oneIn(6)) entries.splice(at, 1);
  else entries[at] = [draw.oneIn(10) ? draw.one(names) : name, changed1(draw, value)];
  return Object.fromEntries(entries);
}

function rubbish(draw: Draw): unknown {
  return draw.one<() => unknown>([
    () => null,
    () => true,
    () => -1,
    () => 0,
    () => 0.5,
    () => 1e308,
    () => 2 ** 53,
    () => 2 ** 31,
    () => 4_000_000_000,
    () => '',
    () => draw.one(cells),
    () => draw.one(names),
    () => [],
    () => ({}),
    () => [[[[[]]]]],
    () => ({ [draw.one(names)]: draw.one(cells) }),
    () => [null, -1, 'x', {}],
    () => 'x'.repeat(100_000),
  ])();
}

/** Almost JSON: a changed value, or a text with other bytes in it. */
export function almostJson(draw: Draw, json: unknown): Buffer {
  const text = Buffer.from(JSON.stringify(draw.oneIn(3) ? json : mutateJson(draw, json)));
  return draw.oneIn(3) ? mutateBytes(draw, text) : text;
}
