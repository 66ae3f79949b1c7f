import { readdir } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';

import { writeReport } from '../../src/api/resume/write-report.js';
import { fast, openPlace, people, poolOf, stackTrace } from '../support/place.js';
import type { Place, PlaceOptions } from '../support/place.js';
import { costlyCalls, foreseen, poolNow, sync, synced, told } from '../support/syncing.js';
import type { Answer } from '../support/in-turn.js';
import { some } from '../support/thorough.js';

// Most of the time these wait for each other's processor.
vi.setConfig({ maxConcurrency: 6 });

const header = 'username,email,given_name,groups,enabled\n';
const company = `${header}\
ada,ada@example.com,Ada,staff,
bob,bob@example.com,Bob,staff;editors,true
eve,eve@example.com,Eve,,
`;

/** A place with these people in its pool, and nothing counted yet. */
async function placeWith(count: number, options: PlaceOptions = {}): Promise<Place> {
  const Users = Array.from({ length: count }, (_, at) => {
    const Username = `u${String(at + 1).padStart(4, '0')}`;
    return { Username, Attributes: { email: `${Username}@example.com` }, Groups: ['staff'] };
  });
  return openPlace({ ...options, local: { Users, ...options.local } });
}

/** Nothing was written, no folder is left, and the user reads one sentence or two. */
async function expectRefused(place: Place, ended: Answer, said: RegExp): Promise<void> {
  expect(ended.code, ended.stderr + ended.stdout).toBe(2);
  expect(ended.stderr).toMatch(said);
  const lines = ended.stderr
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('note: '));
  expect(lines.length, ended.stderr).toBeLessThanOrEqual(2);
  expect(ended.stderr).not.toMatch(stackTrace);
  expect(ended.stdout).toBe('');
  expect(costlyCalls(place)).toEqual({});
  expect(await place.runs()).toEqual([]);
}

describe.concurrent('sync', () => {
  it('makes the pool match the file; the second time there is nothing to do', async () => {
    const place = await openPlace();
    await place.write('f.csv', company);
    const first = await sync(place, 'f.csv', 'a');
    expect(first.code, first.stderr).toBe(0);
    expect(told(place, 'a')).toEqual([
      '2 ada created create+groups',
      '3 bob created create+groups',
      '4 eve created create',
    ]);
    expect(place.summary('a')).toMatchObject({
      command: 'sync',
      outcome: 'complete',
      rows: { total: 3, byStatus: { created: 3 } },
      exitCode: 0,
    });
    const now = poolNow(place);
    const calls = costlyCalls(place);
    const second = await sync(place, 'f.csv', 'b');
    expect(second.code, second.stderr).toBe(0);
    expect(second.stderr).toMatch(/^note: Nothing to do: [^\n]+\n$/);
    expect(told(place, 'b').map((line) => line.split(' ')[2])).toEqual([
      'unchanged',
      'unchanged',
      'unchanged',
    ]);
    expect([poolNow(place), costlyCalls(place)]).toEqual([now, calls]);
    const subs = place
      .results('b')
      .map(({ username, sub }) => sub === place.users().get(username)?.sub);
    expect(subs).toEqual([true, true, true]);
    for (const name of await readdir(place.path('reports', 'b'))) {
      expect(place.mode('reports', 'b', name), name).toBe('600');
    }
  });

  it('sends only what differs', async () => {
    const place = await openPlace();
    await place.write('f.csv', company);
    await synced(place, 'f.csv', 'a');
    const before = costlyCalls(place);
    await place.write(
      'g.csv',
      `${header}\
ada,ada@example.com,Adelaide,staff,
bob,bob@example.com,Bob,editors;admins,false
eve,eve@example.com,Eve,,
new,new@example.com,New,staff,false
`,
    );
    const ended = await sync(place, 'g.csv', 'b', '--max-removals', '1', '--yes');
    expect(ended.code, ended.stderr).toBe(0);
    expect(told(place, 'b')).toEqual([
      '2 ada updated attributes',
      '3 bob updated groups+disable',
      '4 eve unchanged',
      '5 new created create+groups+disable',
    ]);
    expect(place.users().get('ada')?.attributes['given_name']).toBe('Adelaide');
    expect(place.users().get('bob')).toMatchObject({ enabled: false });
    // Groups are added, and none is left.
    expect([...(place.users().get('bob')?.groups ?? [])].sort()).toEqual([
      'admins',
      'editors',
      'staff',
    ]);
    const { AdminUpdateUserAttributes: updates, AdminGetUser: looks } = costlyCalls(place);
    expect([updates, looks]).toEqual([(before['AdminUpdateUserAttributes'] ?? 0) + 1, undefined]);

    const exact = await sync(place, 'g.csv', 'c', '--groups-mode', 'exact');
    expect(exact.code, exact.stderr).toBe(0);
    expect(told(place, 'c')[1]).toBe('3 bob updated groups');
    expect([...(place.users().get('bob')?.groups ?? [])].sort()).toEqual(['admins', 'editors']);
    const again = await sync(place, 'g.csv', 'd', '--groups-mode', 'exact');
    expect(again.stderr).toMatch(/^note: Nothing to do/);
  });

  it('leaves an identity provider’s users alone, also where nobody is in the file', async () => {
    const Users = [
      { Username: 'google_1', UserStatus: 'EXTERNAL_PROVIDER', Groups: ['staff'] },
      { Username: 'old', Attributes: { email: 'old@example.com' } },
    ] as const;
    const place = await openPlace({ local: { Users } });
    await place.write('f.csv', 'username,given_name,enabled\ngoogle_1,X,false\n');
    const away = ['--missing', 'delete', '--scope', 'all', '--max-removals', '100%', '--yes'];
    const ended = await sync(place, 'f.csv', 'a', ...away);
    expect(ended.code, ended.stderr).toBe(0);
    expect(told(place, 'a')).toEqual(['2 google_1 exists external-user', 'old deleted delete']);
    expect(poolNow(place)).toEqual(['google_1: true [staff] []']);
  });

  it('reports what can not be changed, every night, and tries it never', async () => {
    const place = await openPlace();
    await place.write('f.csv', 'username,custom:employee_id\nada,1\n');
    await synced(place, 'f.csv', 'a');
    await place.write('f.csv', 'username,custom:employee_id\nada,2\n');
    const ended = await sync(place, 'f.csv', 'b');
    expect(ended.code, ended.stderr).toBe(0);
    expect(told(place, 'b')).toEqual(['2 ada unchanged immutable-attribute']);
    expect(place.calls('AdminUpdateUserAttributes')).toBe(0);
  });
});

