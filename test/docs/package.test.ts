import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

import { startProgram } from '../support/cli.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('the packed file', () => {
  let paths: readonly string[];

  beforeAll(async () => {
    const { code, stdout, stderr } = await startProgram(
      'npm',
      ['pack', '--dry-run', '--json', '--ignore-scripts'],
      { cwd: root, env: { HOME: process.env['HOME'] ?? root } },
    ).ended;
    expect(code, stderr).toBe(0);
    const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
    paths = files.map(({ path }) => path);
  });

  it('holds what the commands and the library need', () => {
    expect(paths).toEqual(
      expect.arrayContaining([
        ...['README.md', 'README.ja.md', 'LICENSE', 'CHANGELOG.md', 'SECURITY.md', 'package.json'],
        ...['dist/cli/main.js', 'dist/index.js', 'dist/index.d.ts', 'dist/page/page.js'],
        ...['fixtures/users.csv', 'presets/okta.json', 'deploy/nightly.yaml', 'docs/options.md'],
      ]),
    );
  });

  it('holds nothing else', () => {
    const needed =
      /^(dist\/.+\.(js|d\.ts|css)|docs\/[\w-]+\.(md|svg)|deploy\/.+|presets\/.+|fixtures\/users\.csv|(README|README\.ja|CHANGELOG|SECURITY)\.md|LICENSE|package\.json)$/;
    expect(paths.filter((path) => !needed.test(path))).toEqual([]);
  });

  it.each(['README.md', 'README.ja.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'])(
    '%s links to nothing that is not there',
    (name) => {
      expect(brokenLinks(name)).toEqual([]);
    },
  );

  it('has pages that link to nothing that is not there', () => {
    const pages = paths.filter((path) => /^docs\/.+\.md$/.test(path));
    expect(pages).toContain('docs/migration.md');
    expect(pages.flatMap(brokenLinks)).toEqual([]);
  });
});

/** Links and pictures of a page that lead to no file of the repository. */
function brokenLinks(page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8').replace(/^```.*?^```/gms, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^(https?:|mailto:|#)/.test(target))
    .filter((target) => !existsSync(join(root, dirname(page), target.replace(/#.*$/, ''))))
    .map((target) => `${page}: ${target}`);
}
