import { describe, expect, it } from 'vitest';
import { rowsOf } from '../../src/source/cells.js';
import { RecordCutter } from '../../src/source/records.js';
import { everything, file, randomFrom } from './files.js';
import { type Expected, readNaively } from './naive.js';

/** Cuts and divides a text that comes in pieces of `size` bytes. */
function cutUp(text: string, size: number, delimiter = ','): Expected {
  const bytes = Buffer.from(text);
  const cutter = new RecordCutter({ delimiter, quotes: true, recordBytes: 1e6, name: 'it' });
  const rows: [number, ...string[]][] = [];
  const take = (block: ReturnType<RecordCutter['feed']>) => {
    for (const { line, cells } of rowsOf(block, { delimiter, form: 'csv' }, 'it')) {
      rows.push([line, ...cells]);
    }
  };
  for (let at = 0; at < bytes.length && !cutter.fault; at += size) {
    take(cutter.feed(bytes.subarray(at, at + size)));
  }
  if (!cutter.fault) take(cutter.end());
  const { fault } = cutter;
  return { rows, fault: fault && [fault.code, fault.line ?? 0] };
}

const PIECES = [
  ',',
  ',',
  '"',
  '"',
  '\r',
  '\n',
  '\r\n',
  'a',
  'b c',
  'é',
  '名',
  '\0',
  '\uFEFF',
  '😀',
  ';',
  '\\',
];

describe('records', () => {
  it('are those of a naive reader, with their lines, wherever the chunks end', () => {
    const random = randomFrom(20261123);
    let faults = 0;
    let rows = 0;
    for (let round = 0; round < 6000; round++) {
      let text = '';
      const length = 1 + Math.floor(random() * 24);
      for (let index = 0; index < length; index++) {
        text += PIECES[Math.floor(random() * PIECES.length)] ?? '';
      }
      const expected = readNaively(text);
      if (expected.fault) faults++;
      rows += expected.rows.length;
      for (const size of [1, 2, 3, 7, 64]) {
        expect(cutUp(text, size), `${JSON.stringify(text)} by ${size}`).toEqual(expected);
      }
    }
    // The generator makes enough of both kinds for the comparison to mean something.
    expect(faults).toBeGreaterThan(1000);
    expect(rows).toBeGreaterThan(10_000);
  });

  it('are those of a naive reader where quoting is right', () => {
    const random = randomFrom(7);
    const cells = [
      '',
      'x',
      '"a,b"',
      '"line\r\nbreak"',
      '"lone\rreturn"',
      '"two\n\nbreaks"',
      '"say ""hi"""',
      '""',
      'John "Jack" Smith',
      '日本',
    ];
    for (let round = 0; round < 1500; round++) {
      let text = '';
      for (let record = 0; record < 6; record++) {
        const count = 1 + Math.floor(random() * 4);
        for (let index = 0; index < count; index++) {
          text += (index > 0 ? ',' : '') + (cells[Math.floor(random() * cells.length)] ?? '');
        }
        text += ['\n', '\r\n', '\r'][Math.floor(random() * 3)] ?? '';
      }
      const expected = readNaively(text);
      expect(expected.fault).toBeUndefined();
      for (const size of [1, 2, 3, 7, 64, 4096]) {
        expect(cutUp(text, size), `${JSON.stringify(text)} by ${size}`).toEqual(expected);
      }
    }
  });

  it('count CRLF, LF and a lone CR as one line each, inside quotes as outside', async () => {
    const path = file('a,b\r\n1,"x\r\ny"\n2,"x\ry"\r3,"x\ny"\r\n\r\n4,z\n');
    for (const chunkSize of [1, 2, 3, 7, 64]) {
      const { rows, header } = await everything(path, { chunkSize });
      expect(header).toEqual(['a', 'b']);
      expect(rows).toEqual([
        [2, '1', 'x\r\ny'],
        [4, '2', 'x\ry'],
        [6, '3', 'x\ny'],
        [9, '4', 'z'],
      ]);
    }
  });

  it('may be too short or too long, and end without a line break', async () => {
    const { rows, fault } = await everything(file('a,b\n1\n1,2,3\n,\n""\n" "\nlast,one'));
    expect(fault).toBeUndefined();
    expect(rows).toEqual([
      [2, '1'],
      [3, '1', '2', '3'],
      [4, '', ''],
      [6, ' '],
      [7, 'last', 'one'],
    ]);
  });

  it('let NUL, a byte-order mark in the middle, and prototype names through', async () => {
    const { rows, header } = await everything(file('__proto__,constructor\na\0b,\uFEFFx\n'));
    expect(header).toEqual(['__proto__', 'constructor']);
    expect(rows).toEqual([[2, 'a\0b', '\uFEFFx']]);
  });

  it('may have ten thousand columns', async () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `custom:column_${index}`);
    const { rows, header } = await everything(file(`${names.join(',')}\n${names.join(',')}\n`));
    expect(header).toEqual(names);
    expect(rows).toEqual([[2, ...names]]);
  });
});

