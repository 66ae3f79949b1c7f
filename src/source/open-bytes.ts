import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import type { Readable } from 'node:stream';

import type { Bytes } from './bytes.js';
import { shownName, SourceError, systemCode } from './error.js';
import { readFifo } from './fifo.js';
import { RegularFile } from './file.js';
import { Spool } from './spool.js';

/** Where bytes come from that are not in a file. */
export interface StreamOptions {
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
}

/** Bytes, and whether a later process can read the same ones again. */
interface OpenedBytes {
  readonly bytes: Bytes;
  readonly resumable: boolean;
}

/** Whether FILE is an object's address, `s3://bucket/key`, in place of a path. */
export function isAddress(file: string): boolean {
  return file.startsWith('s3://');
}

/**
 * Opens a file's bytes. An address, a path that is not a regular file, and `-`, is read to its end
 * first, since a source is read more than once.
 * @throws SourceError
 */
export async function openBytes(
  file: string,
  options: StreamOptions,
  chunkSize: number,
): Promise<OpenedBytes> {
  const { stdin, fetch } = options;
  const spool = (stream: Readable): Promise<Bytes> => spoolOf(stream, file, options, chunkSize);
  if (file === '-') {
    if (!stdin) throw new TypeError('openSource("-") needs options.stdin');
    return { bytes: await spool(stdin), resumable: false };
  }
  if (isAddress(file)) {
    if (!fetch) throw new TypeError(`openSource("${file}") needs options.fetch`);
    return { bytes: await spool(await fetch(file)), resumable: true };
  }
  const opened = await openPath(file, options.signal);
  if ('fifo' in opened) return { bytes: await spool(opened.fifo), resumable: false };
  const { handle, isFile } = opened;
  if (isFile) return { bytes: await RegularFile.of(file, handle, chunkSize), resumable: true };
  // The stream closes the handle.
  const stream = handle.createReadStream({ highWaterMark: chunkSize });
  return { bytes: await spool(stream), resumable: false };
}

async function spoolOf(
  stream: Readable,
  name: string,
  { signal, spoolFolder }: StreamOptions,
  chunkSize: number,
): Promise<Bytes> {
  try {
    return await Spool.of(signal ? addAbortSignal(signal, stream) : stream, {
      name,
      chunkSize,
      ...(spoolFolder !== undefined && { folder: spoolFolder }),
    });
  } finally {
    stream.destroy();
  }
}

type OpenedPath = { readonly handle: FileHandle; readonly isFile: boolean } | { fifo: Readable };

async function openPath(file: string, signal: AbortSignal | undefined): Promise<OpenedPath> {
  try {
    const found = await stat(file);
    if (found.isFIFO()) return { fifo: await readFifo(file, signal) };
    if (!found.isDirectory()) return { handle: await open(file), isFile: found.isFile() };
  } catch (error) {
    throw notOpened(file, error);
  }
  throw isFolder(file);
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
