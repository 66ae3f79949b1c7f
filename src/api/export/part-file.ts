import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';

import { AppendError, AppendFile } from '../../files/append-file.js';
import { isThere } from '../../files/is-there.js';
import { LockedError, takeLock } from '../../journal/lock.js';
import { Census } from './export-census.js';
import { linesOf, pageFrom, parseLine } from './export-page.js';
import type { ExportPage } from './export-page.js';
import type { PageStore } from './page-store.js';
import { shown } from '../../source/error.js';
import { Refusal } from '../refusal.js';

/** Pages that may wait for a flush, so that a fast pool does not wait for the disk at each. */
const pagesPerFlush = 16;
const longestMs = 24 * 3_600_000;

/** Of which pool the pages are, and since when they were read. */
export interface PartHead {
  readonly export: 'cognito-bulk';
  readonly version: 1;
  readonly pool: string;
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * What an export to a file has read so far: `FILE.part`, mode 0600, a line for each page. A page and
 * where its list goes on stand in one line, so that a process that is killed loses a few pages and
 * repeats none. Only one process at a time can have it.
 */
export class PartFile implements PageStore {
  /** Where it is. */
  readonly path: string;
  readonly #output: string;
  readonly #head: PartHead;
  readonly #release: () => Promise<void>;
  #file: AppendFile;
  #census: Census;
  #waiting = 0;
  #closed = false;

  private constructor(
    output: string,
    head: PartHead,
    file: AppendFile,
    census: Census,
    release: () => Promise<void>,
  ) {
    this.path = partOf(output);
    this.#output = output;
    this.#head = head;
    this.#file = file;
    this.#census = census;
    this.#release = release;
  }

  /**
   * Opens what an earlier process left, or a new one. Throws a `Refusal` where the output is there
   * already, can't be written, is being written, or has a part of something else beside it.
   */
  static async open(output: string, head: PartHead): Promise<PartFile> {
    const path = partOf(output);
    const release = await lock(output);
    try {
      if (await isThere(output)) {
        throw new TakenName(
          `${output} is there already and is not overwritten: name another file.`,
        );
      }
      const before = (await isThere(path)) ? await readPart(path, head) : undefined;
      const file = await AppendFile.open(path, before ?? 'create');
      if (before === undefined || before.length === 0) await begin(file, head);
      return new PartFile(output, head, file, before?.census ?? new Census(), release);
    } catch (error) {
      await release();
      // Nobody else takes the lock of a file that is there.
      if (error instanceof TakenName) await rm(lockOf(output), { force: true });
      throw refusal(output, error);
    }
  }

  get census(): Census {
    return this.#census;
  }

  /** Rejects with a `Refusal` where the disk is full. */
  async keep(pages: AsyncIterable<ExportPage>): Promise<void> {
    try {
      for await (const page of pages) {
        this.#file.append(JSON.stringify(page));
        if (++this.#waiting % pagesPerFlush === 0) await this.#file.flush();
      }
      await this.#file.flush();
    } catch (error) {
      throw error instanceof AppendError ? refusal(this.path, error) : error;
    }
  }

  async restart(): Promise<void> {
    await this.#file.close();
    this.#file = await AppendFile.open(this.path, { length: 0 });
    this.#census = new Census();
    await begin(this.#file, this.#head);
  }

  async *lines(): AsyncGenerator<string> {
    let isHead = true;
    for await (const line of linesOf(createReadStream(this.path))) {
      if (!isHead) yield line;
      isHead = false;
    }
  }

  /** Leaves what was read for another time; where nothing was, leaves nothing. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#file.close().catch(() => undefined); // a full disk was told already
    if (this.#census.isEmpty) await rm(this.path, { force: true });
    await this.#release();
    if (this.#census.isEmpty) await rm(lockOf(this.#output), { force: true });
  }

  /** Leaves nothing behind: the output is there. */
  async remove(): Promise<void> {
    await this.close();
    await rm(this.path, { force: true });
    await rm(lockOf(this.#output), { force: true });
  }
}

/** The output is there. */
class TakenName extends Refusal {}

async function begin(file: AppendFile, head: PartHead): Promise<void> {
  file.append(JSON.stringify(head));
  await file.flush();
}

function partOf(output: string): string {
  return `${output}.part`;
}

function lockOf(output: string): string {
  return `${output}.part.lock`;
}

async function lock(output: string): Promise<() => Promise<void>> {
  try {
    return await takeLock(lockOf(output));
  } catch (error) {
    if (!(error instanceof LockedError)) throw refusal(output, error);
    throw new Refusal(`${output} is being written already: ${error.message}.`);
  }
}

/** Reads what is there, up to the first line that a crash tore. */
async function readPart(
  path: string,
  head: PartHead,
): Promise<{ readonly length: number; readonly census: Census }> {
  const census = new Census();
  let length = 0;
  for await (const line of linesOf(createReadStream(path))) {
    if (length === 0) checkHead(path, parseLine(line), head);
    else {
      const page = pageFrom(line);
      if (!page) break;
      census.take(page);
    }
    length += Buffer.byteLength(line) + 1;
  }
  if (length === 0 && (await stat(path)).size > 0) throw foreign(path, 'something else');
  return { length, census };
}

function checkHead(path: string, found: unknown, { pool, region, at }: PartHead): void {
  if (!isHead(found)) throw foreign(path, 'something else');
  if (found.pool !== pool || found.region !== region) {
    throw foreign(path, `what was read of pool ${shown(found.pool)}`);
  }
  // Who was read then and who is read now would be two different pools.
  if (at - found.at > longestMs) throw foreign(path, 'what was read more than a day ago');
}

function isHead(value: unknown): value is PartHead {
  if (typeof value !== 'object' || value === null) return false;
  const { export: by, version, pool, region, at } = value as Partial<PartHead>;
  const isText = typeof pool === 'string' && typeof region === 'string';
  return by === 'cognito-bulk' && version === 1 && isText && typeof at === 'number';
}

function foreign(path: string, what: string): Refusal {
  return new Refusal(
    `${path} holds ${what}: delete it or move it away, then give the command again.`,
  );
}

/** What a failing file system says, as one sentence; other errors as they are. */
export function refusal(path: string, error: unknown): unknown {
  if (error instanceof AppendError) {
    return new Refusal(`${error.message}: make room, or mend the disk.`);
  }
  if (!(error instanceof Error && 'code' in error) || error instanceof Refusal) return error;
  return new Refusal(
    `${path} can't be written (${String(error.code)}): name a file in a folder that has room and can be written.`,
  );
}
