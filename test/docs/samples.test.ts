import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

import { fixtures, type Ended } from '../support/cli.js';
import { openPlace, type Place } from '../support/place.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(root, 'docs/check.md'), 'utf8');

/** What the page shows below a command that stands alone or last in its block. */
function shownBelow(command: string): string {
  const block = page.split('```sh\n').find((part) => part.includes(`${command}\n\`\`\``));
  const shown = /^```text\n(.*?)^```/ms.exec(block ?? '')?.[1];
  if (shown === undefined) throw new Error(`docs/check.md shows nothing below "${command}"`);
  return shown;
}

/** A table's columns are as wide as its widest cell: the page may leave that row out. */
const squeezed = (text: string): string => text.replace(/ +$/gm, '').replace(/(\S) {2,}/g, '$1  ');

/** The command's arguments, without its own name. */
const argumentsOf = (command: string): string[] => command.split(' ').slice(1);

describe('what docs/check.md shows', () => {
  const pool = 'cognito-bulk pool --user-pool-id eu-central-1_LocalPool --output pool.json';
  const alone = 'cognito-bulk validate people.csv';
  const saved = `${alone} --schema pool.json`;
  let place: Place;
  let ended: ReadonlyMap<string, Ended>;

  beforeAll(async () => {
    place = await openPlace();
    copyFileSync(join(fixtures, 'users.csv'), place.path('people.csv'));
    // Where no pool is named, none is looked at.
    const run = (command: string): Promise<Ended> =>
      place.run(argumentsOf(command), { env: { COGNITO_USER_POOL_ID: '' } });
    const first = await Promise.all([run(alone), run(pool)]);
    ended = new Map([
      [alone, first[0]],
      [pool, first[1]],
      [saved, await run(saved)],
    ]);
  });

  it('saves the pool', () => {
    expect(ended.get(pool)).toMatchObject({ code: 0 });
    expect(ended.get(pool)?.stdout).toContain('saved in pool.json');
  });

  it.each([alone, saved])('is what %s prints', (command) => {
    const { code, stdout } = ended.get(command) ?? {};
    expect(code).toBe(1);
    // How long it took is told where it is worth telling.
    const printed = squeezed(stdout ?? '').replace(/ in \d+s(?=:)/, '');
    const shown = squeezed(shownBelow(command));
    expect(shown).toMatch(/\d+ invalid, \d+ valid/);
    expect(printed.startsWith(shown), `${printed}\nbegins otherwise than\n${shown}`).toBe(true);
  });

  it('has the line of --format github', async () => {
    const command = `${saved} --format github`;
    const { stdout } = await place.run(argumentsOf(command), { env: { COGNITO_USER_POOL_ID: '' } });
    expect(stdout).toContain(shownBelow(command));
  });
});
