import { delimiterFrom } from './dialect.js';
import { shownName } from './error.js';
import { FileSource } from './file-source.js';
import { inspect } from './inspect.js';
import { openBytes } from './open-bytes.js';
import type { StreamOptions } from './open-bytes.js';
import { DEFAULT_LIMITS } from './source.js';
import type { Limits, Source } from './source.js';

/** How a file is to be read. */
export interface OpenOptions extends StreamOptions {
  /** A name, or `auto` (the default): UTF-8, or what the byte-order mark says. */
  readonly encoding?: string;
  /** One character, or `auto` (the default): one of `,` `;` tab `|`. */
  readonly delimiter?: string;
  /**
   * The names of the columns of a file that has no header line. Where its first record holds them
   * anyway, that one is the header.
   */
  readonly header?: readonly string[];
  readonly limits?: Partial<Limits>;
  /** Bytes that are read at one go. Default 64 KiB. */
  readonly chunkSize?: number;
}

const CHUNK = 64 * 1024;

/**
 * Opens a file and reads its header. An address, a path that is not a regular file, and `-`, is read
 * to its end first, since a source is read more than once.
 * @throws SourceError
 */
export async function openSource(file: string, options: OpenOptions = {}): Promise<Source> {
  const name = shownName(file);
  const chunkSize = options.chunkSize ?? CHUNK;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const delimiter = options.delimiter ?? 'auto';
  delimiterFrom(delimiter);

  const { bytes, resumable } = await openBytes(file, options, chunkSize);
  try {
    const beginning = await inspect(bytes, {
      name,
      encoding: options.encoding ?? 'auto',
      delimiter,
      ...(options.header && { header: options.header }),
      limits,
      chunkSize,
    });
    return new FileSource(file, bytes, resumable, beginning, limits, chunkSize);
  } catch (error) {
    await bytes.close();
    throw error;
  }
}
