import type * as NodeFs from 'node:fs';
import type * as NodeFsPromises from 'node:fs/promises';

import type { MemoryDisk } from './memory-disk.js';

/** Paths that start so lead to the memory disk. */
export const diskPrefix = 'disk:';

/** The disk of the case that runs now. */
export const modelDisk: { current: MemoryDisk | undefined } = { current: undefined };

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
  };
}

/** node:fs with the memory disk in it. */
export function fs(actual: typeof NodeFs): object {
  const opened = new Map<number, { readonly disk: MemoryDisk; readonly path: string }>();
  let descriptor = -1;
  return {
    ...actual,
    createReadStream: (path: string, options?: object) =>
      diskFor(path)?.disk.read(path) ?? actual.createReadStream(path, options),
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
