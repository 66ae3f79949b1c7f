import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { everything, file, folder, opened, plain, refusal } from './files.js';
import { SourceError } from '../../src/source/index.js';

const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');
const TEXT = `a,b\n${Array.from({ length: 3000 }, (_, n) => `${n},secret-${n}\n`).join('')}`;

describe('a path that is no file of rows', () => {
  it('is told in one sentence', async () => {
    const missing = await refusal(opened(join(folder(), 'no\u001b[31m.csv')));
    expect(missing.code).toBe('not-found');
    expect(missing.message).toMatch(/^There is no file ".*\/no\?\[31m\.csv"\. Check the path\.$/);
    expect((await refusal(opened(join(file('a\n'), 'below')))).code).toBe('not-found');
    const path = folder();
    const error = await refusal(opened(path));
    expect([error.code, error.message]).toEqual([
      'is-folder',
      `"${path}" is a folder. Give the path of a file.`,
    ]);
    const loop = join(path, 'loop');
    symlinkSync(loop, loop);
    expect((await refusal(opened(loop))).message).toBe(`"${loop}" can't be opened (ELOOP).`);
    expect((await refusal(opened('a\0b'))).code).toBe('not-readable');
  });

  it.skipIf(process.getuid?.() === 0)('may not be readable', async () => {
    const path = file('a\n');
    chmodSync(path, 0);
    expect((await refusal(opened(path))).message).toBe(`"${path}" may not be read by this user.`);
  });

  it('may be a workbook', async () => {
    const { fault, message } = await everything(file('PK\u0003\u0004rest', 'users.xlsx'));
    expect(fault?.[0]).toBe('not-text');
    expect(message).toMatch(
      /users\.xlsx" is an Excel workbook or a ZIP archive, not a text of rows\. Save the sheet as "CSV UTF-8" and give that file\.$/,
    );
  });

  it('may be a symbolic link to one that is', async () => {
    const link = join(folder(), 'link');
    symlinkSync(file(TEXT), link);
    expect((await everything(link)).rows.length).toBe(3000);
  });
});

describe('passes over a file', () => {
  it('are as many as one likes, also at once, and end with totals', async () => {
    const source = await opened(file(TEXT), { chunkSize: 1000 });
    expect(source.totals).toBeUndefined();
    expect(source.size).toBe(TEXT.length);
    const one = source.read();
    const other = source.read();
    expect(one.bytesRead).toBe(0);
    const iterator = other[Symbol.asyncIterator]();
    await iterator.next();
    expect(other.bytesRead).toBe(1000);
    let rows = 0;
    for await (const batch of one) rows += batch.rows.length;
    expect([rows, one.rows, one.bytesRead]).toEqual([3000, 3000, TEXT.length]);
    expect(source.totals).toEqual({ rows: 3000, sha256: sha256(TEXT) });
    let rest = other.rows;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      rest += next.value.rows.length;
    }
    expect(rest).toBe(3000);
  });

  it('can be left early', async () => {
    const source = await opened(file(gzipSync(TEXT)), { chunkSize: 100 });
    for await (const batch of source.read()) {
      expect(batch.rows[0]?.line).toBe(2);
      break;
    }
    expect(source.totals).toBeUndefined();
    for await (const batch of source.read()) expect(batch.rows.length).toBeGreaterThan(0);
    expect(source.totals?.rows).toBe(3000);
  });

  it('give the hash of the bytes on disk, which digest() gives without parsing', async () => {
    for (const bytes of [
      Buffer.from(`\uFEFFsep=,\n${TEXT}`),
      gzipSync(TEXT),
      Buffer.from('a\n"broken'),
    ]) {
      const source = await opened(file(bytes));
      expect(await source.digest()).toBe(sha256(bytes));
    }
    const source = await opened(file(gzipSync(TEXT)));
    for await (const batch of source.read()) expect(batch).toBeDefined();
    expect(source.totals?.sha256).toBe(sha256(gzipSync(TEXT)));
  });

  it('go on when the file is renamed or replaced', async () => {
    const path = file(TEXT);
    const source = await opened(path);
    renameSync(path, `${path}.old`);
    writeFileSync(path, 'x\n1\n');
    let rows = 0;
    for await (const batch of source.read()) rows += batch.rows.length;
    expect(rows).toBe(3000);
  });
});

describe('a file that is changed', () => {
  const changes: [string, (path: string) => void][] = [
    [
      'grows',
      (path) => {
        appendFileSync(path, 'x,y\n');
      },
    ],
    [
      'shrinks',
      (path) => {
        truncateSync(path, 5000);
      },
    ],
    [
      'is touched',
      (path) => {
        utimesSync(path, 1, 1);
      },
    ],
  ];
  const MESSAGE =
    /^".*" was changed while it was being read\. Start again once nothing writes to it any more\.$/;

  it.each(changes)('between passes ends the next one: it %s', async (_, change) => {
    const path = file(TEXT);
    const source = await opened(path);
    change(path);
    const error = await refusal(
      (async () => {
        for await (const batch of source.read()) expect(batch).toBeUndefined();
      })(),
    );
    expect(error.code).toBe('file-changed');
    expect(error.message).toMatch(MESSAGE);
    expect((await refusal(source.digest())).code).toBe('file-changed');
  });

  it.each(changes)('during a pass ends it: it %s', async (_, change) => {
    const path = file(TEXT);
    const source = await opened(path, { chunkSize: 4096 });
    let batches = 0;
    const error = await refusal(
      (async () => {
        for await (const batch of source.read()) {
          if (batch.rows.length > 0 && batches++ === 0) change(path);
        }
      })(),
    );
    expect(error.code).toBe('file-changed');
    expect(batches).toBe(1);
  });

  it('under the same size and time is known by its content at the end', async () => {
    const path = file(TEXT);
    const { mtime, atime } = statSync(path);
    utimesSync(path, atime, mtime);
    const source = await opened(path);
    await source.digest();
    writeFileSync(path, TEXT.replace('secret-1\n', 'secret-2\n'));
    utimesSync(path, atime, mtime);
    const error = await refusal(
      (async () => {
        for await (const batch of source.read()) expect(batch).toBeDefined();
      })(),
    );
    expect(error.message).toMatch(/was changed since it was read before/);
  });
});

