import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { endOfValidUtf8, incompleteTail } from '../../src/source/utf8.js';
import { everything, file, opened, randomFrom } from './files.js';

const TEXT = 'username,name\r\nanna,Ångström\r\nsora,"空, 😀"\r\nzoë,Жанна\r\n';
const ROWS = [
  [2, 'anna', 'Ångström'],
  [3, 'sora', '空, 😀'],
  [4, 'zoë', 'Жанна'],
];
const JAPANESE = `username,name,address\n${Array.from({ length: 40 }, (_, n) => `user${n},山田太郎${n},東京都千代田区丸の内一丁目${n}番地`).join('\n')}\n`;
const GERMAN = `username,name,address\n${Array.from({ length: 40 }, (_, n) => `user${n},Jürgen Müller,"Größere Straße ${n}, Köln – 5 €"`).join('\n')}\n`;

describe('text', () => {
  it.each([
    ['utf-8', Buffer.from(TEXT), false],
    ['utf-8', Buffer.from(`\uFEFF${TEXT}`), true],
    ['utf-16le', Buffer.from(`\uFEFF${TEXT}`, 'utf16le'), true],
    ['utf-16be', Buffer.from(`\uFEFF${TEXT}`, 'utf16le').swap16(), true],
    ['utf-32le', iconv.encode(TEXT, 'utf-32le', { addBOM: true }), true],
  ])('in %s is read without being told', async (encoding, bytes, byteOrderMark) => {
    const path = file(bytes);
    expect((await opened(path)).dialect).toMatchObject({ encoding, byteOrderMark });
    for (const chunkSize of [1, 2, 3, 5, 7, 64, 4096]) {
      const result = await everything(path, { chunkSize });
      expect(result.rows).toEqual(ROWS);
      expect(result.header).toEqual(['username', 'name']);
    }
  });

  it.each([
    ['Shift_JIS', JAPANESE, '東京都千代田区丸の内一丁目7番地'],
    ['euc-jp', JAPANESE, '東京都千代田区丸の内一丁目7番地'],
    ['windows-1252', GERMAN, 'Größere Straße 7, Köln – 5 €'],
    ['utf-16le', GERMAN, 'Größere Straße 7, Köln – 5 €'],
    ['utf-16be', JAPANESE, '東京都千代田区丸の内一丁目7番地'],
  ])('in %s is read by name', async (encoding, text, expected) => {
    const path = file(iconv.encode(text, encoding));
    for (const chunkSize of [61, 4096]) {
      const { rows, fault } = await everything(path, { encoding, chunkSize });
      expect(fault).toBeUndefined();
      expect(rows[7]?.[3]).toBe(expected);
    }
  });

  it('may be called utf-16 and have a mark, or utf8', async () => {
    const path = file(Buffer.from(`\uFEFF${TEXT}`, 'utf16le').swap16());
    expect((await everything(path, { encoding: 'UTF-16' })).rows).toEqual(ROWS);
    expect((await everything(file(TEXT), { encoding: 'UTF8' })).rows).toEqual(ROWS);
  });

  it('in an unknown encoding is refused', async () => {
    for (const encoding of ['klingon', '', 'base64', 'hex', '__proto__', 'constructor', '../x']) {
      const { fault, message } = await everything(file(TEXT), { encoding });
      expect(fault, encoding).toEqual(['unknown-encoding', undefined]);
      expect(message).toMatch(
        /^The encoding ".*" is not known\. Known are utf-8, .*shift_jis.*\.$/,
      );
    }
  });

  it('whose mark contradicts the name is refused', async () => {
    const { fault, message } = await everything(file(`\uFEFF${TEXT}`), {
      encoding: 'windows-1252',
    });
    expect(fault).toEqual(['wrong-encoding', 1]);
    expect(message).toMatch(
      /byte-order mark of UTF-8, but windows-1252 was asked for\. Leave --encoding out\.$/,
    );
  });

  it.each([
    ['utf-16le', Buffer.from(TEXT, 'utf16le')],
    ['utf-16be', Buffer.from(TEXT, 'utf16le').swap16()],
  ])('in %s without a mark is recognised', async (encoding, bytes) => {
    const { fault, message } = await everything(file(bytes));
    expect(fault).toEqual(['wrong-encoding', 1]);
    expect(message).toMatch(new RegExp(`looks like UTF-16 without .* --encoding ${encoding}\\.$`));
    expect((await everything(file(bytes), { encoding })).rows).toEqual(ROWS);
  });
});

