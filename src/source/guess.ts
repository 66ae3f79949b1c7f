import type { BrokenBytes } from './decode.js';

/** An encoding that a text may be written in, by the name that `--encoding` takes. */
export interface Guess {
  readonly encoding: string | undefined;
  /** Whether only this line seems to be in it: the text before is in the encoding that was tried. */
  readonly lineOnly: boolean;
  /** Whether the detector has more than a hunch. */
  readonly sure: boolean;
}

/** What people have when the detector names the narrower standard: WHATWG Encoding, 4.2. */
const AS_PEOPLE_HAVE_IT: ReadonlyMap<string, string> = new Map([
  ['iso-8859-1', 'windows-1252'],
  ['iso-8859-9', 'windows-1254'],
  ['ascii', 'windows-1252'],
]);

/** From 0 to 100; below it, the detector is wrong about as often as right (a few short names). */
const SURE = 30;

/** Of two that fit equally well, the one that fewer byte sequences fit. */
const STRICTER_FIRST = ['utf-8', 'euc-jp', 'euc-kr', 'shift_jis', 'gb18030', 'big5'];

/** What a text in the right encoding hardly holds: signs of a wrong guess. */
const UNLIKELY = /[\uFFFD\u0080-\u009F\p{Co}]/u;

/**
 * The most likely encoding of bytes that are not valid in `tried`, or undefined if nothing fits.
 * Text that has been good UTF-8 beyond ASCII up to the broken bytes is no chance: then it is the
 * line alone that is written otherwise.
 */
export async function guessEncoding(
  broken: BrokenBytes,
  tried: string,
): Promise<Guess | undefined> {
  const { around, at } = broken;
  const lineOnly = tried === 'utf-8' && around.subarray(0, at).some((byte) => byte >= 0x80);
  const sample = lineOnly ? lineAround(around, at) : around;
  const [{ analyse }, { default: iconv }] = await Promise.all([
    import('chardet'),
    import('iconv-lite'),
  ]);
  const matches = analyse(sample).map(({ name, confidence }) => {
    const lower = name.toLowerCase();
    return { lower, confidence, rank: rankOf(lower) };
  });
  matches.sort((one, other) => other.confidence - one.confidence || one.rank - other.rank);
  for (const { lower, confidence } of matches) {
    const encoding = AS_PEOPLE_HAVE_IT.get(lower) ?? lower;
    if (encoding === tried || !iconv.encodingExists(encoding)) continue;
    // The sample may begin and end within a character.
    const text = iconv.decode(sample, encoding).slice(1, -1);
    if (encoding === 'utf-8' || !UNLIKELY.test(text)) {
      return { encoding, lineOnly, sure: confidence >= SURE };
    }
  }
  return lineOnly ? { encoding: undefined, lineOnly, sure: false } : undefined;
}

/** The line with the byte at `at`, without its end. */
function lineAround(bytes: Buffer, at: number): Buffer {
  const start = bytes.lastIndexOf('\n', at) + 1;
  const end = bytes.indexOf('\n', at);
  return bytes.subarray(start, end < 0 ? bytes.length : end);
}

function rankOf(name: string): number {
  const index = STRICTER_FIRST.indexOf(name);
  return index < 0 ? STRICTER_FIRST.length : index;
}
