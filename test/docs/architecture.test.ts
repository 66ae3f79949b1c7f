import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
const contributing = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');

it.each([
  ['docs/architecture.md', text],
  ['CONTRIBUTING.md', contributing],
])('every file that %s names is where it says', (_, text) => {
  const named = [...text.matchAll(/`([\w./-]+\.(?:ts|mjs))`/g)].map(([, path]) => path ?? '');
  const all = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const tests = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' });
  const names = new Set([...all, ...tests].map((path) => basename(path)));
  expect(named.length).toBeGreaterThan(20);
  const isThere = (path: string): boolean =>
    path.includes('/')
      ? existsSync(join(root, 'src', path)) || existsSync(join(root, path))
      : names.has(path);
  // NAME is the newcomer's own.
  expect(named.filter((path) => !path.includes('NAME') && !isThere(path))).toEqual([]);
});

it('every room has a line in its table, and there is no other', () => {
  const rooms = readdirSync(join(root, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const lines = [...text.matchAll(/^\| `(\w+)\/` \|/gm)].map(([, name]) => name);
  expect(lines.sort()).toEqual(rooms.sort());
});

it('what CONTRIBUTING.md says to be in a file stands there', () => {
  const told = [
    ...contributing.matchAll(/`(\w+)`(?: and `\w+`)? (?:in|of) `((?:src|test)\/[\w./-]+\.ts)`/g),
  ];
  expect(told.length).toBeGreaterThan(4);
  for (const [, name = '', path = ''] of told) {
    expect(readFileSync(join(root, path), 'utf8'), path).toMatch(new RegExp(`\\b${name}\\b`));
  }
});
