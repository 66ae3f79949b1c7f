import { describe, expect, it } from 'vitest';

import { readHeader } from '../../src/record/header.js';
import { reportable } from '../../src/record/reportable.js';
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

  it('with too many cells has none where the password may have slipped to', () => {
    expect(shownOf([...whole, 'more'])).toEqual([
      ...['ada', 'ada', 'ada@example.com', '', '', '+12025550123', 'en', 'more'],
    ]);
  });

  it.each([1, 2, 3, 4, 5, 6])('keeps no password in a row that lacks %i cells', (missing) => {
    for (let from = 0; from + missing <= whole.length; from++) {
      const cells = whole.toSpliced(from, missing);
      expect(shownOf(cells).join()).not.toContain('Secret');
    }
  });
});
