import type * as NodeCrypto from 'node:crypto';
import type * as NodeFs from 'node:fs';
import type * as NodeFsPromises from 'node:fs/promises';

import type { MemoryDisk } from './memory-disk.js';
import type { ModelFile } from './model-file.js';

/** Paths that start so lead to the memory disk. */
export const diskPrefix = 'disk:';

/** The disk of the case that runs now. */
export const modelDisk: { current: MemoryDisk | undefined } = { current: undefined };

/** What the run of the case that runs now has as its file. */
export const modelFile: { current: ModelFile | undefined } = { current: undefined };

function diskFor(path: unknown): { readonly disk: MemoryDisk; readonly path: string } | undefined {
  const { current } = modelDisk;
  return current && typeof path === 'string' && path.startsWith(diskPrefix)
    ? { disk: current, path }
    : undefined;
}

/** node:fs/promises with the memory disk in it. */
export function promises(actual: typeof NodeFsPromises): object {
  return {
    ...actual,
    open: (path: string, flags: string, mode?: number) =>
      diskFor(path)?.disk.open(path, flags) ?? actual.open(path, flags, mode),
    rename: (from: string, to: string) =>
      diskFor(from)?.disk.rename(from, to) ?? actual.rename(from, to),
    stat: (path: string) =>
      diskFor(path) ? Promise.resolve({ isFile: () => true }) : actual.stat(path),
    lstat: (path: string) => diskFor(path)?.disk.lstat(path) ?? actual.lstat(path),
    rm: (path: string, options?: object) =>
      diskFor(path)?.disk.rm(path) ?? actual.rm(path, options),
  };
}

/** node:fs with the memory disk in it. */
export function fs(actual: typeof NodeFs): object {
  const opened = new Map<number, { readonly disk: MemoryDisk; readonly path: string }>();
  let descriptor = -1;
  return {
    ...actual,
    createReadStream: (path: string, options?: 'utf8' | { readonly encoding?: 'utf8' }) => {
      const encoding = typeof options === 'string' ? options : options?.encoding;
      return diskFor(path)?.disk.read(path, encoding) ?? actual.createReadStream(path, options);
    },
    openSync: (path: string, flags: string) => {
      const found = diskFor(path);
      if (!found) return actual.openSync(path, flags);
      opened.set(--descriptor, found);
      return descriptor;
    },
    readSync: (from: number, into: Buffer, offset: number, length: number, position: number) => {
      const found = opened.get(from);
      return found
        ? found.disk.readSync(found.path, into, position)
        : actual.readSync(from, into, offset, length, position);
    },
    closeSync: (from: number) => {
      if (!opened.delete(from)) actual.closeSync(from);
    },
  };
}

/** node:crypto whose passwords are the same at every run of a case. */
export function crypto(actual: typeof NodeCrypto): object {
  return {
    ...actual,
    randomInt: (bound: number) => modelDisk.current?.randomInt(bound) ?? actual.randomInt(bound),
  };
}