describe.concurrent('rows that only the pool tells to be wrong', () => {
  it('are failed, told in the log, and count as errors', async () => {
    const address = { email: 'a@example.com', email_verified: 'true' };
    const Users = [{ Username: 'eve', Attributes: address }];
    const place = await openPlace({ settings: poolOf('email-alias'), local: { Users } });
    await place.write('f.csv', 'username,email\nada,a@example.com\nbob,b@example.com\n');
    const args = ['--verified', 'email', '--log-format', 'json'];
    const ended = await sync(place, 'f.csv', 'a', ...args);
    expect(ended.code, ended.stderr).toBe(1);
    expect(told(place, 'a')).toEqual([
      '2 ada failed AliasExistsException',
      '3 bob created create+verified',
    ]);
    const lines = ended.stderr.trim().split('\n');
    const rows = lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ event }) => event === 'row');
    expect(rows).toMatchObject([{ line: 2, status: 'failed', code: 'AliasExistsException' }]);
    expect(ended.stderr).not.toMatch('example.com');
    expect(place.cells('rejects.csv', 'a')).toHaveLength(2);
  });
});

describe.concurrent('joining', () => {
  it.for(
    some<[string, string, string]>(
      [
        ['plain-username', 'email', 'username,email,given_name\nx,ADA@example.com,New\n'],
        [
          'plain-username',
          'custom:employee_id',
          'username,custom:employee_id,given_name\nx,7,New\n',
        ],
        ['email-sign-in', 'username', 'email,given_name\nada@example.com,New\n'],
        ['email-sign-in', 'email', 'email,given_name\nada@example.com,New\n'],
        [
          'email-sign-in',
          'custom:employee_id',
          'email,custom:employee_id,given_name\nada@example.com,7,New\n',
        ],
      ],
      2,
    ),
  )('in %s by %s', async ([name, key, file]) => {
    const settings = poolOf(name);
    const Attributes = { email: 'ada@example.com', 'custom:employee_id': '7', given_name: 'Old' };
    const Username = name === 'plain-username' ? 'ada' : 'b2b5e8d0-0000-4000-8000-000000000001';
    const place = await openPlace({ settings, local: { Users: [{ Username, Attributes }] } });
    await place.write('f.csv', file);
    const by = key === 'username' ? [] : ['--key', key];
    const ended = await sync(place, 'f.csv', 'a', ...by);
    expect(ended.code, ended.stderr + place.text('results.csv', 'a')).toBe(0);
    expect(
      [...place.pool.users()].map(({ username, attributes }) => [
        username,
        attributes['given_name'],
      ]),
    ).toEqual([[Username, 'New']]);
  });

  it('lets people be renamed, by a key that stays', async () => {
    const place = await openPlace({ settings: poolOf('email-sign-in') });
    await place.write('f.csv', 'email,email_verified,custom:employee_id\nold@example.com,true,7\n');
    await synced(place, 'f.csv', 'a');
    const [before] = place.pool.users();
    await place.write('f.csv', 'email,email_verified,custom:employee_id\nnew@example.com,true,7\n');
    const ended = await sync(place, 'f.csv', 'b', '--key', 'custom:employee_id');
    expect(ended.code, ended.stderr).toBe(0);
    expect([...place.pool.users()]).toMatchObject([
      { sub: before?.sub, attributes: { email: 'new@example.com', email_verified: 'true' } },
    ]);
  });

  it('never takes somebody with a row’s username and another key for missing', async () => {
    const place = await placeWith(1);
    await place.write('f.csv', 'username,email\nu0001,other@example.com\n');
    const away = ['--missing', 'delete', '--scope', 'all', '--max-removals', '100%', '--yes'];
    const ended = await sync(place, 'f.csv', 'a', '--key', 'email', ...away);
    expect(ended.code, ended.stderr).toBe(1);
    expect(told(place, 'a')).toEqual(['2 u0001 failed UsernameExistsException']);
    expect(costlyCalls(place)).toEqual({});
  });

  it('takes no key that the pool or the file has not, or that no row can have', async () => {
    const place = await placeWith(1);
    const wrong: readonly [key: string, columns: string, said: RegExp][] = [
      ['custom:nothing', 'username,email', /The pool has no attribute "custom:nothing"/],
      ['email', 'username,given_name', /no attribute column "email"/],
      ['sub', 'username,sub', /no attribute column "sub"/],
    ];
    for (const [at, [, columns]] of wrong.entries()) {
      await place.write(`f${at}.csv`, `${columns}\nu0001,x\n`);
    }
    const ended = await place.inTurn(
      wrong.map(([key], at) => ['sync', `f${at}.csv`, '--key', key, ...fast]),
    );
    for (const [at, one] of ended.entries()) {
      await expectRefused(place, one, wrong[at]?.[2] ?? /never/);
    }
  });
});

