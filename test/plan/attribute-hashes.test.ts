import { describe, expect, it } from 'vitest';

import type { PoolAttribute } from '../../src/cognito/user-pool.js';
import { AttributeHashes } from '../../src/plan/attribute-hashes.js';
import { attributesFingerprint, userFingerprint } from '../../src/plan/fingerprint.js';
import { Subs } from '../../src/plan/subs.js';
import { textHash } from '../../src/plan/text-hash.js';
import { Words } from '../../src/plan/words.js';
import { seeded } from '../support/virtual-clock.js';

const names = Array.from({ length: 70 }, (_, n) => `custom:attribute${n}`);

/** Some of the names, each with one of a few values, so that many are the same. */
function someAttributes(random: () => number, most: number): PoolAttribute[] {
  const start = Math.floor(random() * names.length);
  const count = Math.floor(random() * (most + 1));
  const chosen = Array.from({ length: count }, (_, n) => names[(start + 9 * n) % names.length]);
  return chosen
    .map((Name = '') => ({ Name, Value: `v${Math.floor(random() * 4)}` }))
    .sort(() => random() - 0.5);
}

const toMap = (attributes: readonly PoolAttribute[]): Map<string, string> =>
  new Map(attributes.map(({ Name, Value }) => [Name, Value]));

describe('what differs between rows and users', () => {
  it.each([1, 2, 3])('is what two maps say, for 2,000 rows of up to 40 attributes: %i', (seed) => {
    const random = seeded(seed);
    const hashes = new AttributeHashes(seed * 7_919);
    const rows = Array.from({ length: 2_000 }, () => someAttributes(random, 40));
    rows.forEach((attributes, row) => {
      hashes.set(row, attributes);
    });
    const pairs = rows.map((attributes, row) => ({
      attributes,
      row,
      user: someAttributes(random, 60),
    }));
    // The pool's users come in an order of their own.
    for (const { row, user } of pairs.toSorted(() => random() - 0.5)) hashes.compare(row, user);
    let same = 0;
    for (const { row, attributes, user } of pairs) {
      const has = toMap(user);
      const wanted = attributes.filter(({ Name, Value }) => has.get(Name) !== Value);
      const differing = hashes.differing(row);
      expect(differing.sort()).toEqual(wanted.map(({ Name }) => Name).sort());
      expect(hashes.differs(row)).toBe(wanted.length > 0);
      same += attributes.length - wanted.length;
    }
    expect(same, 'some are the same').toBeGreaterThan(1_000);
  });

  it('is everything for a row that nobody is held against, and nothing for one of no attributes', () => {
    const hashes = new AttributeHashes(1);
    hashes.set(0, []);
    hashes.set(1, [{ Name: 'name', Value: '' }]);
    expect([hashes.differs(0), hashes.differing(1)]).toEqual([false, ['name']]);
    hashes.compare(1, [{ Name: 'name', Value: '' }]);
    expect(hashes.differs(1)).toBe(false);
  });

  it('is kept in some 80 bytes for a row of eight attributes', () => {
    const count = 100_000;
    const before = process.memoryUsage().arrayBuffers;
    const hashes = new AttributeHashes(1);
    for (let row = 0; row < count; row++) {
      hashes.set(
        row,
        names.slice(0, 8).map((Name) => ({ Name, Value: `${row}` })),
      );
    }
    const each = (process.memoryUsage().arrayBuffers - before) / count;
    expect(hashes.differing(count - 1)).toHaveLength(8);
    expect(each).toBeLessThan(110);
  });

  it('has room for as many attributes as a pool can have, and says where there are more', () => {
    const hashes = new AttributeHashes(1);
    const many = Array.from({ length: 96 }, (_, n) => ({ Name: `a${n}`, Value: 'x' }));
    hashes.set(0, many);
    expect(hashes.differing(0)).toHaveLength(96);
    expect(() => {
      hashes.set(1, [{ Name: 'one more', Value: 'x' }]);
    }).toThrow(RangeError);
  });
});

