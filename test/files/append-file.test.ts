import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { AppendError, AppendFile } from '../../src/files/append-file.js';
import { temporaryFolder } from '../support/folder.js';

/** What every open file does, so that it can be watched and made to fail. */
async function fileMethods(): Promise<FileHandle> {
  const probe = await open(import.meta.filename, 'r');
  await probe.close();
  return Object.getPrototypeOf(probe) as FileHandle;
}

const numbers = (count: number): string[] => Array.from({ length: count }, (_, n) => `line ${n}`);
const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

async function newFile(): Promise<{ file: AppendFile; path: string }> {
  const path = join(temporaryFolder(), 'journal.jsonl');
  const file = await AppendFile.open(path, 'create');
  onTestFinished(() => file.close().catch(() => undefined));
  return { file, path };
}

describe('a file that lines are added to', () => {
  it('has them in order, for its owner only', async () => {
    const { file, path } = await newFile();
    for (const line of numbers(100)) file.append(line);
    await file.flush();
    expect(readFileSync(path, 'utf8')).toBe(textOf(numbers(100)));
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('says at which byte each starts, also past letters of several bytes', async () => {
    const { file, path } = await newFile();
    const lines = ['é', '漢字', '🙂x', 'a'];
    const starts = lines.map((line) => file.append(line));
    await file.flush();
    const bytes = readFileSync(path);
    expect(
      starts.map((at, n) => bytes.toString('utf8', at, starts[n + 1] ?? bytes.length)),
    ).toEqual(lines.map((line) => `${line}\n`));
  });

  it('is never one that was there already', async () => {
    const { path } = await newFile();
    await expect(AppendFile.open(path, 'create')).rejects.toMatchObject({ code: 'EEXIST' });
  });

  it('goes on after so many bytes, and cuts off what follows', async () => {
    const { file, path } = await newFile();
    await file.close();
    writeFileSync(path, 'whole\ntor');
    const again = await AppendFile.open(path, { length: 6 });
    expect(again.append('next')).toBe(6);
    await again.close();
    expect(readFileSync(path, 'utf8')).toBe('whole\nnext\n');
  });

  it('gathers what many write at once into a few flushes, and each finds its own line', async () => {
    const { file, path } = await newFile();
    const methods = await fileMethods();
    const datasync = vi.spyOn(methods, 'datasync');
    onTestFinished(() => {
      datasync.mockRestore();
    });
    const write = async (line: string): Promise<boolean> => {
      file.append(line);
      await file.flush();
      return readFileSync(path, 'utf8').includes(`${line}\n`);
    };
    const found: boolean[] = [];
    for (let wave = 0; wave < 20; wave++) {
      const some = numbers(100).map((line) => write(`wave ${wave} ${line}`));
      found.push(...(await Promise.all(some)));
    }
    expect(found.every(Boolean)).toBe(true);
    expect(found).toHaveLength(2_000);
    expect(datasync.mock.calls.length).toBeLessThanOrEqual(40);
  });

  it('gives each writer its line back, however the flushes overlap', async () => {
    const { file, path } = await newFile();
    const write = async (n: number): Promise<void> => {
      for (let turn = 0; turn < n % 7; turn++) await new Promise(setImmediate);
      file.append(`line ${n}`);
      await file.flush();
      expect(readFileSync(path, 'utf8')).toContain(`line ${n}\n`);
    };
    await Promise.all(Array.from({ length: 200 }, (_, n) => write(n)));
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(201);
  });

  it('is not flushed for nothing', async () => {
    const { file } = await newFile();
    const datasync = vi.spyOn(await fileMethods(), 'datasync');
    onTestFinished(() => {
      datasync.mockRestore();
    });
    await file.flush();
    await file.flush();
    expect(datasync).not.toHaveBeenCalled();
  });

  it('asks what ends each group, and says how much is on the disk by then', async () => {
    const path = join(temporaryFolder(), 'journal.jsonl');
    const last = ['first', undefined, 'second', 'third', undefined];
    const asked: [number, boolean][] = [];
    const file = await AppendFile.open(path, 'create', (flushed, isEmpty) => {
      asked.push([flushed, isEmpty]);
      return last.shift();
    });
    file.append('a');
    await file.flush();
    file.append('b');
    await file.flush();
    file.append('c');
    await file.flush();
    await file.flush();
    await file.close();
    expect(readFileSync(path, 'utf8')).toBe('a\nfirst\nb\nc\nsecond\nthird\n');
    const flushed = [0, 8, 10, 19, 25];
    expect(asked).toEqual(flushed.map((bytes, n) => [bytes, n > 2]));
  });

  it('never has more than a mebibyte unflushed, one longer line apart', async () => {
    const { file, path } = await newFile();
    const methods = await fileMethods();
    const whole = Reflect.get(methods, 'datasync');
    const sizes: number[] = [];
    const spy = vi.spyOn(methods, 'datasync').mockImplementation(function (this: FileHandle) {
      sizes.push(statSync(path).size);
      return whole.call(this);
    });
    onTestFinished(() => {
      spy.mockRestore();
    });
    const lines = Array.from({ length: 50 }, (_, n) => `${n}`.repeat(50_000));
    lines.splice(20, 0, 'x'.repeat(3_000_000));
    for (const line of lines) file.append(line);
    await file.flush();
    expect(readFileSync(path, 'utf8') === textOf(lines)).toBe(true);
    const groups = sizes.map((size, n) => size - (sizes[n - 1] ?? 0));
    expect(groups.filter((bytes) => bytes > 1 << 20)).toEqual([3_000_001]);
    expect(groups.length).toBeLessThan(10);
  });

  it('is whole once it is closed, and takes nothing any more', async () => {
    const { file, path } = await newFile();
    file.append('before');
    await file.close();
    file.append('after');
    await file.flush().catch(() => undefined);
    await file.close();
    expect(readFileSync(path, 'utf8')).toBe('before\n');
  });

  it('writes what the disk takes in pieces', async () => {
    const { file, path } = await newFile();
    const methods = await fileMethods();
    const whole = Reflect.get(methods, 'write') as (...args: unknown[]) => Promise<unknown>;
    const inPieces = function (this: FileHandle, ...args: [Buffer, number, number, number]) {
      const [bytes, offset, length, position] = args;
      return whole.call(this, bytes, offset, Math.min(length, 3), position);
    };
    const spy = vi.spyOn(methods, 'write').mockImplementation(inPieces as never);
    onTestFinished(() => {
      spy.mockRestore();
    });
    for (const line of numbers(5)) file.append(line);
    await file.flush();
    expect(readFileSync(path, 'utf8')).toBe(textOf(numbers(5)));
  });

  it.each(['write', 'datasync'] as const)(
    'fails for good when the disk fails at its %s: nothing is written any more',
    async (method) => {
      const { file, path } = await newFile();
      file.append('good');
      await file.flush();
      const methods = await fileMethods();
      const spy = vi
        .spyOn(methods, method)
        .mockRejectedValue(new Error('ENOSPC: no space left on device'));
      file.append('lost');
      const waiting = [file.flush(), file.flush()];
      for (const one of waiting) await expect(one).rejects.toBeInstanceOf(AppendError);
      spy.mockRestore();
      const size = statSync(path).size;
      file.append('later');
      await expect(file.flush()).rejects.toThrow(/journal\.jsonl can't be written: ENOSPC/);
      await expect(file.close()).rejects.toBeInstanceOf(AppendError);
      expect(statSync(path).size).toBe(size);
    },
  );

  it('gets its lines to the disk by itself after a while', async () => {
    const { file, path } = await newFile();
    file.append('nobody waits for me');
    await vi.waitFor(
      () => {
        expect(readFileSync(path, 'utf8')).toBe('nobody waits for me\n');
      },
      { timeout: 5_000, interval: 20 },
    );
  });
});