describe.concurrent('users who are missing', () => {
  const away = (kind: string, scope: string, ...more: string[]): string[] => [
    ...['--missing', kind, '--scope', scope, '--max-removals', '100%'],
    ...more,
  ];

  it.for<[string, string, readonly string[]]>(
    some<[string, string, readonly string[]]>(
      [
        ['all', 'delete', ['extern', 'guest', 'gone']],
        ['group:staff', 'delete', ['gone']],
        ['attribute:custom:department=Sales', 'delete', ['extern', 'gone']],
        ['all', 'disable', ['extern', 'guest', 'gone']],
      ],
      2,
    ),
  )('in scope %s: %s', async ([scope, kind, removed]) => {
    const sales = { 'custom:department': 'Sales' };
    const Users = [
      { Username: 'here', Groups: ['staff'], Attributes: sales },
      { Username: 'gone', Groups: ['staff'], Attributes: sales },
      { Username: 'extern', Attributes: sales },
      { Username: 'guest' },
    ];
    const place = await openPlace({ local: { Users } });
    await place.write('f.csv', 'username\nhere\n');
    const ended = await sync(place, 'f.csv', 'a', ...away(kind, scope, '--yes'));
    expect(ended.code, ended.stderr).toBe(0);
    const subs = place
      .results('a')
      .map(({ line, username, status }) => `${line} ${username} ${status}`);
    expect(subs.slice(0, 1)).toEqual(['2 here unchanged']);
    expect(subs.slice(1).sort()).toEqual(removed.map((name) => ` ${name} ${kind}d`).sort());
    const left = [...place.users()].filter(([, { enabled }]) => enabled).map(([name]) => name);
    expect(left.sort()).toEqual(
      Users.map(({ Username }) => Username)
        .filter((name) => !removed.includes(name))
        .sort(),
    );
    expect(place.cells('rejects.csv', 'a')).toHaveLength(1);
  });

  const tooMany: readonly (readonly [name: string, args: readonly string[], said: RegExp])[] = [
    ['without a scope', ['--missing', 'disable'], /--missing disable needs --scope.*group:NAME/],
    ['with a scope that is none', away('delete', 'staff'), /--scope staff is no scope/],
    [
      'with a group that is not there',
      away('delete', 'group:nobody'),
      /no group "nobody".*--scope/,
    ],
    [
      'with an attribute that is not there',
      away('delete', 'attribute:team=x'),
      /no attribute "team"/,
    ],
    [
      'without anybody who could be asked',
      away('disable', 'all'),
      /20 users would be disabled or deleted.*--yes/,
    ],
    [
      'more than a tenth',
      ['--missing', 'disable', '--scope', 'all', '--yes'],
      /20 users.*10% of 22 users, which is 2.*--max-removals 20/,
    ],
    [
      'more than a number',
      [...away('delete', 'all', '--yes'), '--max-removals', '19'],
      /20 users.*allows 19/,
    ],
    [
      'more than a percentage',
      [...away('delete', 'all', '--yes'), '--max-removals', '90.5%'],
      /allows 90.5% of 22 users, which is 19/,
    ],
    [
      'by a cap that is none',
      [...away('delete', 'all', '--yes'), '--max-removals', 'many'],
      /--max-removals many/,
    ],
  ];

  it('are not removed without a scope, a cap and a yes that allow it', async () => {
    const place = await placeWith(22);
    await place.write('f.csv', people(2));
    const commands = tooMany.map(([, args]) => {
      // The last of a repeated option would not count.
      const last = args.lastIndexOf('--max-removals');
      const once = args.filter(
        (_, at) =>
          at >= last || (args[at] !== '--max-removals' && args[at - 1] !== '--max-removals'),
      );
      return ['sync', 'f.csv', ...fast, ...once];
    });
    const ended = await place.inTurn(commands);
    for (const [at, one] of ended.entries()) {
      await expectRefused(place, one, tooMany[at]?.[2] ?? /never/);
    }
    expect(place.pool.userCount).toBe(22);
  });

  it('up to a tenth are removed without being asked for', async () => {
    const place = await placeWith(20);
    await place.write('f.csv', people(18));
    const ended = await sync(
      place,
      'f.csv',
      'a',
      '--missing',
      'disable',
      '--scope',
      'all',
      '--yes',
    );
    expect(ended.code, ended.stderr).toBe(0);
    expect(place.statuses('a')).toEqual({ unchanged: 18, disabled: 2 });
  });

  it('stay where --protect names them, in any case and by any name', async () => {
    const place = await placeWith(5);
    await place.write('f.csv', people(1, { enabled: () => 'false' }));
    const sub = place.users().get('u0004')?.sub ?? '';
    await place.write('keep.txt', `U0002\r\n\n u0003@EXAMPLE.com \n${sub}\nu0001`);
    const args = away('delete', 'all', '--yes', '--protect', 'keep.txt');
    const ended = await sync(place, 'f.csv', 'a', ...args);
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stderr).toMatch(/^note: 4 users would be .*--protect/m);
    expect(told(place, 'a')).toEqual(['2 u0001 unchanged', 'u0005 deleted delete']);
    expect(place.users().get('u0001')?.enabled).toBe(true);
  });

  it('are not removed where the list of whom to protect can not be read', async () => {
    const place = await placeWith(2);
    await place.write('f.csv', people(1));
    const args = away('delete', 'all', '--yes', '--protect', 'nowhere.txt');
    await expectRefused(
      place,
      await sync(place, 'f.csv', 'a', ...args),
      /--protect nowhere.txt can't be read \(ENOENT\)/,
    );
  });

  it('are not those of invalid rows, and nobody is where a row does not tell whom it is about', async () => {
    const place = await placeWith(3);
    await place.write('f.csv', 'username,email\nu0001,no-address\nu0002,u0002@example.com\n');
    const invalid = await sync(place, 'f.csv', 'a', ...away('delete', 'all', '--yes'));
    expect(invalid.code, invalid.stderr).toBe(1);
    expect(told(place, 'a')).toEqual([
      '2 u0001 invalid invalid-email',
      '3 u0002 unchanged',
      'u0003 deleted delete',
    ]);
    await place.write('f.csv', 'username,email\n,u0001@example.com\nu0003,u0003@example.com\n');
    const unread = await sync(place, 'f.csv', 'b', ...away('delete', 'all', '--yes'));
    expect(unread.code, unread.stderr).toBe(1);
    expect(unread.stderr).toMatch(/^note: In 1 row .*nobody is removed/m);
    expect(place.results('b')[0]).toMatchObject({ line: '2', code: 'missing-username' });
    expect(told(place, 'b').slice(1)).toEqual([
      '3 u0003 created create',
      'u0001 not-attempted unreadable-rows',
      'u0002 not-attempted unreadable-rows',
    ]);
    expect(place.users().size).toBe(3);
  });
});

