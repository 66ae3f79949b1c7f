import { describe, expect, it } from 'vitest';
import { everything, file, opened, refusal } from './files.js';

describe('the delimiter', () => {
  it.each([
    [',', 'a,b\n1,2\n'],
    [';', 'a;b\n1;2\n'],
    ['\t', 'a\tb\n1\t2\n'],
    ['|', 'a|b\n1|2\n'],
    [',', 'only\n1\n'],
    [';', 'a;"b,c,d"\n1;2\n'],
    [';', '"a";"b"\n"1,5";"2,5"\n'],
    // Both divide the header; the rows tell.
    [';', 'first,name;mail;groups\nA;a@x.test;g,h\nB;b@x.test;g\n'],
    [',', 'a,b,groups;list\n1,2,x;y\n1,2,x\n'],
    // More columns decide where the rows don't.
    [';', 'a;b;c,d\n'],
  ])('is found: %j in %j', async (delimiter, text) => {
    const source = await opened(file(text));
    expect(source.dialect.delimiter).toBe(delimiter);
  });

  it('is what is asked for', async () => {
    const { header, rows } = await everything(file('a,b|c\n1,2|3\n'), { delimiter: '|' });
    expect([header, rows]).toEqual([['a,b', 'c'], [[2, '1,2', '3']]]);
    expect((await opened(file('a,b\tc\n'), { delimiter: 'tab' })).header.cells).toEqual([
      'a,b',
      'c',
    ]);
  });

  it.each(['', '::', '"', 'x', '\n', 'é'])('is refused as %j', async (delimiter) => {
    const error = await refusal(opened(file('a\n'), { delimiter }));
    expect(error.code).toBe('invalid-delimiter');
    expect(error.message).toMatch(/can't be a delimiter\. Give one sign/);
  });
});

describe("Excel's sep= line", () => {
  it.each([
    ['sep=;\r\na;b,c\r\n1;2\r\n', ';'],
    ['"sep=|"\na|b\n1|2\n', '|'],
    ['SEP=^\na^b\n1^2\n', '^'],
    ['\uFEFFsep=\t\na\tb\n1\t2\n', '\t'],
  ])('is understood and counted: %j', async (text, delimiter) => {
    for (const chunkSize of [1, 3, 4096]) {
      const source = await opened(file(text), { chunkSize });
      expect(source.dialect).toMatchObject({ delimiter, separatorLine: true });
      expect(source.header.line).toBe(2);
      const { rows } = await everything(file(text), { chunkSize });
      expect(rows).toEqual([[3, '1', '2']]);
    }
  });

  it('gives way to --delimiter', async () => {
    const { header } = await everything(file('sep=;\na,b\n'), { delimiter: ',' });
    expect(header).toEqual(['a', 'b']);
  });
});

describe("PowerShell's #TYPE line", () => {
  it('is passed over and counted', async () => {
    const path = file(
      '\uFEFF#TYPE Selected.Microsoft.ActiveDirectory.Management.ADUser\r\n"a","b"\r\n"1",\r\n',
    );
    for (const chunkSize of [1, 4096]) {
      const { header, headerLine, rows } = await everything(path, { chunkSize });
      expect([header, headerLine, rows]).toEqual([['a', 'b'], 2, [[3, '1', '']]]);
    }
    expect((await everything(file('#TYPE,b\n1,2\n'))).header).toEqual(['#TYPE', 'b']);
  });
});

describe("the form of AWS's own import", () => {
  const HEADER = 'cognito:username,name,email,cognito:mfa_enabled';

  it('has no quoting, and escaped commas', async () => {
    const path = file(
      `${HEADER}\njd,Doe\\, Jane,j@x.test,false\nq,"Q",5",\nb,a\\b,c\\\\,x,d\nt,x,y,end\\\n`,
    );
    const source = await opened(path);
    expect(source.dialect.form).toBe('aws-import');
    for (const chunkSize of [1, 2, 3, 7, 4096]) {
      const { rows } = await everything(path, { chunkSize });
      expect(rows).toEqual([
        [2, 'jd', 'Doe, Jane', 'j@x.test', 'false'],
        [3, 'q', '"Q"', '5"', ''],
        [4, 'b', 'a\\b', 'c\\,x', 'd'],
        [5, 't', 'x', 'y', 'end\\'],
      ]);
    }
  });

  it('is told by its two columns in any case and order', async () => {
    const other = await opened(
      file('Cognito:MFA_Enabled, name , COGNITO:USERNAME\nfalse,a\\,b,c\n'),
    );
    expect(other.dialect.form).toBe('aws-import');
    const one = await opened(file('cognito:username,name\na,"b,c"\n'));
    expect(one.dialect.form).toBe('csv');
  });

  it('is not assumed where a spreadsheet has put quotes', async () => {
    const path = file(`${HEADER}\njd,"Doe, Jane",j@x.test,false\n`);
    expect((await opened(path)).dialect.form).toBe('csv');
    expect((await everything(path)).rows).toEqual([[2, 'jd', 'Doe, Jane', 'j@x.test', 'false']]);
    expect((await opened(file('"cognito:username","cognito:mfa_enabled"\n'))).dialect.form).toBe(
      'csv',
    );
  });

  it('lets a backslash be a character in ordinary CSV', async () => {
    const { rows } = await everything(file('a,b\nx\\,y\n'));
    expect(rows).toEqual([[2, 'x\\', 'y']]);
  });
});

describe('the header', () => {
  it('may come after blank lines, which count', async () => {
    const { headerLine, rows } = await everything(file('\r\n\n""\na,b\n\n1,2\n'));
    expect([headerLine, rows]).toEqual([4, [[6, '1', '2']]]);
  });

  it('may stand alone', async () => {
    const source = await opened(file('a,b'));
    expect(source.header).toEqual({ line: 1, cells: ['a', 'b'] });
    for (const text of ['a,b', 'a,b\r\n', 'a,b\n\n']) {
      const { rows, fault } = await everything(file(text));
      expect([rows, fault]).toEqual([[], undefined]);
    }
  });

  it('may hold a line break', async () => {
    const { header, rows } = await everything(file('a,"b\r\nc"\n1,2\n'));
    expect([header, rows]).toEqual([['a', 'b\r\nc'], [[3, '1', '2']]]);
  });

  it.each(['', '\n\r\n\n', '\uFEFF', 'sep=;\n'])('is missed in %j', async (text) => {
    const error = await refusal(opened(file(text)));
    expect(error.code).toBe('no-header');
    expect(error.message).toMatch(
      /^".*users\.csv" is empty: it has no header line\. The first line names the columns, such as username,email\.$/,
    );
  });
});
