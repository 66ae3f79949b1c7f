import { isUtf8 } from 'node:buffer';

import { endOfValidUtf8, incompleteTail } from './utf8.js';

/**
 * Turns bytes in some encoding into UTF-8, chunk by chunk. A character may be divided between two
 * chunks.
 * @throws BrokenBytes
 */
export interface Decoder {
  write(chunk: Buffer): Buffer;
  end(): Buffer;
}

/** Bytes that are no text in the encoding. */
export class BrokenBytes extends Error {
  /** The text of this chunk before them, as UTF-8. */
  readonly before: Buffer;
  /** The bytes around them, as they are in the file. */
  readonly around: Buffer;
  /** Where in `around` they begin; 0 where that is not known. */
  readonly at: number;

  constructor(before: Buffer, around: Buffer, at = 0) {
    super('bytes that are not valid in the encoding');
    this.before = before;
    this.around = around;
    this.at = at;
  }
}

const NOTHING = Buffer.alloc(0);

/** How much is kept of what surrounds broken bytes. */
const BEFORE = 16 * 1024;
const AFTER = 64 * 1024;

/** The decoder of an encoding that `encodingOf` gave. */
export async function decoderOf(encoding: string): Promise<Decoder> {
  if (encoding === 'utf-8') return new Utf8Decoder();
  if (encoding === 'utf-16le') return new Utf16Decoder(false);
  if (encoding === 'utf-16be') return new Utf16Decoder(true);
  // Loaded only here: few files need it.
  const { default: iconv } = await import('iconv-lite');
  return new IconvDecoder(iconv.getDecoder(encoding, { stripBOM: false }));
}

/** The bytes are checked, and handed on as they are. */
class Utf8Decoder implements Decoder {
  #rest: Buffer = NOTHING;
  #previous: Buffer = NOTHING;

  write(chunk: Buffer): Buffer {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const whole = bytes.length - incompleteTail(bytes);
    const text = bytes.subarray(0, whole);
    if (!isUtf8(text)) {
      const at = endOfValidUtf8(bytes);
      throw surrounded(this.#previous, bytes, at);
    }
    this.#rest = bytes.subarray(whole);
    if (whole > 0) this.#previous = text;
    return text;
  }

  end(): Buffer {
    if (this.#rest.length === 0) return NOTHING;
    throw surrounded(this.#previous, this.#rest, 0);
  }
}

/** The byte at `at` is broken: with what surrounds it, also from the chunk before. */
function surrounded(previous: Buffer, bytes: Buffer, at: number): BrokenBytes {
  const missing = Math.max(0, BEFORE - at);
  const before = Buffer.concat([
    previous.subarray(Math.max(0, previous.length - missing)),
    bytes.subarray(Math.max(0, at - BEFORE), at),
  ]);
  const around = Buffer.concat([before, bytes.subarray(at, at + AFTER)]);
  return new BrokenBytes(bytes.subarray(0, at), around, before.length);
}

/** A surrogate without its other half; with `u`, one that has it is not matched. */
const LONE_SURROGATE = /\p{Surrogate}/u;

class Utf16Decoder implements Decoder {
  readonly #bigEndian: boolean;
  #rest: Buffer = NOTHING;

  constructor(bigEndian: boolean) {
    this.#bigEndian = bigEndian;
  }

  write(chunk: Buffer): Buffer {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let whole = bytes.length - (bytes.length % 2);
    const lastUnit = this.#bigEndian ? bytes[whole - 2] : bytes[whole - 1];
    // The first half of a pair waits for the second.
    if (whole > 0 && lastUnit !== undefined && lastUnit >= 0xd8 && lastUnit <= 0xdb) whole -= 2;
    this.#rest = bytes.subarray(whole);
    const text = this.#text(bytes.subarray(0, whole));
    const at = text.search(LONE_SURROGATE);
    if (at >= 0) {
      throw new BrokenBytes(Buffer.from(text.slice(0, at)), bytes.subarray(2 * at, 2 * at + AFTER));
    }
    return Buffer.from(text);
  }

  end(): Buffer {
    if (this.#rest.length > 0) throw new BrokenBytes(NOTHING, this.#rest);
    return NOTHING;
  }

  #text(bytes: Buffer): string {
    return (this.#bigEndian ? Buffer.from(bytes).swap16() : bytes).toString('utf16le');
  }
}

/** What iconv-lite puts where bytes mean nothing. */
const REPLACEMENT = '\uFFFD';

class IconvDecoder implements Decoder {
  readonly #decoder: { write(chunk: Buffer): string; end(): string | undefined };

  constructor(decoder: { write(chunk: Buffer): string; end(): string | undefined }) {
    this.#decoder = decoder;
  }

  write(chunk: Buffer): Buffer {
    return checked(this.#decoder.write(chunk), chunk);
  }

  end(): Buffer {
    return checked(this.#decoder.end() ?? '', NOTHING);
  }
}

function checked(text: string, chunk: Buffer): Buffer {
  const at = text.indexOf(REPLACEMENT);
  if (at >= 0) {
    throw new BrokenBytes(Buffer.from(text.slice(0, at)), chunk.subarray(0, BEFORE + AFTER));
  }
  return Buffer.from(text);
}
