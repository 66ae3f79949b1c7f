import { join } from 'node:path';

import type { RowResult } from '../../apply/result.js';
import { notFine } from '../not-fine.js';
import { maskedName, maskedText } from './mask.js';
import type { PageRow } from './row-block.js';
import { RowSpool } from './row-spool.js';
import { TroubleTally } from './troubles.js';
import type { Trouble } from './troubles.js';

/** Rows that a page holds at most: more would make it slow to open. */
const mostPageRows = 200_000;

/** The rows that are in a page, and why not all of them are. */
export interface EmbeddedRows {
  readonly total: number;
  readonly embedded: number;
  readonly which: 'all' | 'not-fine' | 'some-not-fine';
}

interface PageRowsOptions {
  /** Masks usernames, and addresses in messages. */
  readonly mask: boolean;
  /** Default `mostPageRows`. */
  readonly most?: number;
}

/**
 * Collects the rows of a page while the other reports are written. They wait on the disk: all of
 * them, as long as they are few enough, and those that are not fine.
 */
export class PageRows {
  readonly #mask: boolean;
  readonly #most: number;
  readonly #all: RowSpool;
  readonly #notFine: RowSpool;
  readonly #troubles = new TroubleTally();

  private constructor(all: RowSpool, unfine: RowSpool, mask: boolean, most: number) {
    this.#all = all;
    this.#notFine = unfine;
    this.#mask = mask;
    this.#most = most;
  }

  static async create(
    folder: string,
    { mask, most = mostPageRows }: PageRowsOptions,
  ): Promise<PageRows> {
    const all = await RowSpool.create(join(folder, 'report.html.rows.part'), most);
    try {
      const unfine = await RowSpool.create(join(folder, 'report.html.rejects.part'), most);
      return new PageRows(all, unfine, mask, most);
    } catch (error) {
      await all.remove();
      throw error;
    }
  }

  add(result: RowResult & { readonly at?: number }): void {
    const row = (): PageRow => this.#shown(result);
    this.#all.add(row);
    if (!notFine.has(result.status)) return;
    this.#notFine.add(row);
    this.#troubles.add(result, this.#messageOf(result));
  }

  /** Writes what waits; to be called now and then, so that memory does not grow with the file. */
  async drain(): Promise<void> {
    await this.#all.drain();
    await this.#notFine.drain();
  }

  async finish(): Promise<void> {
    await this.#all.finish();
    await this.#notFine.finish();
  }

  async remove(): Promise<void> {
    await this.#all.remove();
    await this.#notFine.remove();
  }

  /** The most frequent first. */
  get troubles(): readonly Trouble[] {
    return this.#troubles.troubles;
  }

  get isMasked(): boolean {
    return this.#mask;
  }

  get embedded(): EmbeddedRows {
    const total = this.#all.offered;
    if (total <= this.#most) return { total, embedded: total, which: 'all' };
    const { offered, count } = this.#notFine;
    return { total, embedded: count, which: offered === count ? 'not-fine' : 'some-not-fine' };
  }

  /** The rows as they stand in the page, once all were taken. */
  read(): AsyncIterable<string> {
    return this.embedded.which === 'all' ? this.#all.read() : this.#notFine.read();
  }

  #shown(result: RowResult & { readonly at?: number }): PageRow {
    const { line, username, status, code = '', steps, attempts, at } = result;
    return {
      line,
      username: this.#mask ? maskedName(username) : username,
      status,
      code,
      message: this.#messageOf(result),
      steps: steps.join(' + '),
      attempts,
      at: at === undefined ? undefined : Math.round(at / 1_000),
    };
  }

  #messageOf({ message = '', username }: RowResult): string {
    return this.#mask ? maskedText(message, username) : message;
  }
}