describe.concurrent('a file that may not be whole', () => {
  it('is a header alone: a warning, and a refusal where users would be missing', async () => {
    const place = await placeWith(3);
    await place.write('f.csv', 'username,email\n');
    const away = ['--missing', 'disable', '--scope', 'all', '--yes'];
    await expectRefused(place, await sync(place, 'f.csv', 'a', ...away), /no rows/);
    const ended = await sync(place, 'f.csv', 'b');
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stderr).toMatch(/^note: .*header and no rows/m);
  });

  it('has fewer rows than it should', async () => {
    const place = await placeWith(3);
    await place.write('f.csv', people(2));
    await expectRefused(
      place,
      await sync(place, 'f.csv', 'a', '--min-rows', '3'),
      /2 rows.*--min-rows.*3/,
    );
    await expectRefused(place, await sync(place, 'f.csv', 'a', '--min-rows', '-1'), /--min-rows/);
    expect((await sync(place, 'f.csv', 'a', '--min-rows', '2')).code).toBe(0);
  });

  it('has less than half the rows of last time, unless that is meant', async () => {
    const place = await placeWith(0);
    await place.write('f.csv', people(10));
    await synced(place, 'f.csv', 'a');
    // A dry run, a refusal and another pool's sync are not last time.
    await place.write('g.csv', people(30));
    await foreseen(place, 'g.csv', 'dry');
    await writeReport({ run: 'dry', reports: place.path('reports') });
    await place.write('g.csv', people(5));
    const half = await sync(place, 'g.csv', 'b');
    expect(half.code, half.stderr).toBe(0);
    await place.write('g.csv', people(2));
    const less = await sync(place, 'g.csv', 'c');
    expect(less.code).toBe(2);
    expect(less.stderr).toMatch(/2 rows.*half of the 5 of last time.*--min-rows 0/);
    expect(await place.runs()).not.toContain('c');
    expect((await sync(place, 'g.csv', 'c', '--min-rows', '0')).code).toBe(0);
  });

  it('names a group that is not there', async () => {
    const place = await openPlace();
    await place.write('f.csv', 'username,groups\nada,staff\nbob,stuff\n');
    await expectRefused(
      place,
      await sync(place, 'f.csv', 'a'),
      /Line 3 of f.csv: .*group.*--create-groups/,
    );
    const made = await sync(place, 'f.csv', 'a', '--create-groups');
    expect(made.code, made.stderr).toBe(0);
    expect(place.users().get('bob')?.groups).toEqual(['stuff']);
    const again = await sync(place, 'f.csv', 'b', '--create-groups');
    expect(again.stderr).toMatch(/Nothing to do/);
    expect(place.calls('CreateGroup')).toBe(1);
  });

  it.for<[string, string]>(
    some<[string, string]>(
      [
        ['the users', 'ListUsers'],
        ['a group', 'ListUsersInGroup'],
      ],
      3,
    ),
  )('and a list of %s that breaks off is never a small pool', async ([, operation]) => {
    const place = await placeWith(150, {
      faults: {
        rules: [{ kind: 'internal-error', operation, after: operation === 'ListUsers' ? 1 : 0 }],
      },
    });
    await place.write('f.csv', people(150, { groups: () => 'staff' }));
    const away = ['--missing', 'delete', '--scope', 'all', '--yes', '--max-attempts', '2'];
    const ended = await sync(place, 'f.csv', 'a', ...away);
    await expectRefused(place, ended, new RegExp(operation));
  });
});
