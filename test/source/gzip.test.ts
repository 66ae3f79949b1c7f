import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { everything, file, opened } from './files.js';

const TEXT = `a,b\n${Array.from({ length: 5000 }, (_, n) => `${n},"é\r\n${n}"\n`).join('')}`;

describe('a gzip file', () => {
  it('is told by its first bytes, not by its name, and read like the plain one', async () => {
    const plain = await everything(file(TEXT));
    for (const [name, chunkSize] of [
      ['users.csv.gz', 100],
      ['users.csv', 777],
      ['users.csv', 256 * 1024],
    ] as const) {
      const zipped = await everything(file(gzipSync(TEXT), name), { chunkSize });
      expect(zipped).toEqual(plain);
    }
    expect(plain.rows.length).toBe(5000);
    expect((await opened(file(gzipSync(TEXT)))).dialect.gzip).toBe(true);
    expect((await opened(file('a\n', 'not.gz'))).dialect.gzip).toBe(false);
  });

  it('may have several members, an encoding, and nothing in it', async () => {
    const half = Math.floor(TEXT.length / 2);
    const two = Buffer.concat([gzipSync(TEXT.slice(0, half)), gzipSync(TEXT.slice(half))]);
    expect((await everything(file(two))).rows.length).toBe(5000);
    const wide = gzipSync(Buffer.from('\uFEFFa\n名\n', 'utf16le'));
    expect((await everything(file(wide), { chunkSize: 1 })).rows).toEqual([[2, '名']]);
    expect((await everything(file(gzipSync('')))).fault?.[0]).toBe('no-header');
  });

  it('that is cut off is refused', async () => {
    const zipped = gzipSync(TEXT);
    for (const length of [2, 9, 200, zipped.length - 9, zipped.length - 1]) {
      const { fault, message } = await everything(file(zipped.subarray(0, length)));
      expect(fault, String(length)).toEqual(['corrupt-gzip', undefined]);
      expect(message).toMatch(
        /^"[^"]*" is a gzip file that ends too early\. Fetch or make it again; `gzip -t` tells whether it is whole\.$/,
      );
    }
  });

  it('that is damaged is refused', async () => {
    const zipped = gzipSync(TEXT);
    for (const at of [3, 12, 500, zipped.length - 6]) {
      const damaged = Buffer.from(zipped);
      damaged[at] = (damaged[at] ?? 0) ^ 0xff;
      const { fault, message } = await everything(file(damaged));
      expect(fault, String(at)).toEqual(['corrupt-gzip', undefined]);
      expect(message).toMatch(/is a gzip file that (is damaged|ends too early)\./);
    }
  });

  it('that grows past all measure is refused, one that is only large is not', async () => {
    const bomb = file(gzipSync(`a\n${'x\n'.repeat(500_000)}`));
    const limits = { gzipBytes: 500_000, gzipRatio: 200 };
    const { fault, message } = await everything(bomb, { limits });
    expect(fault).toEqual(['gzip-too-large', undefined]);
    expect(message).toMatch(
      /grows to more than 500000 bytes and 200 times its size .* decompress it yourself and give that file\.$/,
    );
    expect((await everything(bomb, { limits: { gzipBytes: 2_000_000 } })).fault).toBeUndefined();
    const large = file(gzipSync(TEXT));
    expect((await everything(large, { limits: { gzipBytes: 10 } })).fault).toBeUndefined();
  });

  it('inside another is refused', async () => {
    expect((await everything(file(gzipSync(gzipSync(TEXT))))).fault?.[0]).toBe('not-text');
  });
});
