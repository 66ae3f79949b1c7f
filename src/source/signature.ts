import { SourceError } from './error.js';

interface Format {
  readonly what: string;
  readonly advice: string;
  readonly bytes: readonly number[];
}

const DECOMPRESS = 'Decompress it, or compress it with gzip.';
const SAVE_AS_CSV = 'Save the sheet as "CSV UTF-8" and give that file.';

/** What people give by mistake, told by its first bytes. */
const FORMATS: readonly Format[] = [
  {
    what: 'an Excel workbook or a ZIP archive',
    advice: SAVE_AS_CSV,
    bytes: [0x50, 0x4b, 0x03, 0x04],
  },
  {
    what: 'an old Excel workbook',
    advice: SAVE_AS_CSV,
    bytes: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1],
  },
  {
    what: 'a PDF',
    advice: 'Give the table that it was made from.',
    bytes: [0x25, 0x50, 0x44, 0x46, 0x2d],
  },
  {
    what: 'compressed with bzip2',
    advice: DECOMPRESS,
    bytes: [0x42, 0x5a, 0x68, 0x39, 0x31, 0x41],
  },
  { what: 'compressed with xz', advice: DECOMPRESS, bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  { what: 'compressed with zstd', advice: DECOMPRESS, bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { what: 'compressed with gzip twice', advice: 'Decompress it once.', bytes: [0x1f, 0x8b, 0x08] },
];

/**
 * Refuses what is no text at all.
 * @throws SourceError `not-text`
 */
export function refuseOtherFormats(head: Buffer, name: string): void {
  const format = FORMATS.find(({ bytes }) => bytes.every((byte, index) => head[index] === byte));
  if (!format) return;
  throw new SourceError(
    'not-text',
    `${name} is ${format.what}, not a text of rows. ${format.advice}`,
  );
}
