import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { rules } from '../../src/record/rules.js';
import type { Rule } from '../../src/record/rule.js';

interface Generator {
  readonly rulesPage: (rules: readonly Rule[]) => Promise<string>;
}

const docs = new URL('../../docs/', import.meta.url);

describe('docs/rules.md', () => {
  it('is what npm run docs:rules makes of the rules', async () => {
    const { rulesPage } = (await import(new URL('rules.mjs', docs).href)) as Generator;
    const page = readFileSync(new URL('rules.md', docs), 'utf8');
    expect(page, 'run npm run docs:rules').toBe(await rulesPage(rules));
  });
});