describe('a quote', () => {
  it('inside a cell that does not begin with one is a character', async () => {
    const { rows } = await everything(file('name,x\nJohn "Jack" Smith,5"\n "q",z\n'));
    expect(rows).toEqual([
      [2, 'John "Jack" Smith', '5"'],
      [3, ' "q"', 'z'],
    ]);
  });

  it('that is never closed stops with the line on which its record starts', async () => {
    for (const chunkSize of [1, 64, undefined]) {
      const result = await everything(
        file('a,b\n1,2\n"secret\nword,3\n4,5\n'),
        chunkSize === undefined ? {} : { chunkSize },
      );
      expect(result.fault).toEqual(['unclosed-quote', 3]);
      expect(result.rows).toEqual([[2, '1', '2']]);
      expect(result.message).toMatch(
        /^The record that starts on line 3 of ".*users.csv" has a quote that is never closed\. Close it, or write a quote inside a quoted cell twice \(""\)\.$/,
      );
      expect(result.message).not.toContain('secret');
    }
  });

  it('followed by text stops, naming both lines and the cell', async () => {
    const one = await everything(file('a,b\n1,"John" Smith\n'));
    expect(one.fault).toEqual(['text-after-quote', 2]);
    expect(one.message).toMatch(
      /^Line 2 of ".*" has text after the closing quote of cell 2\. Write a quote inside a quoted cell twice \(""\), or close the quote that was left open before\.$/,
    );
    const two = await everything(file('a,b\n"left open,1\n"x",2\n'));
    expect(two.fault).toEqual(['text-after-quote', 2]);
    expect(two.message).toMatch(/^The record from line 2 to line 3 of /);
    expect(two.message).not.toContain('left open,');
  });
});

describe('a record without end', () => {
  it('stops at the bound, with the hint', async () => {
    const options = { limits: { recordBytes: 1000 } };
    const line = 'x'.repeat(999);
    expect((await everything(file(`a\n${line}y\n`), options)).fault).toBeUndefined();
    for (const chunkSize of [64, 700, 4096, undefined]) {
      const more = chunkSize === undefined ? options : { ...options, chunkSize };
      const result = await everything(file(`a\nb\n${line}yz\nc\n`), more);
      expect(result.fault).toEqual(['record-too-long', 3]);
      expect(result.rows).toEqual([[2, 'b']]);
      expect(result.message).toMatch(
        /^The record that starts on line 3 of ".*" is longer than 1000 bytes, more than a user can hold\. Is a quote left open there\?$/,
      );
    }
  });

  it('does not fill the memory: 100 MB without a line break', async () => {
    const path = file(Buffer.concat([Buffer.from('a\n'), Buffer.alloc(100e6, 'x')]));
    const before = process.memoryUsage().rss;
    const result = await everything(path);
    expect(result.fault).toEqual(['record-too-long', 2]);
    expect(process.memoryUsage().rss - before).toBeLessThan(40e6);
  });

  it('as a header, and blank lines for ever, are refused', async () => {
    expect((await everything(file(Buffer.alloc(3e6, 'x')))).fault).toEqual(['record-too-long', 1]);
    const blank = await everything(file(Buffer.alloc(6e6, '\n')));
    expect(blank.fault?.[0]).toBe('no-header');
    expect(blank.message).toContain('only blank lines');
  });
});