describe('a stream', () => {
  it('is read as often as a file', async () => {
    for (const bytes of [
      Buffer.from(TEXT),
      gzipSync(TEXT),
      Buffer.from(`\uFEFF${TEXT}`, 'utf16le'),
    ]) {
      const stdin = Readable.from([bytes.subarray(0, 10), bytes.subarray(10)]);
      const source = await opened('-', { stdin, chunkSize: 1003 });
      expect([source.name, source.resumable, source.size]).toEqual(['-', false, bytes.length]);
      for (let pass = 0; pass < 2; pass++) {
        let rows = 0;
        for await (const batch of source.read()) rows += batch.rows.length;
        expect(rows).toBe(3000);
      }
      expect(source.totals?.sha256).toBe(sha256(bytes));
    }
    expect((await opened(file('a\n'))).resumable).toBe(true);
  });

  it("may be a child process's output", async () => {
    const child = spawn(
      process.execPath,
      ['-e', 'for (let n = -1; n < 100000; n++) console.log(n < 0 ? "a,b" : n + ",x")'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const source = await opened('-', { stdin: child.stdout });
    let rows = 0;
    for await (const batch of source.read()) rows += batch.rows.length;
    expect(rows).toBe(100_000);
  });

  it.skipIf(process.platform === 'win32')('may be a FIFO', async () => {
    const path = join(folder(), 'fifo');
    execFileSync('mkfifo', [path]);
    const writer = spawn(process.execPath, [
      '-e',
      'require("fs").writeFileSync(process.argv[1], "a,b\\n1,2\\n3,4\\n")',
      path,
    ]);
    const source = await opened(path);
    writer.kill();
    expect(source.resumable).toBe(false);
    for (let pass = 0; pass < 2; pass++) {
      const rows = [];
      for await (const batch of source.read()) rows.push(...plain(batch));
      expect(rows).toEqual([
        [2, '1', '2'],
        [3, '3', '4'],
      ]);
    }
  });

  it.runIf(process.platform === 'linux')(
    'leaves no file, and nothing readable on the disk',
    async () => {
      const spoolFolder = folder();
      const source = await opened('-', { stdin: Readable.from([Buffer.from(TEXT)]), spoolFolder });
      expect(readdirSync(spoolFolder)).toEqual([]);
      const descriptors = readdirSync('/proc/self/fd').filter((fd) => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`).startsWith(spoolFolder);
        } catch {
          return false;
        }
      });
      expect(descriptors.length).toBe(1);
      const onDisk = readFileSync(`/proc/self/fd/${descriptors[0]}`);
      expect(onDisk.length).toBe(TEXT.length);
      expect(onDisk.includes('secret-')).toBe(false);
      expect(onDisk.includes('\n1,')).toBe(false);
      expect(statSync(`/proc/self/fd/${descriptors[0]}`).mode & 0o777).toBe(0o600);
      expect((await source.digest()).length).toBe(64);
    },
  );

  it('that breaks off, or finds no room, is told', async () => {
    const broken = Readable.from(
      (function* () {
        yield Buffer.from('a\n');
        throw Object.assign(new Error('secret'), { code: 'EIO' });
      })(),
    );
    const error = await refusal(opened('-', { stdin: broken }));
    expect([error.code, error.message]).toEqual([
      'not-readable',
      'standard input could not be read to its end (EIO).',
    ]);
    const spoolFolder = join(folder(), 'missing');
    const none = await refusal(opened('-', { stdin: Readable.from(['a\n']), spoolFolder }));
    expect(none.code).toBe('spool-failed');
    expect(none.message).toBe(
      `No temporary copy of standard input can be made in "${spoolFolder}" (ENOENT). Set TMPDIR to a folder with room, or give the path of a file.`,
    );
  });

  it('that never ends can be given up', async () => {
    const abort = new AbortController();
    const stdin = new Readable({ read: () => undefined });
    const open = opened('-', { stdin, signal: abort.signal });
    abort.abort();
    await expect(open).rejects.toMatchObject({ name: 'AbortError' });
    expect(stdin.destroyed).toBe(true);
  });

  it('is refused when it is empty', async () => {
    const error = await refusal(opened('-', { stdin: Readable.from([]) }));
    expect(error).toBeInstanceOf(SourceError);
    expect(error.message).toMatch(/^standard input is empty: it has no header line\./);
  });
});
