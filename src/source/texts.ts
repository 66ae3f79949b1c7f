import { BrokenBytes } from './decode.js';
import type { Decoder } from './decode.js';

/** Text, and what came after it if that was none. */
interface Text {
  /** UTF-8. */
  readonly bytes: Buffer;
  readonly broken: BrokenBytes | undefined;
}

/**
 * Decodes chunks, without the byte-order mark and without the first `skip` bytes of the text.
 * @throws RangeError where the text is shorter than that, and whatever `chunks` throws
 */
export async function* textsOf(
  chunks: AsyncIterable<Buffer>,
  decoder: Decoder,
  markBytes: number,
  skip: number,
): AsyncGenerator<Text, void, undefined> {
  let [mark, missing] = [markBytes, skip];
  const without = ({ bytes, broken }: Text): Text => {
    const skipped = Math.min(missing, bytes.length);
    missing -= skipped;
    return { bytes: bytes.subarray(skipped), broken };
  };
  for await (const chunk of chunks) {
    const ofMark = Math.min(mark, chunk.length);
    mark -= ofMark;
    yield without(decoded(() => decoder.write(chunk.subarray(ofMark))));
  }
  yield without(decoded(() => decoder.end()));
  if (missing > 0) throw beyondTheEnd();
}

function decoded(decode: () => Buffer): Text {
  try {
    return { bytes: decode(), broken: undefined };
  } catch (error) {
    if (error instanceof BrokenBytes) return { bytes: error.before, broken: error };
    throw error;
  }
}

/** What a pass throws that was told to begin where there is nothing. */
export function beyondTheEnd(): RangeError {
  return new RangeError('the position to read from lies beyond the end of the file');
}
