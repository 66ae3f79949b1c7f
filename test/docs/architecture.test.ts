import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8');

it('every file that the architecture names is where it says', () => {
  const named = [...text.matchAll(/`([\w./-]+\.(?:ts|mjs))`/g)].map(([, path]) => path ?? '');
  const all = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const names = new Set(all.map((path) => basename(path)));
  expect(named.length).toBeGreaterThan(30);
  const isThere = (path: string): boolean =>
    path.includes('/')
      ? existsSync(join(root, 'src', path)) || existsSync(join(root, path))
      : names.has(path);
  expect(named.filter((path) => !isThere(path))).toEqual([]);
});

it('every room has a line in its table, and there is no other', () => {
  const rooms = readdirSync(join(root, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const lines = [...text.matchAll(/^\| `(\w+)\/` \|/gm)].map(([, name]) => name);
  expect(lines.sort()).toEqual(rooms.sort());
});
