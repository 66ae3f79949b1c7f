import { describe, expect, it } from 'vitest';
import { eachPage } from '../../src/apply/pages.js';

type Read = Parameters<typeof eachPage<number>>[1];

async function itemsOf(read: Read): Promise<number[]> {
  const items: number[] = [];
  await eachPage('ListUsers', read, (page) => items.push(...page));
  return items;
}

describe('a list that is read page by page', () => {
  it('is read to its end', async () => {
    const pages = new Map([
      [undefined, { items: [1, 2], next: 'b' }],
      ['b', { items: [], next: 'c' }],
      ['c', { items: [3], next: undefined }],
    ]);
    const read: Read = (next) => Promise.resolve(pages.get(next) ?? { items: [], next: 'b' });
    expect(await itemsOf(read)).toEqual([1, 2, 3]);
  });

  it('ends with an error where a page leads to itself', async () => {
    const read: Read = () => Promise.resolve({ items: [1], next: 'again' });
    await expect(itemsOf(read)).rejects.toMatchObject({
      ...{ operation: 'ListUsers', code: 'RepeatedPage', kind: 'stops' },
    });
  });

  it('waits for what is done with a page', async () => {
    const seen: string[] = [];
    const read: Read = (next) => {
      seen.push(`read ${next ?? ''}`);
      return Promise.resolve({ items: [], next: next === undefined ? 'b' : undefined });
    };
    await eachPage('ListUsers', read, async () => {
      await Promise.resolve();
      seen.push('taken');
    });
    expect(seen).toEqual(['read ', 'taken', 'read b', 'taken']);
  });
});
