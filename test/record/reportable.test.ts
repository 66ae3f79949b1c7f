import { describe, expect, it } from 'vitest';

import { readHeader } from '../../src/record/header.js';
import { reportable } from '../../src/record/reportable.js';
import { seeded } from '../support/place.js';
import { poolOf, settingsWith } from './reading.js';

const names = [
  'username',
  'email',
  'given_name',
  'password',
  'birthdate',
  'phone_number',
  'locale',
];
const whole = [
  'ada',
  'ada@example.com',
  'Ada',
  'Secret-1-Word!',
  '1815-12-10',
  '+12025550123',
  'en',
];

function shownOf(cells: readonly string[]): readonly string[] {
  const { header } = readHeader({ line: 1, cells: names }, poolOf(), settingsWith());
  if (!header) throw new Error('the header is good');
  const { cellsOf, usernameOf } = reportable(header);
  const row = { line: 2, cells };
  return [usernameOf(row), ...cellsOf(row)];
}

describe('a row in a report', () => {
  it('is as it was, without its password', () => {
    expect(shownOf(whole)).toEqual(['ada', ...whole.filter((_, at) => at !== 3)]);
  });

  it('with a wrong number of cells keeps what has the form of something else', () => {
    expect(shownOf([...whole, 'more'])).toEqual([
      ...['ada', 'ada', 'ada@example.com', '', '', '+12025550123', '', ''],
    ]);
  });

  it.each<[string, string[]]>([
    [
      'behind by two in a row with one cell too many',
      ['ada', 'a@b.cc', 'A', 'B', 'C', 'Word', 'D', 'E'],
    ],
    ['far behind', ['ada', 'a@b.cc', 'A', 'B', 'C', 'D', 'Word', 'E']],
    [
      'before, with cells missing there and too many behind',
      ['ada', 'Word', 'A', 'B', 'C', 'D', 'E', 'F'],
    ],
    ['alone', ['Word']],
    ['in the place of the username', ['Tr0ub4dor&3', 'x', 'x', 'x', 'x', 'x', 'x', 'x']],
  ])('keeps no password that stands %s', (_, cells) => {
    expect(shownOf(cells).join()).not.toMatch(/Word|Tr0ub/);
  });

  it('keeps no password wherever cells went missing before it and came up behind it', () => {
    const random = seeded(7);
    const below = (bound: number): number => Math.floor(random() * bound);
    for (let n = 0; n < 3_000; n++) {
      const cells = [...whole];
      for (let times = below(4); times >= 0; times--) {
        const at = below(cells.length + 1);
        if (random() < 0.5) cells.splice(at, 0, 'more');
        else if (cells[at] !== whole[3]) cells.splice(at, 1);
      }
      // What has as many cells as the header is taken for a whole row.
      if (cells.length === whole.length) continue;
      expect(shownOf(cells).join(), JSON.stringify(cells)).not.toContain('Secret');
    }
  });

  it('in a file without passwords is as it was, however many cells it has', () => {
    const { header } = readHeader(
      { line: 1, cells: ['username', 'email'] },
      poolOf(),
      settingsWith(),
    );
    if (!header) throw new Error('the header is good');
    expect(reportable(header).cellsOf({ line: 2, cells: ['a', 'b', 'c'] })).toEqual([
      'a',
      'b',
      'c',
    ]);
  });
});
