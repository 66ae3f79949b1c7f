import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

import { packedFiles } from '../support/packed-files.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

interface Link {
  readonly page: string;
  /** From the top of the repository, without the part after `#`. */
  readonly path: string;
  /** The part after `#`, or the empty string. */
  readonly anchor: string;
}

/** The pages of the repository, wherever they are. */
const pages = ['', 'docs', 'presets', 'bench'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => posix.join(folder, name)),
);
const links = pages.flatMap(relativeLinks);

describe('relative links', () => {
  let packed: readonly string[];

  beforeAll(async () => {
    packed = await packedFiles();
  });

  it('of every page lead to a file', () => {
    expect(links.length).toBeGreaterThan(50);
    expect(links.filter(({ path }) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('of every page lead to a heading that is there', () => {
    const anchored = links.filter(({ path, anchor }) => anchor !== '' && path.endsWith('.md'));
    expect(anchored.length).toBeGreaterThan(5);
    expect(anchored.filter(({ path, anchor }) => !headings(path).includes(anchor))).toEqual([]);
  });

  it('of a packed page lead to what is packed', () => {
    const isPacked = (path: string): boolean =>
      packed.some((file) => file === path || file.startsWith(`${path}/`));
    const ofPacked = links.filter(({ page }) => packed.includes(page));
    expect(ofPacked.map(({ page }) => page)).toContain('docs/migration.md');
    expect(ofPacked.filter(({ path }) => !isPacked(path))).toEqual([]);
  });
});

/** Links and pictures of a page that lead to no other site. */
function relativeLinks(page: string): Link[] {
  return [...withoutCode(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^(https?|mailto):/.test(target))
    .map((target) => {
      const [path = '', anchor = ''] = target.split('#');
      const whole = path === '' ? page : posix.join(posix.dirname(page), path);
      return { page, path: whole.replace(/\/$/, ''), anchor };
    });
}

/** What can stand after `#`: headings as GitHub names them, and anchors of the page's own. */
function headings(page: string): string[] {
  const text = withoutCode(page);
  const own = [...text.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, name = '']) => name);
  const named = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
  return [...own, ...named];
}

function withoutCode(page: string): string {
  return readFileSync(join(root, page), 'utf8').replace(/^ *```.*?^ *```/gms, '');
}
