import { describe, expect, it } from 'vitest';

import { Memberships } from '../../src/plan/memberships.js';
import { seeded } from '../support/virtual-clock.js';

/** Some of the groups `g0`, `g1`, …, each once. */
function someGroups(random: () => number, count: number): string[] {
  return Array.from({ length: count }, (_, n) => `g${n}`).filter(() => random() < 0.3);
}

describe('the groups of rows and users', () => {
  it.each([1, 2, 3])('are joined and left as sets say: %i', (seed) => {
    const random = seeded(seed);
    const memberships = new Memberships();
    const rows = Array.from({ length: 2_000 }, () => someGroups(random, 12));
    rows.forEach((groups, row) => {
      memberships.set(row, groups, row % 3 !== 0);
    });
    const users = rows.map(() => someGroups(random, 12));
    // Group by group, as the service lists them, and some members twice.
    for (const group of memberships.groups) {
      for (const [row, groups] of users.entries()) {
        if (!groups.includes(group)) continue;
        memberships.see(row, group);
        if (row % 5 === 0) memberships.see(row, group);
      }
    }
    for (const [row, groups] of rows.entries()) {
      const has = new Set(users[row]);
      const wants = new Set(groups);
      expect(memberships.toJoin(row)).toEqual(groups.filter((group) => !has.has(group)));
      expect(memberships.toLeave(row).sort()).toEqual(
        [...has].filter((group) => !wants.has(group)).sort(),
      );
      expect(memberships.isComplete(row)).toBe(row % 3 !== 0);
    }
  });

  it('are told again after more was seen', () => {
    const memberships = new Memberships();
    memberships.set(0, ['a'], true);
    memberships.set(1, ['b', 'c'], true);
    expect(memberships.toLeave(0)).toEqual([]);
    memberships.see(0, 'c');
    memberships.see(0, 'b');
    expect(memberships.toLeave(0).sort()).toEqual(['b', 'c']);
    expect(memberships.toLeave(1)).toEqual([]);
  });

  it('are kept in some 12 bytes for a row of one group', () => {
    const count = 200_000;
    const before = process.memoryUsage().arrayBuffers;
    const memberships = new Memberships();
    for (let row = 0; row < count; row++) memberships.set(row, [`g${row % 9}`], true);
    const each = (process.memoryUsage().arrayBuffers - before) / count;
    expect(memberships.toJoin(count - 1)).toEqual([`g${(count - 1) % 9}`]);
    expect(each).toBeLessThan(18);
  });
});
