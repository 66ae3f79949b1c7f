import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';

import { TextFile } from '../../files/text-file.js';
import { rowsClass } from './data.js';
import { dataScript, html } from './html.js';
import { blockOf } from './row-block.js';
import type { PageRow } from './row-block.js';

const rowsPerBlock = 4_000;

/** Rows on their way into the page: on the disk, as they will stand in it. Mode 0600. */
export class RowSpool {
  readonly #path: string;
  readonly #text: TextFile;
  readonly #most: number;
  #block: PageRow[] = [];
  #count = 0;
  #isClosed = false;

  private constructor(path: string, text: TextFile, most: number) {
    this.#path = path;
    this.#text = text;
    this.#most = most;
  }

  /** @param most takes so many rows and leaves out the rest. */
  static async create(path: string, most: number): Promise<RowSpool> {
    await rm(path, { force: true });
    return new RowSpool(path, await TextFile.create(path), most);
  }

  /** Rows that were offered, those that were left out included. */
  get offered(): number {
    return this.#count;
  }

  /** Rows that are in. */
  get count(): number {
    return Math.min(this.#count, this.#most);
  }

  /** @param row asked for only where there is room for it. */
  add(row: () => PageRow): void {
    this.#count++;
    if (this.#count > this.#most) return;
    this.#block.push(row());
    if (this.#block.length === rowsPerBlock) this.#endBlock();
  }

  /** Writes what waits, once it is worth a call. */
  drain(): Promise<void> {
    return this.#text.drain();
  }

  async finish(): Promise<void> {
    this.#endBlock();
    await this.#text.finish();
    this.#isClosed = true;
  }

  /** What was written, once it is finished. */
  read(): AsyncIterable<string> {
    return createReadStream(this.#path, 'utf8');
  }

  async remove(): Promise<void> {
    if (!this.#isClosed) await this.#text.abandon();
    this.#isClosed = true;
    await rm(this.#path, { force: true });
  }

  #endBlock(): void {
    if (this.#block.length === 0) return;
    this.#text.add(dataScript(html`class="${rowsClass}"`, blockOf(this.#block)).text);
    this.#block = [];
  }
}
