import { describe, expect, it } from 'vitest';
import { readHeader } from '../../src/record/header.js';
import { mendRow } from '../../src/record/mend.js';
import { readRow } from '../../src/record/row.js';
import { poolOf, settingsWith } from './reading.js';

function mended(names: string, cells: string): { cells: string; changes: string[] } {
  const { header } = readHeader({ line: 1, cells: names.split('|') }, poolOf(), settingsWith());
  if (!header) throw new Error('the header is wrong');
  const row = { line: 7, cells: cells.split('|') };
  const result = mendRow(row, header, readRow(row, header).problems);
  return {
    cells: result.cells.join('|'),
    changes: result.changes.map(({ line, column, code }) => `${line} ${column} ${code}`),
  };
}

describe('mending a row', () => {
  it('takes what one correction brings to light', () => {
    expect(mended('username|email|enabled', 'ada|ada@example.com| yes\u200b')).toMatchObject({
      changes: ['7 enabled surrounding-space'],
    });
    expect(mended('username|email|enabled', 'ada|Ada <a@example.com> | Yes ')).toEqual({
      cells: 'ada|a@example.com|true',
      changes: [
        '7 email surrounding-space',
        '7 enabled surrounding-space',
        '7 email invalid-email',
        '7 enabled not-a-boolean',
      ],
    });
  });

  it('leaves alone what may be meant', () => {
    const cells = 'ada|ada@gmial.com|03/04/1990';
    expect(mended('username|email|birthdate', cells)).toEqual({ cells, changes: [] });
  });

  it('leaves a row with a wrong number of cells as it is', () => {
    expect(mended('username|email|enabled', ' ada|x')).toEqual({ cells: ' ada|x', changes: [] });
  });

  it('takes the pool’s own spelling of a group', () => {
    expect(mended('username|email|groups', 'ada|a@example.com|Staff;admins').cells).toBe(
      'ada|a@example.com|staff;admins',
    );
  });
});
