import { createHash } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { addAbortSignal, type Readable } from 'node:stream';
import { isAddress } from './address.js';
import type { Bytes } from './bytes.js';
import { decoderOf } from './decode.js';
import { delimiterFrom, type Layout, layoutOf } from './dialect.js';
import { encodingOf, HEAD_BYTES, type TextEncoding } from './encoding.js';
import { shownName, SourceError, systemCode } from './error.js';
import { RegularFile } from './file.js';
import { gunzip, isGzip } from './gunzip.js';
import { brokenBytes, FilePass, TextFrom } from './pass.js';
import { countLineBreaks } from './records.js';
import { refuseOtherFormats } from './signature.js';
import {
  DEFAULT_LIMITS,
  type Dialect,
  type Limits,
  type Pass,
  type ReadOptions,
  type Row,
  type Source,
  type Totals,
} from './source.js';
import { Spool } from './spool.js';

/** How a file is to be read. */
export interface OpenOptions {
  /** A name, or `auto` (the default): UTF-8, or what the byte-order mark says. */
  readonly encoding?: string;
  /** One character, or `auto` (the default): one of `,` `;` tab `|`. */
  readonly delimiter?: string;
  /**
   * The names of the columns of a file that has no header line. Where its first record holds them
   * anyway, that one is the header.
   */
  readonly header?: readonly string[];
  /** What `-` reads. */
  readonly stdin?: Readable;
  /**
   * Starts reading what has an address in place of a path. Its stream has to fail where the object
   * does not come whole; a `SourceError` is passed on.
   */
  readonly fetch?: (address: string) => Promise<Readable>;
  /** Where a stream is kept, encrypted, while it is used. Default: the system's folder. */
  readonly spoolFolder?: string;
  /** Ends the reading of a stream into its spool: the promise is rejected with an AbortError. */
  readonly signal?: AbortSignal;
  readonly limits?: Partial<Limits>;
  /** Bytes that are read at one go. Default 256 KiB. */
  readonly chunkSize?: number;
}

const CHUNK = 64 * 1024;

/** How much text decides on the delimiter. */
const SAMPLE_BYTES = 64 * 1024;

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
    const start = await inspect(bytes, {
      name,
      encoding: options.encoding ?? 'auto',
      delimiter,
      ...(options.header && { header: options.header }),
      limits,
      chunkSize,
    });
    return new OpenSource(file, bytes, resumable, start, limits, chunkSize);
  } catch (error) {
    await bytes.close();
    throw error;
  }
}

async function openBytes(
  file: string,
  options: OpenOptions,
  chunkSize: number,
): Promise<{ bytes: Bytes; resumable: boolean }> {
  const { stdin, fetch, signal, spoolFolder } = options;
  const spool = async (stream: Readable): Promise<Bytes> => {
    try {
      return await Spool.of(signal ? addAbortSignal(signal, stream) : stream, {
        name: file,
        chunkSize,
        ...(spoolFolder === undefined ? {} : { folder: spoolFolder }),
      });
    } finally {
      stream.destroy();
    }
  };
  if (file === '-') {
    if (!stdin) throw new TypeError('openSource("-") needs options.stdin');
    return { bytes: await spool(stdin), resumable: false };
  }
  if (isAddress(file)) {
    if (!fetch) throw new TypeError(`openSource("${file}") needs options.fetch`);
    return { bytes: await spool(await fetch(file)), resumable: true };
  }
  let handle: FileHandle | undefined;
  let found: Stats;
  try {
    handle = await open(file, constants.O_RDONLY);
    found = await handle.stat();
  } catch (error) {
    await handle?.close();
    throw notOpened(file, error);
  }
  if (found.isFile())
    return { bytes: await RegularFile.of(file, handle, chunkSize), resumable: true };
  if (found.isDirectory()) {
    await handle.close();
    throw isFolder(file);
  }
  // The stream closes the handle.
  return {
    bytes: await spool(handle.createReadStream({ highWaterMark: chunkSize })),
    resumable: false,
  };
}

function notOpened(file: string, error: unknown): SourceError {
  const name = shownName(file);
  const code = systemCode(error);
  if (code === 'EISDIR') return isFolder(file);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new SourceError('not-found', `There is no file ${name}. Check the path.`);
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new SourceError('not-readable', `${name} may not be read by this user.`);
  }
  return new SourceError('not-readable', `${name} can't be opened (${code || 'no reason given'}).`);
}

function isFolder(file: string): SourceError {
  return new SourceError('is-folder', `${shownName(file)} is a folder. Give the path of a file.`);
}

interface Inspection {
  readonly name: string;
  readonly encoding: string;
  readonly delimiter: string;
  readonly header?: readonly string[];
  readonly limits: Limits;
  readonly chunkSize: number;
}