describe('the hash of a text', () => {
  it('is another one for each of 200,000 that are much alike, and for each seed', () => {
    const seen = new Set<string>();
    for (let n = 0; n < 100_000; n++) {
      for (const text of [`person${n}@example.com`, `${n}`]) {
        seen.add(`${textHash(text, 1)} ${textHash(text, ~1)}`);
      }
    }
    expect(seen.size).toBe(200_000);
    expect(textHash('a', 1)).not.toBe(textHash('a', 2));
    expect(textHash('', 1)).not.toBe(textHash('\0', 1));
  });
});

describe('a fingerprint', () => {
  it('heeds every value and every name, and no order', () => {
    const random = seeded(11);
    for (let round = 0; round < 500; round++) {
      const attributes = someAttributes(random, 20);
      const shuffled = attributes.toSorted(() => random() - 0.5);
      const whole = attributesFingerprint({ attributes });
      expect(whole).toMatch(/^[0-9a-f]{16}$/);
      expect(attributesFingerprint({ attributes: shuffled })).toBe(whole);
      for (const [at, one] of attributes.entries()) {
        const changed = attributes.with(at, { ...one, Value: `${one.Value}!` });
        const renamed = attributes.with(at, { ...one, Name: `${one.Name}x` });
        const lacking = attributes.toSpliced(at, 1);
        for (const other of [changed, renamed, lacking]) {
          expect(attributesFingerprint({ attributes: other })).not.toBe(whole);
        }
      }
    }
  });

  it('is another one where two attributes swap their values', () => {
    const of = (a: string, b: string): string =>
      attributesFingerprint({
        attributes: [
          { Name: 'a', Value: a },
          { Name: 'b', Value: b },
        ],
      });
    expect(of('x', 'y')).not.toBe(of('y', 'x'));
  });

  it('does not heed the sub, nor a flag that is false; whether the user is enabled comes last', () => {
    const attributes = [{ Name: 'name', Value: 'Ada' }];
    const more = [
      ...attributes,
      { Name: 'sub', Value: '1' },
      { Name: 'email_verified', Value: 'false' },
    ];
    const whole = attributesFingerprint({ attributes });
    expect(attributesFingerprint({ attributes: more })).toBe(whole);
    expect(userFingerprint({ attributes, enabled: true })).toBe(`${whole}+`);
    expect(userFingerprint({ attributes, enabled: false })).toBe(`${whole}-`);
    const isTrue = [...attributes, { Name: 'email_verified', Value: 'true' }];
    expect(attributesFingerprint({ attributes: isTrue })).not.toBe(whole);
  });
});

describe('words and subs', () => {
  it('are what was written last, wherever, and 0 elsewhere', () => {
    const random = seeded(5);
    const words = new Words();
    const model = new Map<number, number>();
    for (let n = 0; n < 20_000; n++) {
      const [index, word] = [Math.floor(random() * 200_000), Math.floor(random() * 2 ** 32)];
      words.set(index, word);
      model.set(index, word);
    }
    for (let index = 0; index < 250_000; index++) {
      if (words.get(index) !== (model.get(index) ?? 0)) expect.fail(`word ${index}`);
    }
  });

  it('are what was given, UUID or not', () => {
    const random = seeded(6);
    const hex = (length: number): string =>
      Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
    const subs = new Subs();
    const given = Array.from({ length: 2_000 }, (_, row) => {
      if (row % 10 === 0) return undefined;
      if (row % 10 === 1) return `local-${row}`;
      return [8, 4, 4, 4, 12].map(hex).join('-');
    });
    given.forEach((sub, row) => {
      subs.set(row, 'overwritten');
      subs.set(row, sub);
    });
    expect(given.map((_, row) => subs.get(row))).toEqual(given);
    // In upper case it is another text.
    subs.set(0, 'A0000000-0000-4000-8000-000000000001');
    expect(subs.get(0)).toBe('A0000000-0000-4000-8000-000000000001');
  });
});
