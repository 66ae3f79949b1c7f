import { constants, open as openDescriptor } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Socket } from 'node:net';
import { platform } from 'node:os';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

import { systemCode } from './error.js';

const withoutWaiting = constants.O_RDONLY | constants.O_NONBLOCK;

const chunkBytes = 64 * 1024;
/** Between two looks at a FIFO that has nothing; each is twice as long as the one before. */
const shortestPauseMs = 1;
const longestPauseMs = 50;

/**
 * Reads a FIFO: waits until somebody writes to it, and ends when the last of them is gone. Nothing
 * waits in a call of the system, out of which no signal brings a process but SIGKILL. Rejects with
 * what the system says.
 * @param signal ends the wait: the stream fails with an AbortError.
 */
export async function readFifo(path: string, signal?: AbortSignal): Promise<Readable> {
  // Only Linux tells who waits that the last writer is gone.
  if (platform() !== 'linux') return lookedAt(await open(path, withoutWaiting), signal);
  const fd = await promisify(openDescriptor)(path, withoutWaiting);
  return new Socket({ fd, readable: true, writable: false, ...(signal && { signal }) });
}

/**
 * Reads a FIFO by looking at it now and then. Who opens and closes it between two looks without a
 * word is not noticed. Takes the handle over.
 * @param fifo opened with O_NONBLOCK
 */
export function lookedAt(fifo: FileHandle, signal?: AbortSignal): Readable {
  return Readable.from(chunksOf(fifo, signal));
}

async function* chunksOf(
  fifo: FileHandle,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer, void, undefined> {
  try {
    // A pipe without a name, which is on no device, had a writer from the beginning.
    let hadWriter = (await fifo.stat()).dev === 0;
    let pauseMs = shortestPauseMs;
    for (;;) {
      const chunk = await look(fifo);
      if (chunk !== 'nobody') hadWriter = true;
      else if (hadWriter) return;
      if (typeof chunk === 'string') {
        await setTimeout(pauseMs, undefined, { signal });
        pauseMs = Math.min(2 * pauseMs, longestPauseMs);
      } else {
        pauseMs = shortestPauseMs;
        yield chunk;
      }
    }
  } finally {
    await fifo.close();
  }
}

/** What is there, or whether there is somebody who may still write. */
async function look(fifo: FileHandle): Promise<Buffer | 'nobody' | 'nothing'> {
  const buffer = Buffer.allocUnsafeSlow(chunkBytes);
  try {
    const { bytesRead } = await fifo.read(buffer, 0, buffer.length, null);
    return bytesRead === 0 ? 'nobody' : buffer.subarray(0, bytesRead);
  } catch (error) {
    if (systemCode(error) === 'EAGAIN') return 'nothing';
    throw error;
  }
}
