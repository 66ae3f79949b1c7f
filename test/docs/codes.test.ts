import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { rules } from '../../src/record/rules.js';
import { advice } from '../../src/report/advice.js';

interface Generator {
  readonly codesPage: (table: typeof advice) => Promise<string>;
}

const docs = new URL('../../docs/', import.meta.url);
const source = new URL('../../src/', import.meta.url);
const page = readFileSync(new URL('codes.md', docs), 'utf8');

/** Kebab-case codes that a row or a run can end with, as the code names them. */
function codesInSource(): string[] {
  const codes = new Set<string>();
  for (const room of ['plan', 'apply', 'api']) {
    const names = readdirSync(new URL(`${room}/`, source), { recursive: true, encoding: 'utf8' });
    for (const name of names.filter((path) => path.endsWith('.ts'))) {
      const text = readFileSync(new URL(`${room}/${name}`, source), 'utf8');
      const named = /(?:code: |StepRefused\(\s*|stopped\(\s*)'([a-z]+(?:-[a-z]+)*)'/g;
      for (const [, code] of text.matchAll(named)) if (code !== undefined) codes.add(code);
    }
  }
  return [...codes];
}

describe('docs/codes.md', () => {
  it('is what npm run docs:codes makes of the advice', async () => {
    const { codesPage } = (await import(new URL('codes.mjs', docs).href)) as Generator;
    expect(page, 'run npm run docs:codes').toBe(await codesPage(advice));
  });

  it('has every code of the source that is no rule', () => {
    const known = new Set(rules.map(({ code }) => code));
    // Stands in for the code of a problem where there is none, which no row has.
    known.add('invalid').add('stopped');
    const codes = codesInSource();
    expect(codes).toContain('outcome-unknown');
    expect(codes).toContain('same-error');
    const missing = codes.filter((code) => !known.has(code) && !page.includes(`\`${code}\``));
    expect(missing, 'src/report/advice.ts and docs/codes.mjs hold them').toEqual([]);
  });
});
