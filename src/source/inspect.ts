import type { Bytes } from './bytes.js';
import { decoderOf } from './decode.js';
import { layoutOf } from './dialect.js';
import type { Layout } from './dialect.js';
import { encodingOf, HEAD_BYTES } from './encoding.js';
import type { TextEncoding } from './encoding.js';
import { SourceError } from './error.js';
import { gunzip, isGzip } from './gunzip.js';
import { invalidBytes } from './invalid-bytes.js';
import { countLineBreaks } from './records.js';
import { refuseOtherFormats } from './signature.js';
import type { Limits } from './source.js';
import { textsOf } from './texts.js';

/** How much text decides on the delimiter. */
const SAMPLE_BYTES = 64 * 1024;

/** What is known or asked for before anything was read. */
interface Wanted {
  /** For messages, as `shownName` gives it. */
  readonly name: string;
  /** A name, or `auto`. */
  readonly encoding: string;
  /** As asked for, or `auto`. */
  readonly delimiter: string;
  /** The names of the columns, where the file may have no header line. */
  readonly header?: readonly string[];
  readonly limits: Limits;
  readonly chunkSize: number;
}

/** How a file is written, as its beginning tells. */
export interface Beginning {
  readonly gzip: boolean;
  readonly encoding: TextEncoding;
  readonly layout: Layout;
}

/**
 * Reads as much of the file's beginning as tells how it is written.
 * @throws SourceError
 */
export async function inspect(bytes: Bytes, wanted: Wanted): Promise<Beginning> {
  const { name, limits, chunkSize } = wanted;
  const gzip = isGzip(await first(bytes.chunks(0), 2));
  const plain = () => (gzip ? gunzip(bytes.chunks(0), name, limits, chunkSize) : bytes.chunks(0));

  const head = await first(plain(), HEAD_BYTES);
  refuseOtherFormats(head, name);
  const encoding = await encodingOf(head, wanted.encoding, name);
  const decoder = await decoderOf(encoding.name);

  const parts: Buffer[] = [];
  let length = 0;
  let enough = SAMPLE_BYTES;
  const layout = (complete: boolean) =>
    layoutOf({ ...wanted, text: Buffer.concat(parts), complete, recordBytes: limits.recordBytes });
  for await (const { bytes: text, broken } of textsOf(plain(), decoder, encoding.markBytes, 0)) {
    parts.push(text);
    length += text.length;
    if (broken) {
      const line = countLineBreaks(Buffer.concat(parts)) + 1;
      throw await invalidBytes(broken, line, encoding.name, name);
    }
    if (length < enough) continue;
    const found = layout(false);
    if (found) return { gzip, encoding, layout: found };
    // Blank lines without end: what would be a header is refused by its own length.
    if (length >= 4 * limits.recordBytes) throw onlyBlankLines(name);
    enough = 2 * length;
  }
  const found = layout(true);
  if (!found) throw new Error('a whole text has a layout');
  return { gzip, encoding, layout: found };
}

function onlyBlankLines(name: string): SourceError {
  return new SourceError(
    'no-header',
    `${name} has no header line, only blank lines so far. The first line names the columns, such as username,email.`,
  );
}

/** The first bytes, as many as there are up to `length`. */
async function first(chunks: AsyncIterable<Buffer>, length: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let read = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    read += chunk.length;
    if (read >= length) break;
  }
  return Buffer.concat(parts).subarray(0, length);
}
