import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Position, Source } from '../../src/source/index.js';
import { file, opened, plain } from './files.js';

const TEXT = `a,名\r\n\r\n${Array.from(
  { length: 400 },
  (_, n) => `${n},"é😀\r\n${n}"${n % 3 === 0 ? '\r\n\r\n' : n % 3 === 1 ? '\n' : '\r'}`,
).join('')}last,one`;

async function rowsFrom(source: Source, from?: Position) {
  const rows = [];
  for await (const batch of source.read(from && { from })) rows.push(...plain(batch));
  return rows;
}

describe('a position', () => {
  const forms: [string, string | Buffer][] = [
    ['UTF-8', TEXT],
    ['UTF-8 with a mark', `\uFEFF${TEXT}`],
    ['after a sep= line', `sep=,\r\n${TEXT}`],
    ['gzip', gzipSync(TEXT)],
    ['UTF-16', Buffer.from(`\uFEFF${TEXT}`, 'utf16le')],
  ];

  it.each(forms)('goes on with exactly the rest: %s', async (_, content) => {
    const source = await opened(file(content), { chunkSize: 512 });
    const all = await rowsFrom(source);
    expect(all.length).toBe(401);
    let seen = 0;
    for await (const { start, end, rows } of source.read()) {
      expect(start.row).toBe(seen);
      expect(start.line).toBeLessThanOrEqual(rows[0]?.line ?? 0);
      expect(await rowsFrom(source, start)).toEqual(all.slice(seen));
      seen += rows.length;
      expect(end.row).toBe(seen);
      expect(await rowsFrom(source, end)).toEqual(all.slice(seen));
    }
    expect(seen).toBe(401);
  });

  it('holds whatever the chunks are', async () => {
    const coarse = await opened(file(TEXT), { chunkSize: 1000 });
    const fine = await opened(file(TEXT), { chunkSize: 1 });
    const all = await rowsFrom(coarse);
    for await (const { start } of fine.read()) {
      expect((await rowsFrom(coarse, start))[0]).toEqual(all[start.row]);
    }
  });

  it('in a plain file is gone to, not read up to', async () => {
    const source = await opened(file(TEXT), { chunkSize: 512 });
    let last: Position | undefined;
    for await (const { start } of source.read()) last = start;
    const pass = source.read(last && { from: last });
    const iterator = pass[Symbol.asyncIterator]();
    await iterator.next();
    expect(last?.offset).toBeGreaterThan(5000);
    expect(pass.bytesRead).toBeGreaterThan(last?.offset ?? 0);
    expect(pass.rows).toBeLessThan(30);
    expect(source.totals?.rows).toBe(401);
  });

  it('in a stream works as long as it is open, from the middle of a cipher block too', async () => {
    const source = await opened('-', { stdin: Readable.from([TEXT]), chunkSize: 77 });
    const all = await rowsFrom(source);
    const within = new Set<number>();
    for await (const { start } of source.read()) {
      within.add(start.offset % 16);
      expect(await rowsFrom(source, start)).toEqual(all.slice(start.row));
    }
    expect(within.size).toBeGreaterThan(4);
  });

  it('beyond the end is a mistake of the caller', async () => {
    for (const content of [TEXT, gzipSync(TEXT)]) {
      const source = await opened(file(content));
      await expect(rowsFrom(source, { offset: 1e6, line: 9, row: 9 })).rejects.toThrow(
        /beyond the end/,
      );
      expect(() => source.read({ from: { offset: -1, line: 1, row: 0 } })).toThrow(/is none/);
    }
  });
});
