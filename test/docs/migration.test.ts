import { copyFileSync, readFileSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

import { fixtures, main, startProgram, type Ended } from '../support/cli.js';
import { fast, openPlace, type Place } from '../support/place.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(root, 'docs/migration.md'), 'utf8');

interface Block {
  readonly language: 'sh' | 'text';
  readonly text: string;
}

const blocks: readonly Block[] = [
  ...page.matchAll(/^```(?<language>sh|text)\n(?<text>.*?)^```/gms),
].map(({ groups }) => groups as unknown as Block);

/** What the test does in its own way: it installs nothing, and its pool is at another address. */
const isSetUp = (text: string): boolean => /npm install|^export /m.test(text);

/** Its words, without line breaks, times and quotas: the test's pool has none. */
const comparable = (text: string): string[] =>
  text
    .replace(/\s+\n {11}\s*|\n {11}\s*/g, ' ')
    .replace(/\b\d+s$|\b\d+ seconds?\b/gm, 'a while')
    .replace(/(?<=\bUser[A-Z]\w+\s)\d+/g, 'so many')
    .split('\n')
    .map((line) => line.trim().replace(/ {2,}/g, ' '))
    .filter((line) => line !== '');

/** Puts `cognito-bulk` on the PATH, at rates for which nobody waits. */
async function installIn(place: Place): Promise<Record<string, string>> {
  const script = `#!/bin/sh
case $1 in
  import | apply | resume | undo | verify) set -- "$@" ${fast.join(' ')} ;;
esac
exec '${process.execPath}' '${main}' "$@"
`;
  await mkdir(place.path('bin'));
  await chmod(await place.write('bin/cognito-bulk', script), 0o755);
  copyFileSync(join(fixtures, 'users.csv'), place.path('people.csv'));
  return { ...place.env, PATH: `${place.path('bin')}:${process.env['PATH'] ?? ''}` };
}

/** What the page says in words: the codes that people got are filled in. */
async function fillCodesIn(place: Place): Promise<void> {
  const [header, ...rows] = readFileSync(place.path('passwords.csv'), 'utf8').trim().split(/\r?\n/);
  const filled = rows.map((row) => {
    const email = `${row.split(',')[0] ?? ''}@example.com`;
    const message = place.pool.messages.findLast(({ destination }) => destination === email);
    return `${row},${message?.code ?? ''}`;
  });
  await place.write('codes.csv', [`${header ?? ''},code`, ...filled, ''].join('\n'));
}

it('docs/migration.md can be followed to its end, and prints what stands there', async () => {
  const place = await openPlace();
  const env = await installIn(place);
  let printed: Ended | undefined;
  let compared = 0;
  for (const { language, text } of blocks) {
    if (language === 'sh') {
      if (isSetUp(text)) continue;
      if (text.includes('verify confirm')) await fillCodesIn(place);
      printed = await startProgram('sh', ['-c', text], { cwd: place.folder, env }).ended;
      expect([0, 1, 3], `${text}${printed.stderr}`).toContain(printed.code);
    } else if (!text.startsWith('Interrupted')) {
      const lines = comparable((printed?.stdout ?? '') + (printed?.stderr ?? ''));
      expect(lines, text).toEqual(expect.arrayContaining(comparable(text)));
      compared++;
    }
  }
  expect(compared).toBeGreaterThan(8);
  // All were undone, but for those of the mended file and the newcomers.
  expect([...place.users().keys()].length).toBe(5);
});
