import process from 'node:process';

import type { Clock } from '../../src/apply/clock.js';

/** Small, so that a few lines are torn in many ways. */
const sectorBytes = 64;
/** Small, so that lines are read in pieces. */
const bytesAtOnce = 1_000;

interface StoredFile {
  /** What processes see. */
  cached: Buffer;
  /** What a power cut leaves for sure. */
  durable: Buffer;
  /** Whether the folder that names it was flushed. */
  named: boolean;
}

/** A file has another name, and the folder that says so was not flushed since. */
interface Renaming {
  readonly from: string;
  readonly to: string;
  readonly file: StoredFile;
  /** What was there by that name. */
  readonly replaced: StoredFile | undefined;
}

/**
 * A disk in memory that tells what was written from what was flushed. What it is asked for takes a
 * little of the clock's time; a process that died gets no answer any more, and changes nothing.
 */
export class MemoryDisk {
  readonly #files = new Map<string, StoredFile>();
  /** In the order in which they were done. */
  #renamings: Renaming[] = [];
  readonly #clock: Clock;
  readonly #random: () => number;
  /** Grows with each crash; handles of an earlier one are dead. */
  #life = 0;
  /** Called at each write, flush and cut, before it is done. */
  onOperation: () => void = () => undefined;

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  randomInt(bound: number): number {
    return Math.floor(this.#random() * bound);
  }

  has(path: string): boolean {
    return this.#files.has(path);
  }

  /** The paths of all files. */
  get paths(): readonly string[] {
    return [...this.#files.keys()].sort();
  }

  remove(path: string): void {
    this.#files.delete(path);
  }

  /** What processes read in a file; empty where there is none. */
  text(path: string): string {
    return this.#files.get(path)?.cached.toString('utf8') ?? '';
  }

  /** What of a file a power cut would leave for sure. */
  durableText(path: string): string {
    const renaming = this.#renamings.find(({ to }) => to === path);
    const file = renaming ? renaming.replaced : this.#files.get(path);
    return file?.named === true ? file.durable.toString('utf8') : '';
  }

  /** As `open` of node:fs/promises, for files and for the folder that they are in. */
  async open(path: string, flags: string): Promise<DiskHandle> {
    const life = this.#life;
    await this.#step(life);
    let file = this.#files.get(path);
    if (flags === 'r') return file ? this.#handle(file, life) : this.#folder(life);
    if (flags === 'ax' || flags === 'wx') {
      if (file) throw Object.assign(new Error('EEXIST'), { code: 'EEXIST' });
      file = { cached: Buffer.alloc(0), durable: Buffer.alloc(0), named: false };
      this.#files.set(path, file);
    }
    if (flags === 'w') {
      file ??= { cached: Buffer.alloc(0), durable: Buffer.alloc(0), named: false };
      file.cached = Buffer.alloc(0);
      this.#files.set(path, file);
    }
    if (!file) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
    return this.#handle(file, life);
  }

  /**
   * As `rename` of node:fs/promises: at once, or not at all. Until the folder is flushed, a power cut
   * may take it back.
   */
  async rename(from: string, to: string): Promise<void> {
    const life = this.#life;
    await this.#step(life);
    const file = this.#existing(from);
    this.#renamings.push({ from, to, file, replaced: this.#files.get(to) });
    this.#files.set(to, file);
    this.#files.delete(from);
  }

  /** As `lstat` of node:fs/promises, for files that this process has made. */
  async lstat(path: string): Promise<object> {
    const life = this.#life;
    await this.#step(life);
    const { cached } = this.#existing(path);
    return { isFile: () => true, uid: process.getuid?.(), mode: 0o600, size: cached.length };
  }

  /** As `rm` of node:fs/promises. */
  async rm(path: string): Promise<void> {
    const life = this.#life;
    await this.#step(life);
    this.remove(path);
  }

  /** As `createReadStream` of node:fs, for a loop over it; texts where there is an encoding. */
  async *read(path: string, encoding?: 'utf8'): AsyncGenerator<Buffer | string> {
    const life = this.#life;
    await this.#step(life);
    const { cached } = this.#existing(path);
    const whole = encoding === undefined ? cached : cached.toString(encoding);
    for (let at = 0; at < whole.length; at += bytesAtOnce) {
      yield whole.slice(at, at + bytesAtOnce);
    }
  }

  /** As `readSync` of node:fs. */
  readSync(path: string, into: Buffer, position: number): number {
    return this.#existing(path).cached.copy(into, 0, position);
  }

  /** The process dies; what it wrote is still there. */
  kill(): void {
    this.#life++;
  }

  /** The machine goes out: of what was not flushed, any part may be there, and zeros for the rest. */
  powerCut(): void {
    this.kill();
    this.#takeRenamingsBack();
    for (const [path, file] of this.#files) {
      if (!file.named && this.#random() < 0.5) {
        this.#files.delete(path);
        continue;
      }
      file.cached = file.durable = this.#whatIsLeft(file);
      file.named = true;
    }
  }

  /** A folder forgets what was done last, as far back as it was not flushed. */
  #takeRenamingsBack(): void {
    if (this.#renamings.length === 0) return;
    const left = Math.floor(this.#random() * (this.#renamings.length + 1));
    for (const { file } of this.#renamings.slice(0, left)) file.named = true;
    for (const { from, to, file, replaced } of this.#renamings.slice(left).reverse()) {
      this.#files.set(from, file);
      if (replaced) this.#files.set(to, replaced);
      else this.#files.delete(to);
    }
    this.#renamings = [];
  }

  #whatIsLeft({ cached, durable }: StoredFile): Buffer {
    const most = Math.max(cached.length, durable.length);
    const least = Math.min(cached.length, durable.length);
    const length = least + Math.floor(this.#random() * (most - least + 1));
    const left = Buffer.alloc(length);
    durable.copy(left);
    for (let at = 0; at < length; at += sectorBytes) {
      const end = Math.min(length, at + sectorBytes);
      const isSame =
        end <= durable.length && cached.subarray(at, end).equals(left.subarray(at, end));
      if (isSame || at >= cached.length) continue;
      if (this.#random() < 0.6) cached.copy(left, at, at, end);
    }
    return left;
  }

  #existing(path: string): StoredFile {
    const file = this.#files.get(path);
    if (!file) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
    return file;
  }

  #folder(life: number): DiskHandle {
    const sync = async (): Promise<void> => {
      await this.#step(life);
      for (const file of this.#files.values()) file.named = true;
      this.#renamings = [];
    };
    return { ...unusable, sync, close: () => this.#step(life) };
  }

  #handle(file: StoredFile, life: number): DiskHandle {
    const write = async (bytes: Buffer, position: number): Promise<void> => {
      await this.#step(life);
      const grown = Buffer.alloc(Math.max(file.cached.length, position + bytes.length));
      file.cached.copy(grown);
      bytes.copy(grown, position);
      file.cached = grown;
    };
    const flush = async (): Promise<void> => {
      const flushed = file.cached;
      await this.#step(life);
      file.durable = flushed;
    };
    return {
      ...unusable,
      chmod: () => this.#step(life),
      close: () => this.#step(life),
      truncate: async (length) => {
        await this.#step(life);
        file.cached = Buffer.from(file.cached.subarray(0, length));
      },
      write: async (bytes, offset, length, position) => {
        // Now and then the system takes a part only.
        const taken = this.#random() < 0.1 ? Math.max(1, length >> 1) : length;
        await write(bytes.subarray(offset, offset + taken), position);
        return { bytesWritten: taken };
      },
      writeFile: (bytes) => write(bytes, file.cached.length),
      read: async (buffer, offset, length, position) => {
        await this.#step(life);
        const bytesRead = file.cached.copy(buffer, offset, position, position + length);
        return { buffer, bytesRead };
      },
      stat: () => Promise.resolve({ nlink: 1 }),
      datasync: flush,
      sync: flush,
    };
  }

  async #step(life: number): Promise<void> {
    if (life === this.#life) this.onOperation();
    if (life === this.#life) await this.#clock.sleep(Math.floor(this.#random() * 4));
    if (life !== this.#life) await new Promise<never>(() => undefined);
  }
}

/** What of a file handle journals, plans and files of passwords use. */
export interface DiskHandle {
  chmod(mode: number): Promise<void>;
  truncate(length: number): Promise<void>;
  write(
    bytes: Buffer,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesWritten: number }>;
  writeFile(bytes: Buffer): Promise<void>;
  read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly buffer: Buffer; readonly bytesRead: number }>;
  datasync(): Promise<void>;
  stat(): Promise<{ readonly nlink: number }>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

const refuse = (): Promise<never> => Promise.reject(new Error('not for this kind of handle'));
const unusable: DiskHandle = {
  chmod: refuse,
  truncate: refuse,
  write: refuse,
  writeFile: refuse,
  read: refuse,
  datasync: refuse,
  stat: refuse,
  sync: refuse,
  close: refuse,
};
