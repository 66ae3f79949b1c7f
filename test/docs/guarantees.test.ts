import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'docs/guarantees.md'), 'utf8');
const table = text.split('## Under which faults')[1]?.split('##')[0] ?? '';

it('every test and every command that the guarantees name is there', () => {
  const files = [...text.matchAll(/`(test\/[\w./-]+)`/g)].map(([, path]) => path ?? '');
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const commands = [...text.matchAll(/`npm run ([\w:]+)/g)].map(([, name]) => name ?? '');
  expect(commands.length).toBeGreaterThan(2);
  expect(commands.filter((name) => scripts[name] === undefined)).toEqual([]);
});

/** What follows a file in the table: `test/…`: *a title*, *another* */
const named = /`(test\/[\w./-]+)`((?::|,) \*[^*]+\*)*/g;

/** A text in front of a function or of the options of a test. */
const title = /(['`])((?:\\.|(?!\1)[^\\\n])*)\1,\s*(?:async\b|\(|\{)/g;

it('every test that the table of faults names is in its file, by that title', () => {
  const found = [...table.matchAll(named)].map(([all, path = '']) => ({
    path,
    titles: [...all.matchAll(/\*([^*]+)\*/g)].map(([, words = '']) => words),
  }));
  expect(found.filter(({ titles }) => titles.length === 0)).toEqual([]);
  const missing = found.flatMap(({ path, titles }) => {
    const source = readFileSync(join(root, path), 'utf8');
    const there = [...source.matchAll(title)].map(([, , words = '']) => words);
    return titles
      .filter((wanted) => !there.some((words) => words.includes(wanted)))
      .map((wanted) => `${path}: ${wanted}`);
  });
  expect(missing).toEqual([]);
});

it('no fault stands in the table without its test', () => {
  const rows = text.split('\n').filter((line) => line.startsWith('| ') && line.includes('test/'));
  expect(rows.length).toBe(table.split('\n').filter((line) => line.startsWith('| ')).length - 1);
});
