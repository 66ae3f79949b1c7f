import { SourceError } from '../../source/index.js';
import { Spool } from '../../source/spool.js';
import { Census } from './export-census.js';
import { lineOf, linesOf } from './export-page.js';
import type { ExportPage } from './export-page.js';
import { Refusal } from '../refusal.js';

/** Where the pages of a pool are kept until all of them were read. */
export interface PageStore {
  /** What is known from the pages that are kept. */
  readonly census: Census;
  /** Keeps pages that the census has taken. Rejects with what the iteration throws. */
  keep(pages: AsyncIterable<ExportPage>): Promise<void>;
  /** Forgets all pages. */
  restart(): Promise<void>;
  /** The pages as lines, once all are kept. */
  lines(): AsyncIterable<string>;
  close(): Promise<void>;
}

const chunkSize = 256 * 1_024;

/** Keeps pages encrypted in a temporary file without a name, for an export that no other goes on with. */
export class TemporaryStore implements PageStore {
  #census = new Census();
  #spool: Spool | undefined;

  get census(): Census {
    return this.#census;
  }

  async keep(pages: AsyncIterable<ExportPage>): Promise<void> {
    const reading = new LinesOfPages(pages);
    try {
      this.#spool = await Spool.of(reading, { name: 'the pool', chunkSize });
    } catch (error) {
      // The spool would tell of a stream that broke off.
      throw reading.failure ?? spoolRefusal(error);
    }
  }

  restart(): Promise<void> {
    this.#census = new Census();
    return Promise.resolve();
  }

  lines(): AsyncIterable<string> {
    if (!this.#spool) throw new Error('nothing was kept');
    return linesOf(this.#spool.chunks(0));
  }

  async close(): Promise<void> {
    await this.#spool?.close();
  }
}

/** Pages as lines, and what went wrong with them. */
class LinesOfPages {
  failure: unknown;
  readonly #pages: AsyncIterable<ExportPage>;

  constructor(pages: AsyncIterable<ExportPage>) {
    this.#pages = pages;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string, void, undefined> {
    try {
      for await (const page of this.#pages) yield lineOf(page);
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }
}

function spoolRefusal(error: unknown): unknown {
  if (!(error instanceof SourceError)) return error;
  const { code } = (error.cause ?? {}) as { readonly code?: unknown };
  return new Refusal(
    `No temporary copy of the pool can be kept (${String(code)}): set TMPDIR to a folder with room, or give --output FILE.`,
  );
}
