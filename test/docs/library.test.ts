import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';

import * as library from '../../src/index.js';
import { defaultSettings } from '../../src/local/index.js';
import { startProgram } from '../support/cli.js';
import { openPlace, type Place } from '../support/place.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(root, 'docs/library.md'), 'utf8');

interface Example {
  readonly name: string;
  readonly code: string;
  readonly prints: string;
}

/** The page's examples: under each heading the code, and then what it prints. */
const examples: readonly Example[] = page.split(/^## /m).flatMap((section, n) => {
  const code = /^```ts\n(.*?)^```/ms.exec(section)?.[1];
  const prints = /^```text\n(.*?)^```/ms.exec(section)?.[1];
  return code === undefined || prints === undefined ? [] : [{ name: `example-${n}`, code, prints }];
});

/** What somebody has who installed the package: it is found by its name, with its types. */
async function installed(): Promise<Place> {
  const settings = defaultSettings();
  const place = await openPlace({
    settings: { ...settings, UserPool: { ...settings.UserPool, Id: 'eu-central-1_AbCdEf123' } },
  });
  mkdirSync(place.path('node_modules'));
  symlinkSync(root, place.path('node_modules', 'cognito-bulk'), 'dir');
  writeFileSync(place.path('package.json'), '{ "type": "module" }');
  writeFileSync(place.path('people.csv'), /^```csv\n(.*?)^```/ms.exec(page)?.[1] ?? '');
  for (const { name, code } of examples) writeFileSync(place.path(`${name}.ts`), code);
  return place;
}

/** What the package exports beside types, split into classes of errors and functions. */
const exported = Object.entries(library) as [string, new () => unknown][];
const isError = (value: new () => unknown): boolean => value.prototype instanceof Error;

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts'],
  module: ts.ModuleKind.NodeNext,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUnusedLocals: true,
  skipLibCheck: true,
  types: ['node'],
  typeRoots: [join(root, 'node_modules', '@types')],
};

describe('docs/library.md', () => {
  let place: Place;

  beforeAll(async () => {
    place = await installed();
  });

  it('has an example of every function', () => {
    const code = examples.map((example) => example.code).join('\n');
    const functions = exported.filter(([, value]) => !isError(value)).map(([name]) => name);
    expect(functions).toContain('importUsers');
    expect(functions.filter((name) => !code.includes(`${name}(`))).toEqual([]);
  });

  it('names every class that can be thrown', () => {
    const classes = exported.filter(([, value]) => isError(value)).map(([name]) => name);
    const named = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect(named.sort()).toEqual(classes.sort());
  });

  it('has examples that fit the types of the package', { timeout: 60_000 }, () => {
    const files = examples.map(({ name }) => place.path(`${name}.ts`));
    const program = ts.createProgram(files, options);
    const texts = ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    expect(texts).toEqual([]);
    program.emit();
  });

  // In the order of the page: each goes on from the pool that the one before leaves.
  it.each(examples)('$name prints what stands below it', async ({ name, prints }) => {
    const { ended } = startProgram(process.execPath, [`${name}.js`], {
      cwd: place.folder,
      // The AWS SDK says what it thinks of the version of Node.
      env: { ...place.env, NODE_NO_WARNINGS: '1' },
    });
    const { code, stdout, stderr } = await ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.replace(/ +$/gm, '')).toBe(prints.replace(/ +$/gm, ''));
  });
});
