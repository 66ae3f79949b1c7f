import { execFileSync } from 'node:child_process';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import type { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';

import { lookedAt, readFifo } from '../../src/source/fifo.js';
import { temporaryFolder } from '../support/folder.js';

function newFifo(): string {
  const path = join(temporaryFolder(), 'fifo');
  execFileSync('mkfifo', [path]);
  return path;
}

function openedBy(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | constants.O_NONBLOCK);
}

async function textOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const readers: readonly [string, (path: string, signal?: AbortSignal) => Promise<Readable>][] = [
  ['as this system tells of it', readFifo],
  ['looked at', async (path, signal) => lookedAt(await openedBy(path), signal)],
];

describe.skipIf(process.platform === 'win32').each(readers)('a FIFO, %s', (_, read) => {
  it('is waited for, and read until its last writer is gone', async () => {
    const path = newFifo();
    const reading = textOf(await read(path));
    const text = 'one of many lines\n'.repeat(30_000);
    const [first, second] = await Promise.all([open(path, 'w'), open(path, 'w')]);
    await first.writeFile(text);
    await first.close();
    await second.writeFile('the last\n');
    await second.close();
    expect(await reading).toBe(`${text}the last\n`);
  });

  it.each(['nobody', 'somebody'])('is let go while %s writes to it', async (who) => {
    const path = newFifo();
    const controller = new AbortController();
    const stream = await read(path, controller.signal);
    const writer = who === 'somebody' ? await open(path, 'w') : undefined;
    const chunks: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]();
    if (writer) {
      await writer.writeFile('some of it\n');
      expect(String((await chunks.next()).value)).toBe('some of it\n');
    }
    const next = chunks.next();
    controller.abort();
    await expect(next).rejects.toMatchObject({ name: 'AbortError' });
    await writer?.close();
  });
});
