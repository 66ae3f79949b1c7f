import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';

import { fast, openPlace, people, type Place } from '../support/place.js';
import type { Ended } from '../support/cli.js';

// A machine with other work to do is no failure.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const secret = 'client-secret-0canary0';

/** Every place that a secret may have got to: the screen, and each file of the run's folder. */
function everything(place: Place, ...ended: Ended[]): Map<string, string> {
  const texts = new Map(
    ended.flatMap((it, n) => [
      [`stdout ${n}`, it.stdout],
      [`stderr ${n}`, it.stderr],
    ]),
  );
  for (const run of readdirSync(place.path('reports')))
    for (const name of readdirSync(place.path('reports', run)))
      texts.set(`${run}/${name}`, readFileSync(place.path('reports', run, name), 'latin1'));
  return texts;
}

function expectNone(texts: Map<string, string>, canaries: readonly string[]): void {
  expect(texts.size).toBeGreaterThan(2);
  for (const [where, text] of texts)
    for (const canary of canaries)
      expect(text.includes(canary), `${canary} in ${where}`).toBe(false);
}

describe.concurrent('a password or a secret', () => {
  const canary = (n: number): string => `Canary-${n}-Xy9!`;
  // Rows that are made, refused by the service, too weak, twice there, and of every wrong width.
  const file = [
    'username,email,given_name,password,custom:department',
    ...Array.from({ length: 12 }, (_, n) => `u${n},u${n}@example.com,Given,${canary(n)},Sales`),
    'u0,twin@example.com,Given,Canary-twin-Xy9!,Sales',
    'weak,weak@example.com,Given,canaryweak,Sales',
    `blank,blank@example.com,Given,Canary blank-Xy9!,Sales`,
    `long,long@example.com,Given,Canary-${'x'.repeat(300)}-Xy9!,Sales`,
    'short,short@example.com,Canary-short-Xy9!,Sales',
    'shorter,shorter@example.com,Canary-shorter-Xy9!',
    'shortest,Canary-shortest-Xy9!',
    'Canary-only-Xy9!',
    'wide,wide@example.com,Given,More,Canary-wide-Xy9!,Sales',
    'wider,wider@example.com,Given,More,More,Canary-wider-Xy9!,Sales',
  ].join('\n');
  const canaries = ['Canary', 'canaryweak', secret];

  it.for<{ mode: string }>([{ mode: 'temporary' }, { mode: 'permanent' }])(
    'of the file ($mode) stands nowhere, whatever becomes of its row',
    async ({ mode }) => {
      const place = await openPlace({
        faults: {
          rules: [
            { kind: 'trigger-refuses', operation: 'AdminCreateUser', username: '^u[12]$' },
            { kind: 'internal-error', username: '^u3$' },
            { kind: 'reset-after', username: '^u4$', count: 1 },
            { kind: 'cut-off', username: '^u5$', count: 1 },
          ],
        },
      });
      await place.write('f.csv', file);
      const surroundings = { env: { COGNITO_CLIENT_SECRET: secret } };
      const calls = [...fast, '--verbose', '--max-attempts', '2', '--password-mode', mode];
      const first = await place.run(['import', 'f.csv', '--run', 'r', ...calls], surroundings);
      expect(first.code, first.stderr).toBe(1);
      expect(place.statuses()).toMatchObject({ created: 9, failed: 3, invalid: 10 });
      const again = await place.run(
        ['resume', 'r', ...fast, '--retry-failed', '--json', '--verbose', '--max-attempts', '2'],
        surroundings,
      );
      expect(again.code, again.stderr).toBe(1);
      expectNone(everything(place, first, again), canaries);
    },
  );

  it('that the service itself refuses is not in what it says', async () => {
    const place = await openPlace({
      faults: {
        rules: [{ kind: 'access-denied', operation: 'AdminSetUserPassword' }],
      },
    });
    await place.write('f.csv', file);
    const args = ['import', 'f.csv', '--run', 'r', ...fast, '--verbose'];
    const ended = await place.run([...args, '--password-mode', 'permanent']);
    expect(ended.code, ended.stderr).toBe(3);
    expectNone(everything(place, ended), canaries);
  });

  it('in a file that is refused as a whole is not in the error', async () => {
    const place = await openPlace();
    await place.write('f.csv', `${file}\nbroken,x@example.com,Given,"Canary-open-Xy9!`);
    await place.write(
      'g.csv',
      Buffer.from(`${file}\nb,b@example.com,\xff,Canary-b-Xy9!,`, 'latin1'),
    );
    for (const name of ['f.csv', 'g.csv']) {
      const ended = await place.run(['import', name, ...fast, '--verbose']);
      expect(ended.code, ended.stderr).not.toBe(0);
      expect(ended.stdout + ended.stderr).not.toMatch(/Canary/);
    }
  });

  it('generated stands in its own file only', async () => {
    const place = await openPlace({
      faults: { rules: [{ kind: 'internal-error', operation: 'AdminSetUserPassword', every: 4 }] },
    });
    await place.write('f.csv', people(10));
    const ended = await place.import(
      'f.csv',
      ...['--generate-passwords', 'pw.csv', '--password-mode', 'permanent', '--verbose'],
    );
    expect(ended.code, ended.stderr).toBe(0);
    const lines = readFileSync(place.path('pw.csv'), 'utf8').trimEnd().split('\n').slice(1);
    expect(lines.length).toBe(10);
    const generated = lines.map((line) => line.replace(/^[^,]*,"?'?/, '').replace(/"$/, ''));
    expectNone(everything(place, ended), generated);
  });
});
