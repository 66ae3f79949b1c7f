import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { commandOperations } from '../../src/api/pool/command-operations.js';

interface Generator {
  readonly iamPage: (table: typeof commandOperations) => Promise<string>;
}

interface Policy {
  readonly Statement: readonly { readonly Effect: string; readonly Action: readonly string[] }[];
}

const docs = new URL('../../docs/', import.meta.url);

describe('docs/iam.md', () => {
  it('is what npm run docs:iam makes of the table of operations', async () => {
    const { iamPage } = (await import(new URL('iam.mjs', docs).href)) as Generator;
    const page = readFileSync(new URL('iam.md', docs), 'utf8');
    expect(page, 'run npm run docs:iam').toBe(await iamPage(commandOperations));
  });

  it('allows each command what it calls, and nothing else', () => {
    const page = readFileSync(new URL('iam.md', docs), 'utf8');
    const policies = page.matchAll(/^## `([^`]+)`$[^]*?^```json\n([^]*?)^```$/gm);
    const allowed = [...policies].map(([, command = '', json = '']): [string, string[]] => {
      const { Statement } = JSON.parse(json) as Policy;
      expect(Statement.every(({ Effect }) => Effect === 'Allow')).toBe(true);
      return [command, Statement.flatMap(({ Action }) => Action).sort()];
    });
    // The user's own token opens these.
    const byToken = ['GetUserAttributeVerificationCode', 'VerifyUserAttribute'];
    const wanted = Object.entries(commandOperations).map(([command, uses]): [string, string[]] => {
      const names = new Set(uses.map(({ operation }) => operation));
      const ours = [...names].filter((name) => !byToken.includes(name));
      return [command, ours.map((name) => `cognito-idp:${name}`).sort()];
    });
    const sections = new Map(allowed);
    for (const [command, actions] of wanted)
      expect(sections.get(command), command).toEqual(actions);
  });
});
