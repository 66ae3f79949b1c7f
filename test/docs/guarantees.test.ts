import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'docs/guarantees.md'), 'utf8');

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

it('no fault stands in the table without its test', () => {
  const rows = text.split('\n').filter((line) => line.startsWith('| ') && line.includes('test/'));
  const table = text.split('## Under which faults')[1]?.split('##')[0] ?? '';
  expect(rows.length).toBe(table.split('\n').filter((line) => line.startsWith('| ')).length - 1);
});
