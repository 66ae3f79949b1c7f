import { describe, expect, it } from 'vitest';
import { everything, file, opened, refusal } from './files.js';

const header = ['uid', 'email', 'name', ''];

describe('a file without a header line', () => {
  it.each([
    ['the first row counts', 'a,a@x.test,"A, B",\nb,,,\n', 1],
    ['blank lines do not', '\n\na,a@x.test,"A, B",\n\nb,,,', 3],
    ['nor does a byte-order mark', '\uFEFFa,a@x.test,"A, B",\r\nb,,,\r\n', 1],
    ["nor Excel's sep= line", 'sep=,\na,a@x.test,"A, B",\nb,,,\n', 2],
  ])('has the names it is given: %s', async (_, text, line) => {
    for (const chunkSize of [1, 7, 4096]) {
      const all = await everything(file(text), { header, chunkSize });
      expect(all.header).toEqual(header);
      expect(all.rows.map((row) => row.slice(1))).toEqual([
        ['a', 'a@x.test', 'A, B', ''],
        ['b', '', '', ''],
      ]);
      expect(all.rows[0]?.[0]).toBe(line);
    }
  });

  it('has its delimiter found', async () => {
    const source = await opened(file('a;a@x.test;A\nb;;B,C\n'), { header });
    expect(source.dialect).toMatchObject({ delimiter: ';', form: 'csv' });
  });

  it('is read again from where a batch starts', async () => {
    const source = await opened(file('sep=,\na,1,2,\nb,3,4,\n'), { header });
    for await (const { start, rows } of source.read()) {
      expect([start.row, start.line, rows.length]).toEqual([0, 2, 2]);
      for await (const again of source.read({ from: start })) expect(again.rows).toEqual(rows);
    }
    expect(source.totals?.rows).toBe(2);
  });

  it('counts every record', async () => {
    const source = await opened(file('a,1,2,'), { header });
    const rows: string[] = [];
    for await (const batch of source.read())
      rows.push(...batch.rows.map(({ cells }) => cells[0] ?? ''));
    expect(rows).toEqual(['a']);
  });

  it('is no file where it is empty', async () => {
    expect((await refusal(opened(file(''), { header }))).code).toBe('no-header');
  });
});

describe('a header line that is there although names are given', () => {
  it.each([
    ['all of the names', 'uid,email,name,\na,b,c,\n', ['uid', 'email', 'name', '']],
    ['in any case', ' UID ,Email,name,\na,b,c,\n', [' UID ', 'Email', 'name', '']],
    ['most of them, and others', 'uid,name,error_code\na,b,c\n', ['uid', 'name', 'error_code']],
  ])('is the header: %s', async (_, text, cells) => {
    const all = await everything(file(text), { header });
    expect(all.header).toEqual(cells);
    expect(all.rows.map(([line]) => line)).toEqual([2]);
  });

  it.each(['uid,someone@x.test,Some One,\n', ',,,\n'])('is none in %j', async (text) => {
    const all = await everything(file(text), { header });
    expect(all.header).toEqual(header);
    expect(all.rows).toHaveLength(1);
  });
});
