import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { fixtures, runCli } from '../support/cli.js';
import { openPlace, poolOf, temporaryFolder } from '../support/place.js';
import { some } from '../support/thorough.js';

const exported = (name: string): string => join(fixtures, 'exports', `${name}.csv`);
const systems: [name: string, file: string, invalid: number, withoutEmail: number][] = [
  ['auth0', 'auth0', 0, 1],
  ['firebase', 'firebase', 0, 1],
  ['keycloak', 'keycloak', 0, 2],
  ['keycloak', 'keycloak-user-entity', 0, 2],
  ['okta', 'okta', 0, 0],
  ['google-workspace', 'google-workspace', 0, 0],
  ['wordpress', 'wordpress', 1, 0],
  ['wordpress', 'wordpress-wp-cli', 1, 0],
  ['active-directory', 'active-directory', 0, 2],
  ['active-directory', 'active-directory-type-line', 0, 2],
];

/** Who arrives from each of them test/api/presets.test.ts tells. */
const cases = systems.flatMap(
  ([name, file, invalid, withoutEmail]): [string, string, string, number][] => [
    [name, file, 'plain-username', invalid],
    [name, file, 'email-sign-in', withoutEmail],
  ],
);

describe('demo', () => {
  it.each(some(cases, 7))(
    '--from %s, with %s.csv, in the pool %s',
    async (name, file, pool, bad) => {
      const cwd = await temporaryFolder();
      const schema = join(fixtures, 'pools', `${pool}.json`);
      const args = ['demo', exported(file), '--from', name, '--schema', schema, '--json'];
      const { code, stdout, stderr } = await runCli([...args, '--no-quotas'], { cwd });
      expect(code, stderr).toBe(bad === 0 ? 0 : 1);
      const { rows } = JSON.parse(stdout) as { rows: { total: number; byStatus: object } };
      expect(rows.byStatus).toEqual({
        created: rows.total - bad,
        ...(bad > 0 && { invalid: bad }),
      });
      expect(stderr).toMatch(/"[^"]+" (is|are) not carried over: /);
    },
  );
});

describe('rejects of an export', () => {
  it('hold no secret, and come back through the same preset', async () => {
    const place = await openPlace({ settings: poolOf('plain-username') });
    const lines = readFileSync(exported('firebase'), 'utf8');
    const file = await place.write(
      'people.csv',
      lines.replace('juergen.gross@', 'juergen.gross@@'),
    );
    expect((await place.import(file, '--from', 'firebase')).code).toBe(1);
    expect(place.users().size).toBe(5);

    const [header = [], ...rows] = place.cells('rejects.csv');
    expect(header).not.toContain('passwordHash');
    expect(header.slice(0, 4)).toEqual(['uid', 'email', 'emailVerified', 'displayName']);
    expect(rows).toHaveLength(1);
    expect(place.text('rejects.csv')).not.toContain('pL9oI8uY7tR6');
    const mended = await place.write('mended.csv', place.text('rejects.csv').replace('@@', '@'));
    const again = ['import', mended, '--from', 'firebase', '--run', 'again'];
    expect((await place.run(again)).code).toBe(0);
    expect(place.users().size).toBe(6);
    expect(place.users().get('b7jtr5wxq0zse2df6gh9kl3mn4p2')?.attributes['name']).toBe(
      'Groß, Jürgen',
    );
  });

  it('hold no password of a column that was dropped', async () => {
    const place = await openPlace();
    const file = await place.write(
      'people.csv',
      'username,email,password\nada,ada@@example.com,S3cret!pass\n',
    );
    expect((await place.import(file, '--map', 'password=')).code).toBe(1);
    expect(place.cells('rejects.csv')[0]).toEqual([
      'username',
      'email',
      'error_code',
      'error_message',
    ]);
  });
});
