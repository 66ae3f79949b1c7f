import type { Clock } from '../../src/apply/clock.js';

/** Small, so that a few lines are torn in many ways. */
const sectorBytes = 64;

interface StoredFile {
  /** What processes see. */
  cached: Buffer;
  /** What a power cut leaves for sure. */
  durable: Buffer;
  /** Whether the folder that names it was flushed. */
  named: boolean;
}

/**
 * A disk in memory that tells what was written from what was flushed. What it is asked for takes a
 * little of the clock's time; a process that died gets no answer any more, and changes nothing.
 */
export class MemoryDisk {
  readonly #files = new Map<string, StoredFile>();
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

  has(path: string): boolean {
    return this.#files.has(path);
  }

  remove(path: string): void {
    this.#files.delete(path);
  }

  /** What of a file a power cut would leave for sure. */
  durableText(path: string): string {
    const file = this.#files.get(path);
    return file?.named === true ? file.durable.toString('utf8') : '';
  }

  /** As `open` of node:fs/promises, for files and for the folder that they are in. */
  async open(path: string, flags: string): Promise<DiskHandle> {
    const life = this.#life;
    await this.#step(life);
    let file = this.#files.get(path);
    if (flags === 'ax') {
      if (file) throw Object.assign(new Error('EEXIST'), { code: 'EEXIST' });
      file = { cached: Buffer.alloc(0), durable: Buffer.alloc(0), named: false };
      this.#files.set(path, file);
    }
    if (flags === 'r') return this.#folder(life);
    if (!file) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
    return this.#handle(file, life);
  }

  /** As `createReadStream` of node:fs, for a loop over it. */
  async *read(path: string): AsyncGenerator<Buffer> {
    const life = this.#life;
    await this.#step(life);
    const { cached } = this.#existing(path);
    if (cached.length > 0) yield cached;
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
    for (const [path, file] of this.#files) {
      if (!file.named && this.#random() < 0.5) {
        this.#files.delete(path);
        continue;
      }
      file.cached = file.durable = this.#whatIsLeft(file);
      file.named = true;
    }
  }

  #whatIsLeft({ cached, durable }: StoredFile): Buffer {
    const most = Math.max(cached.length, durable.length);
    const length = durable.length + Math.floor(this.#random() * (most - durable.length + 1));
    const left = Buffer.alloc(length);
    durable.copy(left);
    for (let at = 0; at < length; at += sectorBytes) {
      const end = Math.min(length, at + sectorBytes);
      const isSame =
        end <= durable.length && cached.subarray(at, end).equals(left.subarray(at, end));
      if (!isSame && this.#random() < 0.6) cached.copy(left, at, at, end);
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
    };
    return { ...unusable, sync, close: () => this.#step(life) };
  }

  #handle(file: StoredFile, life: number): DiskHandle {
    return {
      ...unusable,
      chmod: () => this.#step(life),
      close: () => this.#step(life),
      truncate: async (length) => {
        await this.#step(life);
        file.cached = Buffer.from(file.cached.subarray(0, length));
      },
      write: async (bytes, offset, length, position) => {
        await this.#step(life);
        // Now and then the system takes a part only.
        const taken = this.#random() < 0.1 ? Math.max(1, length >> 1) : length;
        const grown = Buffer.alloc(Math.max(file.cached.length, position + taken));
        file.cached.copy(grown);
        bytes.copy(grown, position, offset, offset + taken);
        file.cached = grown;
        return { bytesWritten: taken };
      },
      stat: () => Promise.resolve({ nlink: 1 }),
      datasync: async () => {
        const flushed = file.cached;
        await this.#step(life);
        file.durable = flushed;
      },
    };
  }

  async #step(life: number): Promise<void> {
    if (life === this.#life) this.onOperation();
    if (life === this.#life) await this.#clock.sleep(Math.floor(this.#random() * 4));
    if (life !== this.#life) await new Promise<never>(() => undefined);
  }
}

/** What of a file handle the journal uses. */
export interface DiskHandle {
  chmod(mode: number): Promise<void>;
  truncate(length: number): Promise<void>;
  write(
    bytes: Buffer,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesWritten: number }>;
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
  datasync: refuse,
  stat: refuse,
  sync: refuse,
  close: refuse,
};
