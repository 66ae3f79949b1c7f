import { beforeAll, describe, expect, it } from 'vitest';

import { packedFiles } from '../support/packed-files.js';

describe('the packed file', () => {
  let paths: readonly string[];

  beforeAll(async () => {
    paths = await packedFiles();
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
});