interface Start {
  readonly gzip: boolean;
  readonly encoding: TextEncoding;
  readonly layout: Layout;
}

/** Reads as much of the file's beginning as tells how it is written. */
async function inspect(bytes: Bytes, wanted: Inspection): Promise<Start> {
  const { name, limits, chunkSize } = wanted;
  const gzip = isGzip(await first(bytes.chunks(0), 2));
  const plain = () => (gzip ? gunzip(bytes.chunks(0), name, limits, chunkSize) : bytes.chunks(0));

  const head = await first(plain(), HEAD_BYTES);
  refuseOtherFormats(head, name);
  const encoding = await encodingOf(head, wanted.encoding, name);
  const text = new TextFrom(await decoderOf(encoding.name), encoding.markBytes, 0);

  const parts: Buffer[] = [];
  let length = 0;
  let enough = SAMPLE_BYTES;
  const layout = (complete: boolean) =>
    layoutOf({
      text: Buffer.concat(parts),
      complete,
      delimiter: wanted.delimiter,
      ...(wanted.header && { header: wanted.header }),
      recordBytes: limits.recordBytes,
      name,
    });
  const take = async (piece: ReturnType<TextFrom['write']>) => {
    parts.push(piece.bytes);
    length += piece.bytes.length;
    if (!piece.broken) return;
    const line = countLineBreaks(Buffer.concat(parts)) + 1;
    throw await brokenBytes(piece.broken, line, encoding.name, name);
  };

  for await (const chunk of plain()) {
    await take(text.write(chunk));
    if (length < enough) continue;
    const found = layout(false);
    if (found) return { gzip, encoding, layout: found };
    // Blank lines without end: what would be a header is refused by its own length.
    if (length >= 4 * limits.recordBytes) {
      throw new SourceError(
        'no-header',
        `${name} has no header line, only blank lines so far. The first line names the columns, such as username,email.`,
      );
    }
    enough = 2 * length;
  }
  await take(text.end());
  const found = layout(true);
  if (!found) throw new Error('a whole text has a layout');
  return { gzip, encoding, layout: found };
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

class OpenSource implements Source {
  readonly name: string;
  readonly resumable: boolean;
  readonly dialect: Dialect;
  readonly header: Row;
  readonly #bytes: Bytes;
  readonly #start: Start;
  readonly #limits: Limits;
  readonly #chunkSize: number;
  #sha256: string | undefined;
  #totals: Totals | undefined;

  constructor(
    name: string,
    bytes: Bytes,
    resumable: boolean,
    start: Start,
    limits: Limits,
    chunkSize: number,
  ) {
    const { encoding, gzip, layout } = start;
    this.name = name;
    this.resumable = resumable;
    this.header = layout.header;
    this.dialect = {
      encoding: encoding.name,
      byteOrderMark: encoding.markBytes > 0,
      gzip,
      delimiter: layout.delimiter,
      separatorLine: layout.separatorLine,
      form: layout.form,
    };
    this.#bytes = bytes;
    this.#start = start;
    this.#limits = limits;
    this.#chunkSize = chunkSize;
  }

  get size(): number {
    return this.#bytes.size;
  }

  get totals(): Totals | undefined {
    return this.#totals;
  }

  read(options: ReadOptions = {}): Pass {
    const { from } = options;
    if (
      from &&
      ![from.offset, from.line, from.row].every((n) => Number.isSafeInteger(n) && n >= 0)
    ) {
      throw new RangeError('the position to read from is none');
    }
    return new FilePass({
      bytes: this.#bytes,
      name: shownName(this.name),
      dialect: this.dialect,
      markBytes: this.#start.encoding.markBytes,
      limits: this.#limits,
      chunkSize: this.#chunkSize,
      from: from ?? this.#start.layout.dataStart,
      whole: from === undefined,
      onTotals: (totals) => {
        this.#sameAsBefore(totals.sha256);
        this.#totals = totals;
      },
    });
  }

  async digest(): Promise<string> {
    if (this.#sha256 !== undefined) return this.#sha256;
    const hash = createHash('sha256');
    for await (const chunk of this.#bytes.chunks(0)) hash.update(chunk);
    const sha256 = hash.digest('hex');
    this.#sameAsBefore(sha256);
    return sha256;
  }

  async close(): Promise<void> {
    await this.#bytes.close();
  }

  /** Size and time of change can be made to look the same; the content can't. */
  #sameAsBefore(sha256: string): void {
    this.#sha256 ??= sha256;
    if (this.#sha256 === sha256) return;
    throw new SourceError(
      'file-changed',
      `${shownName(this.name)} was changed since it was read before. Start again once nothing writes to it any more.`,
    );
  }
}
