import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { commandOperations } from '../../src/api/pool/command-operations.js';

interface Generator {
  readonly iamPage: (table: typeof commandOperations) => Promise<string>;
}

const docs = new URL('../../docs/', import.meta.url);

describe('docs/iam.md', () => {
  it('is what npm run docs:iam makes of the table of operations', async () => {
    const { iamPage } = (await import(new URL('iam.mjs', docs).href)) as Generator;
    const page = readFileSync(new URL('iam.md', docs), 'utf8');
    expect(page, 'run npm run docs:iam').toBe(await iamPage(commandOperations));
  });
});