describe('broken bytes', () => {
  it.each([
    ['Shift_JIS', 'shift_jis', JAPANESE],
    ['euc-jp', 'euc-jp', JAPANESE],
    ['windows-1252', 'windows-1252', GERMAN],
  ])('of a file in %s stop with the line and the likely encoding', async (encoding, name, text) => {
    const { fault, message } = await everything(file(iconv.encode(text, encoding)));
    expect(fault).toEqual(['invalid-bytes', 2]);
    expect(message).toMatch(
      new RegExp(
        `^Line 2 of ".*" has bytes that are not valid UTF-8\\. It looks like ${name}: try --encoding ${name}, or save the file as UTF-8\\.$`,
      ),
    );
    expect(message).not.toContain('user0');
  });

  it('stop on their own line, after the rows before them, wherever chunks end', async () => {
    const bytes = Buffer.concat([
      Buffer.from('a,b\r\n1,"x\r\ny"\r\n2,é\r\n3,"p\r\n'),
      Buffer.from([0xc3]),
      Buffer.from('"\r\n4,z\r\n'),
    ]);
    const path = file(bytes);
    for (const chunkSize of [1, 2, 3, 4, 5, 7, 64]) {
      const { fault } = await everything(path, { chunkSize });
      expect(fault, String(chunkSize)).toEqual(['invalid-bytes', 6]);
    }
  });

  it('far into the file give the rows before them first', async () => {
    const rows = Array.from({ length: 20_000 }, (_, n) => `${n},é${n}\n`);
    const good = Buffer.from(`a,b\n${rows.join('')}`);
    const path = file(Buffer.concat([good, Buffer.from([0xe9, 0x0a])]));
    for (const chunkSize of [good.length, good.length - 1, 4096, 65536]) {
      const result = await everything(path, { chunkSize });
      expect(result.fault).toEqual(['invalid-bytes', 20_002]);
      expect(result.rows.length).toBe(20_000);
    }
  });

  it('right after a carriage return stand on the next line', async () => {
    const good = Buffer.from('a,"b"\r'.repeat(20_000));
    const path = file(Buffer.concat([good, Buffer.from([0xff])]));
    for (const chunkSize of [good.length, 4096, 65536]) {
      expect((await everything(path, { chunkSize })).fault).toEqual(['invalid-bytes', 20_001]);
    }
  });

  it.each([
    [
      'a character cut off at the end',
      Buffer.concat([Buffer.from('a\nb\n'), Buffer.from([0xe5, 0x90])]),
      'auto',
      3,
    ],
    ['an overlong form', Buffer.from([0x61, 0x0a, 0xc0, 0x80, 0x0a]), 'auto', 2],
    ['a surrogate in UTF-8', Buffer.from([0x61, 0x0a, 0xed, 0xa0, 0x80, 0x0a]), 'auto', 2],
    [
      'half a unit in UTF-16',
      Buffer.concat([Buffer.from('\uFEFFa\nb\n', 'utf16le'), Buffer.from([0x20])]),
      'auto',
      3,
    ],
    ['a lone surrogate in UTF-16', Buffer.from('\uFEFFa\nb\n\uD800x\n', 'utf16le'), 'auto', 3],
    ['a lone surrogate at the end', Buffer.from('\uFEFFa\nb\n\uD83D', 'utf16le'), 'auto', 3],
    [
      'an undefined byte of windows-1252',
      Buffer.from([0x61, 0x0a, 0x62, 0x0a, 0x81]),
      'windows-1252',
      3,
    ],
    ['half a character of Shift_JIS', Buffer.from([0x61, 0x0a, 0x62, 0x0a, 0x93]), 'shift_jis', 3],
  ])('are found: %s', async (_, bytes, encoding, line) => {
    for (const chunkSize of [1, 2, 3, 4096]) {
      const { fault } = await everything(file(bytes), { encoding, chunkSize });
      expect(fault).toEqual(['invalid-bytes', line]);
    }
  });

  it('in a file that is UTF-8 before ask for that line to be mended', async () => {
    const bad = iconv.encode('x,Jürgen Groß,Köln\n', 'windows-1252');
    const bytes = Buffer.concat([Buffer.from(JAPANESE), bad, Buffer.from(JAPANESE)]);
    for (const chunkSize of [64, 4096]) {
      const { fault, message } = await everything(file(bytes), { chunkSize });
      expect(fault, String(chunkSize)).toEqual(['invalid-bytes', 42]);
      expect(message).toMatch(
        /^Line 42 of .* The lines before are right, this line (looks like|may be) windows-1252: mend it, or save the file as UTF-8 again\.$/,
      );
    }
  });
});

describe('the search for the end of valid UTF-8', () => {
  it('agrees with a fatal TextDecoder', () => {
    const random = randomFrom(3);
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const valid = (bytes: Uint8Array) => {
      try {
        decoder.decode(bytes);
        return true;
      } catch {
        return false;
      }
    };
    const leads = [
      0x41, 0x80, 0xa0, 0xbf, 0xc0, 0xc2, 0xe0, 0xe5, 0xed, 0xf0, 0xf4, 0xf5, 0x90, 0x8f, 0x9f,
    ];
    for (let round = 0; round < 20_000; round++) {
      const bytes = Buffer.from(
        Array.from(
          { length: 1 + Math.floor(random() * 6) },
          () => leads[Math.floor(random() * leads.length)] ?? 0,
        ),
      );
      const end = endOfValidUtf8(bytes);
      expect(valid(bytes.subarray(0, end)), bytes.toString('hex')).toBe(true);
      // Nothing longer is valid, so it is the longest.
      for (let longer = end + 1; longer <= bytes.length; longer++) {
        expect(valid(bytes.subarray(0, longer)), bytes.toString('hex')).toBe(false);
      }
    }
  });

  it('knows what a next chunk may complete', () => {
    const whole = Buffer.from('aé名😀');
    expect(
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((end) => incompleteTail(whole.subarray(0, end))),
    ).toEqual([0, 1, 0, 1, 2, 0, 1, 2, 3, 0]);
  });
});
