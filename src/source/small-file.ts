import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';

import { readFifo } from './fifo.js';

/** More bytes than a file of its kind has: it is something else, a device that has no end perhaps. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
  readonly code = 'EFBIG';
}

/**
 * Reads a file that is kept in memory as a whole, as far as `mostBytes`; a FIFO and a device, too.
 * Rejects with `TooLarge`, or with what the system says.
 * @param signal ends the wait for who writes to a FIFO, by an AbortError.
 */
export async function readSmallFile(
  path: string,
  mostBytes: number,
  signal?: AbortSignal,
): Promise<Buffer> {
  const isFifo = (await stat(path)).isFIFO();
  const stream = isFifo ? await readFifo(path, signal) : createReadStream(path);
  const parts = new Parts(mostBytes);
  const chunks: AsyncIterable<Buffer> = signal ? addAbortSignal(signal, stream) : stream;
  for await (const chunk of chunks) parts.add(chunk);
  return parts.whole;
}

/** As `readSmallFile`, for the parser of the arguments, which can't wait. */
export function readSmallFileSync(path: string, mostBytes: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const parts = new Parts(mostBytes);
    for (;;) {
      const piece = Buffer.allocUnsafeSlow(parts.next);
      const bytesRead = readSync(file, piece, 0, piece.length, null);
      if (bytesRead === 0) return parts.whole;
      parts.add(piece.subarray(0, bytesRead));
    }
  } finally {
    closeSync(file);
  }
}

const pieceBytes = 64 * 1024;

class Parts {
  readonly #parts: Buffer[] = [];
  readonly #most: number;
  #length = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** How much to read next: one byte more than may come, to see that there is more. */
  get next(): number {
    return Math.min(pieceBytes, this.#most - this.#length + 1);
  }

  get whole(): Buffer {
    return Buffer.concat(this.#parts);
  }

  add(part: Buffer): void {
    this.#length += part.length;
    if (this.#length > this.#most) throw new TooLarge(`more than ${this.#most} bytes`);
    this.#parts.push(part);
  }
}
