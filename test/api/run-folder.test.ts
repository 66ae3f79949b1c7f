import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../../src/api/refusal.js';
import { Releases } from '../../src/api/run/releases.js';
import { createRunFolder, openRunFolder, removeRunFolder } from '../../src/api/run/run-folder.js';
import { temporaryFolder } from '../support/folder.js';

const at = new Date('2026-01-31T09:15:42Z');

describe('the folder of a run', () => {
  it.each([
    ['/data/people.csv', '2026-01-31T0915-people'],
    ['people.CSV.gz', '2026-01-31T0915-people'],
    ['-', '2026-01-31T0915-stdin'],
    ['a b/../ü ö (1).csv', '2026-01-31T0915-ü-ö-1-'],
    ['.csv', '2026-01-31T0915-file'],
    [`${'x'.repeat(300)}.csv`, `2026-01-31T0915-${'x'.repeat(60)}`],
  ])('of %s is called %s, and is its owner’s only', async (file, name) => {
    const reports = join(temporaryFolder(), 'deep', 'reports');
    const folder = await createRunFolder(reports, undefined, file, at);
    expect(folder.run).toBe(name);
    expect(folder.path).toBe(join(reports, name));
    expect(statSync(folder.path).mode & 0o777).toBe(0o700);
    await folder.release();
  });

  it('gets a number where another run began in the same minute', async () => {
    const reports = temporaryFolder();
    const names = await Promise.all(
      [1, 2, 3].map(async () => (await createRunFolder(reports, undefined, 'a.csv', at)).run),
    );
    const base = '2026-01-31T0915-a';
    expect(names.sort()).toEqual([base, `${base}-2`, `${base}-3`]);
  });

  it('is refused by a name that is taken or is none', async () => {
    const reports = temporaryFolder();
    await createRunFolder(reports, 'mine', 'a.csv', at);
    await expect(createRunFolder(reports, 'mine', 'a.csv', at)).rejects.toThrow(/already: resume/);
    for (const name of ['', '..', '.hidden', 'a/b', '../up', 'a b', 'x'.repeat(101), 'a\0b']) {
      await expect(createRunFolder(reports, name, 'a.csv', at)).rejects.toBeInstanceOf(Refusal);
    }
  });

  it('is found by its name or its path, and is one process’s at a time', async () => {
    const reports = temporaryFolder();
    const made = await createRunFolder(reports, 'mine', 'a.csv', at);
    await expect(openRunFolder(reports, 'mine')).rejects.toThrow('There is no run "mine"');
    writeFileSync(made.journal, '');
    await expect(openRunFolder(reports, 'mine')).rejects.toThrow(/^Run "mine" is taken: process/);
    await made.release();
    const opened = await openRunFolder(reports, 'mine');
    expect(opened).toMatchObject({ run: 'mine', path: made.path });
    await opened.release();
    const byPath = await openRunFolder('elsewhere', `${made.path}/`);
    expect(byPath.run).toBe('mine');
    await byPath.release();
    await expect(openRunFolder(reports, 'other')).rejects.toBeInstanceOf(Refusal);
  });

  it('is no folder that merely has the name', async () => {
    const reports = temporaryFolder();
    mkdirSync(join(reports, 'mine', 'journal.jsonl'), { recursive: true });
    await expect(openRunFolder(reports, 'mine')).rejects.toBeInstanceOf(Refusal);
  });

  it('can be taken away where nothing was begun', async () => {
    const folder = await createRunFolder(temporaryFolder(), 'mine', 'a.csv', at);
    await removeRunFolder(folder);
    expect(existsSync(folder.path)).toBe(false);
  });
});

describe('what has to be released', () => {
  it('is, the last first, also after one failed; the first failure is told', async () => {
    const order: string[] = [];
    const releases = new Releases();
    releases.add(() => order.push('a'));
    releases.add(() => {
      throw new Error('later');
    });
    releases.add(async () => {
      await Promise.resolve();
      order.push('b');
      throw new Error('first');
    });
    releases.add(() => order.push('c'));
    await expect(releases.release()).rejects.toThrow('first');
    expect(order).toEqual(['c', 'b', 'a']);
    await releases.release();
    expect(order).toHaveLength(3);
  });
});
