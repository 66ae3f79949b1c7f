import { shown, SourceError } from './error.js';

/** How the bytes of a text are read. */
export interface TextEncoding {
  readonly name: string;
  /** Bytes of the byte-order mark at the start: 0 where there is none. */
  readonly markBytes: number;
}

interface Mark {
  readonly encoding: string;
  readonly bytes: readonly number[];
}

/** The longer ones first: UTF-32's begins like UTF-16's. Unicode Standard 16.0, table 23.5. */
const MARKS: readonly Mark[] = [
  { encoding: 'utf-32le', bytes: [0xff, 0xfe, 0, 0] },
  { encoding: 'utf-32be', bytes: [0, 0, 0xfe, 0xff] },
  { encoding: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
  { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
];

/** Names that leave something to the byte-order mark, and what they mean without one. */
const UNICODE_NAMES: ReadonlyMap<string, string> = new Map([
  ['utf8', 'utf-8'],
  ['utf16', 'utf-16le'],
  ['utf16le', 'utf-16le'],
  ['utf16be', 'utf-16be'],
  ['ucs2', 'utf-16le'],
  ['utf32', 'utf-32le'],
  ['utf32le', 'utf-32le'],
  ['utf32be', 'utf-32be'],
]);

/** Transfer encodings that iconv-lite counts among its own, but that no text is written in. */
const NOT_FOR_TEXT: ReadonlySet<string> = new Set(['base64', 'hex', 'binary', 'internal']);

/** How much of the start of a text tells UTF-16 without a mark. */
const NUL_SAMPLE = 1024;

/** How many bytes `encodingOf` wants to see, unless the text is shorter. */
export const HEAD_BYTES = 4096;

/**
 * The encoding of a text that starts with `head`, as asked for by name or `auto`.
 * @throws SourceError `unknown-encoding`, `wrong-encoding`
 */
export async function encodingOf(
  head: Buffer,
  wanted: string,
  name: string,
): Promise<TextEncoding> {
  const found = MARKS.find(({ bytes }) => bytes.every((byte, index) => head[index] === byte));
  const plain = wanted.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (plain === 'auto') {
    if (found) return { name: found.encoding, markBytes: found.bytes.length };
    refuseUtf16WithoutMark(head, name);
    return { name: 'utf-8', markBytes: 0 };
  }
  const unicode = UNICODE_NAMES.get(plain);
  if (unicode === undefined && !(await isKnown(wanted, plain))) {
    throw new SourceError(
      'unknown-encoding',
      `The encoding "${shown(wanted)}" is not known. Known are utf-8, utf-16le, windows-1252, windows-1251, iso-8859-15, shift_jis, euc-jp, gb18030, big5, euc-kr and others; without the option it is found out.`,
    );
  }
  const named = unicode ?? wanted.toLowerCase();
  if (found) {
    const agrees =
      found.encoding === named || (/^(utf|ucs)[0-9]+$/.test(plain) && sameWidth(found, named));
    if (!agrees) {
      throw new SourceError(
        'wrong-encoding',
        `${name} starts with the byte-order mark of ${found.encoding.toUpperCase()}, but ${shown(wanted)} was asked for. Leave --encoding out.`,
        1,
      );
    }
    return { name: found.encoding, markBytes: found.bytes.length };
  }
  if (named === 'utf-8') refuseUtf16WithoutMark(head, name);
  return { name: named, markBytes: 0 };
}

/** `utf-16` without le or be takes whichever the mark says. */
function sameWidth(found: Mark, named: string): boolean {
  return found.encoding.slice(0, 6) === named.slice(0, 6);
}

async function isKnown(wanted: string, plain: string): Promise<boolean> {
  if (NOT_FOR_TEXT.has(plain) || plain === '') return false;
  const { default: iconv } = await import('iconv-lite');
  try {
    return iconv.encodingExists(wanted);
  } catch {
    return false;
  }
}

/**
 * UTF-16 of Latin letters has a NUL in every second byte. That is valid UTF-8, so it has to be
 * told by its look.
 */
function refuseUtf16WithoutMark(head: Buffer, name: string): void {
  const sample = head.subarray(0, NUL_SAMPLE);
  const nuls = [0, 0];
  for (const [index, byte] of sample.entries()) {
    if (byte === 0) nuls[index % 2] = (nuls[index % 2] ?? 0) + 1;
  }
  const [even = 0, odd = 0] = nuls;
  const enough = Math.max(1, sample.length / 2 / 4);
  if (Math.max(even, odd) < enough || Math.min(even, odd) * 4 > Math.max(even, odd)) return;
  const likely = odd > even ? 'utf-16le' : 'utf-16be';
  throw new SourceError(
    'wrong-encoding',
    `${name} looks like UTF-16 without a byte-order mark. Try again with --encoding ${likely}.`,
    1,
  );
}
