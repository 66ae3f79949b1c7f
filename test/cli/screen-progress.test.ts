import { describe, expect, it } from 'vitest';

import type { RowResult } from '../../src/apply/result.js';
import { progressLine } from '../../src/cli/screen/progress-line.js';
import { Tally } from '../../src/cli/screen/tally.js';

const drawn = {
  title: 'Importing',
  share: 0.55,
  parts: [
    { text: '24.9 rows/s', rank: 3 },
    { text: '1h 20m left', rank: 1 },
    { text: '3 throttled', rank: 4 },
    { text: '2 failed (2 UserLambdaValidationException)', short: '2 failed', rank: 2 },
  ],
};

describe('the line of the progress', () => {
  it.each([
    [40, 'Importing ██████░░░░ 55% · 1h 20m left'],
    [60, /^Importing █+░+ 55% · 1h 20m left · 2 failed$/],
    [80, /^Importing █+░+ 55% · 24\.9 rows\/s · 1h 20m left · 3 throttled · 2 failed$/],
    [140, /^Importing █+░+ 55% · .* · 2 failed \(2 UserLambdaValidationException\)$/],
  ])('fits %i columns, and keeps what matters most', (columns, expected) => {
    const line = progressLine(drawn, columns);
    expect(line).toMatch(expected);
    expect(line.length).toBeLessThan(columns);
  });

  it('has a longer bar where there is room for it, up to 40', () => {
    const bar = (columns: number): number =>
      progressLine({ ...drawn, parts: [] }, columns).replace(/[^█░]/g, '').length;
    expect([bar(40), bar(200)]).toEqual([24, 40]);
  });

  it.each([1, 5, 12, 20])('is cut off on %i columns, rather than wrapped', (columns) => {
    expect(progressLine(drawn, columns).length).toBeLessThan(columns);
  });

  it('has no bar where nobody knows the total', () => {
    const parts = [{ text: '1,200 users', rank: 1 }];
    expect(progressLine({ title: 'Reading the pool', share: undefined, parts }, 80)).toBe(
      'Reading the pool · 1,200 users',
    );
  });
});

describe('what a run has done', () => {
  it('is its results in this phase, and never less than before', () => {
    const tally = new Tally();
    const result = (status: RowResult['status']): RowResult => ({
      ...{ row: 0, line: 2, username: 'u', status, steps: [], attempts: 1, final: true },
    });
    tally.begin('checking', 100);
    tally.addResult(result('invalid'));
    tally.begin('syncing', 3);
    const seen = (['updated', 'not-attempted', 'deleted', 'failed'] as const).map((status) => {
      tally.addResult(result(status));
      return tally.done;
    });
    expect(seen).toEqual([1, 1, 2, 3]);
    expect(tally.failed).toBe(1);
  });
});
