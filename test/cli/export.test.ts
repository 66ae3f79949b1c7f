import { parse } from 'csv-parse/sync';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import process from 'node:process';
import { afterAll, describe, expect, it } from 'vitest';

import type { LocalPoolSettings, SeedUser } from '../../src/local/index.js';
import { fast, openPlace, poolOf, until } from '../support/place.js';
import type { Place } from '../support/place.js';
import { some } from '../support/thorough.js';

const records = (text: string): Record<string, string>[] => parse(text, { columns: true });
const read = (place: Place, name: string): string => readFileSync(place.path(name), 'utf8');

/** Without what no import can bring about: `sub`, and how somebody came to have a password. */
function comparable(text: string): string[] {
  return records(text)
    .map(({ sub, 'cognito:user_status': status, ...others }) => {
      expect([sub, status]).not.toContain('');
      return JSON.stringify(Object.entries(others).filter(([, value]) => value !== ''));
    })
    .sort();
}

const exportTo = (place: Place, output: string, ...args: string[]) =>
  place.run(['export', '--output', output, ...fast, ...args]);

const leftBeside = (place: Place): string[] =>
  readdirSync(place.folder).filter((name) => name.includes('.part'));

const nasty = ['=1+1', '  lead', 'trail \t', 'a\r\nb', '\tt', "'=x", "'", '\\,', 'a,"b"', '\n'];

/** People of all kinds, in any pool of the fixtures. */
function seeds(settings: LocalPoolSettings): SeedUser[] {
  const names = new Set(settings.UserPool.SchemaAttributes?.map(({ Name }) => Name));
  const groups = (settings.Groups ?? []).map(({ GroupName }) => GroupName);
  return nasty.map((value, at) => ({
    Username: `${['-', '#x', '__proto__', 'username', '=x', '@', "'+"][at] ?? 'u'}${at}`,
    Enabled: at % 3 !== 0,
    UserStatus: 'CONFIRMED',
    Attributes: Object.fromEntries(
      Object.entries({
        email: `u${at}@example.com`,
        email_verified: String(at % 2 === 0),
        given_name: value,
        family_name: `${value}${at}`,
        nickname: `n${at}`,
        ...(at % 2 === 0 && { 'custom:department': value, birthdate: '1980-02-29' }),
        ...(at % 4 === 0 && { phone_number: `+4930123456${at}`, phone_number_verified: 'true' }),
      }).filter(([name]) => names.size === 0 || names.has(name)),
    ),
    Groups: groups.filter((_, group) => (at + group) % 3 === 0),
  }));
}

describe.concurrent('export', () => {
  it.for(
    some(['prototype-names', 'plain-username', 'email-sign-in', 'email-alias', 'passwordless'], 2),
  )('of %s is read back by import into another pool without a change', async (name) => {
    const settings = poolOf(name);
    const first = await openPlace({ settings, local: { Users: seeds(settings) } });
    const exported = await exportTo(first, 'users.csv');
    expect(exported.code, exported.stderr).toBe(0);
    expect(exported.stdout).toContain('10 users');
    const text = read(first, 'users.csv');
    expect(records(text)).toHaveLength(nasty.length);

    const second = await openPlace({ settings });
    await second.write('users.csv', text);
    const imported = await second.import('users.csv');
    expect(imported.code, imported.stderr).toBe(0);
    expect(second.statuses()).toEqual({ created: nasty.length });
    const again = await second.run(['export', ...fast, '--quiet']);
    expect(again.code, again.stderr).toBe(0);
    expect(comparable(again.stdout)).toEqual(comparable(text));
    expect(again.stdout.split('\n', 1)).toEqual(text.split('\n', 1));

    const people = (place: Place): string[] =>
      [...place.pool.users()]
        .map(({ enabled, groups, attributes }) =>
          JSON.stringify([enabled, [...groups].sort(), Object.entries(attributes).sort()]),
        )
        .sort();
    expect(people(second)).toEqual(people(first));
  });

  it.for(some(['email-alias', 'plain-username', 'email-sign-in'], 1))(
    'of %s piped into a dry run finds nothing to do',
    async (name) => {
      const settings = poolOf(name);
      const place = await openPlace({ settings, local: { Users: seeds(settings) } });
      const { stdout, stderr, code } = await place.run(['export', ...fast]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      // With "update", a user who differed would be "would-update".
      const args = ['import', '-', '--dry-run', '--on-existing', 'update', '--run', 'r', ...fast];
      const ended = await place.run(args, { input: stdout });
      expect(ended.code, ended.stderr).toBe(0);
      expect(place.statuses()).toEqual({ exists: nasty.length });
    },
  );

  it('leaves users of identity providers out and says so, without an empty column of groups', async () => {
    const settings = poolOf('plain-username');
    const Users = [
      { Username: 'own', Attributes: { email: 'own@example.com' } },
      { Username: 'google_1', UserStatus: 'EXTERNAL_PROVIDER', Groups: ['staff'] },
    ] as const;
    const place = await openPlace({ settings, local: { Users } });
    const { stdout, stderr, code } = await place.run(['export', ...fast]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/identity providers \(1\) are left out/);
    expect(records(stdout)).toMatchObject([{ username: 'own', email: 'own@example.com' }]);
    expect(stdout.split('\n', 1)).toEqual(['username,email,enabled,sub,cognito:user_status']);
  });

  it('of a pool without users is a header that import reads', async () => {
    const place = await openPlace({ settings: poolOf('email-sign-in') });
    const { stdout, code } = await place.run(['export', ...fast]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'email,enabled,sub,cognito:user_status\n',
    });
    const ended = await place.run(['import', '-', '--dry-run', ...fast], { input: stdout });
    expect(ended.code, ended.stderr).toBe(0);
  });

  it('says which group no column can name, and who would not be read back', async () => {
    const { UserPool } = poolOf('plain-username');
    const Attributes = { phone_number: '+12' };
    const Groups = [{ GroupName: 'a;b' }, { GroupName: '-c' }];
    const place = await openPlace({
      settings: { UserPool, Groups },
      local: { Users: [{ Username: 'u', Attributes, Groups: ['a;b', '-c'] }] },
    });
    const { stdout, stderr, code } = await place.run(['export', ...fast]);
    expect(code).toBe(0);
    expect(stderr).toContain('"a;b"');
    expect(stderr).toContain('1 invalid-phone-number');
    expect(records(stdout)).toMatchObject([{ groups: "'-c", phone_number: "'+12" }]);
  });

  it('makes a file that only its owner reads, tells it with --json, and never writes over one', async () => {
    const place = await openPlace({ local: { Users: [{ Username: 'u' }] } });
    const ended = await exportTo(place, 'users.csv', '--json');
    expect(ended.code, ended.stderr).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      output: 'users.csv',
      users: 1,
      external: 0,
      pool: { id: place.pool.userPoolId },
    });
    expect(place.mode('users.csv')).toBe('600');
    const text = read(place, 'users.csv');
    const again = await exportTo(place, 'users.csv');
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('is not overwritten');
    expect(read(place, 'users.csv')).toBe(text);
    expect(leftBeside(place)).toEqual([]);
  });

  it('tells with --json nothing of the users, and needs a file for them', async () => {
    const place = await openPlace({ local: { Users: [{ Username: 'u' }] } });
    const without = await place.run(['export', '--json']);
    expect({ code: without.code, stdout: without.stdout }).toEqual({ code: 2, stdout: '' });
    expect(without.stderr).toContain('--output');
  });

  it('leaves nothing where there is no such pool, or no such folder', async () => {
    const place = await openPlace();
    const nobody = await exportTo(place, 'users.csv', '--user-pool-id', 'us-east-1_Nobody');
    expect(nobody.code).toBe(2);
    expect(nobody.stderr).toContain('--user-pool-id');
    const nowhere = await exportTo(place, 'nowhere/users.csv');
    expect(nowhere.code).toBe(2);
    expect(nowhere.stderr).toMatch(/^cognito-bulk: nowhere\/users.csv can't be written.*\n$/);
    expect(readdirSync(place.folder)).toEqual([]);
    const noCopy = await place.run(['export'], { env: { TMPDIR: place.path('nowhere') } });
    expect(noCopy).toMatchObject({ code: 2, stdout: '' });
    expect(noCopy.stderr).toMatch(/TMPDIR.*--output/);
  });
});

const many = 1_500;

function manyUsers(): SeedUser[] {
  return Array.from({ length: many }, (_, at) => ({
    Username: `u${at}`,
    Attributes: { email: `u${at}@example.com` },
    Groups: at % 2 === 0 ? ['staff'] : [],
  }));
}

async function largePlace(): Promise<Place> {
  return openPlace({ settings: poolOf('plain-username'), local: { Users: manyUsers() } });
}

function expectWhole(text: string): void {
  const all = records(text);
  expect(all).toHaveLength(many);
  expect(new Set(all.map(({ username }) => username)).size).toBe(many);
  expect(all.filter(({ groups }) => groups === 'staff')).toHaveLength(many / 2);
}

/** Starts an export that has read a third of the users and can't go on before the faults are gone. */
async function startHeld(place: Place): Promise<ReturnType<Place['start']>> {
  const held = { kind: 'throttle', operation: 'ListUsers', after: 9 } as const;
  place.pool.setFaults({ rules: [held] });
  const running = place.start(['export', '--output', 'users.csv', ...fast]);
  const part = place.path('users.csv.part');
  await until(
    () => existsSync(part) && readFileSync(part, 'utf8').split('"list":"users"').length > 8,
  );
  return running;
}

describe('an export of many users', () => {
  it('that is killed goes on where it was, and has each user once', async () => {
    const place = await largePlace();
    const running = await startHeld(place);
    running.child.kill('SIGKILL');
    await running.ended;
    expect(existsSync(place.path('users.csv'))).toBe(false);
    expect(place.mode('users.csv.part')).toBe('600');
    // A crash may tear the last line.
    const part = readFileSync(place.path('users.csv.part'));
    writeFileSync(place.path('users.csv.part'), part.subarray(0, -7));
    const before = place.calls('ListUsers');
    place.pool.setFaults({ rules: [] });
    const ended = await exportTo(place, 'users.csv');
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stderr).toMatch(/users.csv.part has \d+ users/);
    expectWhole(read(place, 'users.csv'));
    expect(place.calls('ListUsers') - before).toBeLessThan(many / 60 - 5);
    expect(leftBeside(place)).toEqual([]);
  });

  it('that is interrupted keeps what was read and says where', async () => {
    const place = await largePlace();
    const running = await startHeld(place);
    const second = await exportTo(place, 'users.csv');
    expect(second.code).toBe(2);
    expect(second.stderr).toContain('is being written already');
    running.child.kill('SIGTERM');
    const ended = await running.ended;
    expect(ended.code).toBe(143);
    expect(ended.stderr).toMatch(/SIGTERM ended it.*users.csv.part .*personal data/);
    expect(existsSync(place.path('users.csv'))).toBe(false);
    place.pool.setFaults({ rules: [] });
    expect((await exportTo(place, 'users.csv')).code).toBe(0);
    expectWhole(read(place, 'users.csv'));
  });

  it('writes nothing to standard output when it is interrupted', async () => {
    const place = await largePlace();
    place.pool.setFaults({ rules: [{ kind: 'throttle', operation: 'ListUsers', after: 9 }] });
    const running = place.start(['export', ...fast]);
    await until(() => place.calls('ListUsers') > 5);
    running.child.kill('SIGINT');
    const ended = await running.ended;
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code: 130, stdout: '' });
    expect(ended.stderr).toContain('Nothing is exported');
  });

  it('ends with 3 when its time is over', async () => {
    const place = await largePlace();
    place.pool.setFaults({ rules: [{ kind: 'throttle', operation: 'ListUsers' }] });
    const ended = await exportTo(place, 'users.csv', '--max-duration', '700ms');
    expect(ended.code, ended.stderr).toBe(3);
    expect(ended.stderr).toContain('--max-duration');
  });

  it('starts anew where the service takes a token no more', async () => {
    const place = await largePlace();
    const running = await startHeld(place);
    running.child.kill('SIGKILL');
    await running.ended;
    place.pool.setFaults({ rules: [] });
    const part = read(place, 'users.csv.part');
    writeFileSync(
      place.path('users.csv.part'),
      part.slice(0, part.lastIndexOf('\n') + 1).replaceAll(/"next":"[^"]*"/g, '"next":"expired"'),
    );
    const ended = await exportTo(place, 'users.csv');
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stderr).toContain('all is read anew');
    expectWhole(read(place, 'users.csv'));
  });

  it('does not go on with what is of another pool, or old, or no part of an export', async () => {
    const place = await largePlace();
    const { userPoolId: pool, region } = place.pool;
    const head = { export: 'cognito-bulk', version: 1, pool, region, at: Date.now() };
    for (const [text, said] of [
      ['my own notes', 'something else'],
      [`${JSON.stringify({ ...head, pool: 'us-east-1_Other' })}\n`, 'us-east-1_Other'],
      [`${JSON.stringify({ ...head, at: Date.now() - 90_000_000 })}\n`, 'more than a day ago'],
    ] as const) {
      await place.write('users.csv.part', text);
      const ended = await exportTo(place, 'users.csv');
      expect(ended.code).toBe(2);
      expect(ended.stderr).toContain(said);
      expect(read(place, 'users.csv.part')).toBe(text);
    }
    expect(place.calls('ListUsers')).toBe(0);
  });

  it('is whole whatever happens to the calls', async () => {
    const place = await largePlace();
    place.pool.setFaults({
      rules: [
        { kind: 'throttle', operation: ['ListUsers', 'ListUsersInGroup'], every: 7, count: 4 },
        { kind: 'reset-after', operation: 'ListUsers', every: 5 },
        { kind: 'cut-off', operation: 'ListUsersInGroup', every: 4 },
        { kind: 'internal-error', operation: 'ListGroups', count: 1 },
      ],
    });
    const ended = await exportTo(place, 'users.csv');
    expect(ended.code, ended.stderr).toBe(0);
    expectWhole(read(place, 'users.csv'));
  });

  it('that breaks off ends with 2, looks like nothing whole, and can go on', async () => {
    const place = await largePlace();
    const rule = { kind: 'access-denied', operation: 'ListUsers', after: 10 } as const;
    place.pool.setFaults({ rules: [rule] });
    const piped = await place.run(['export', ...fast]);
    expect({ code: piped.code, stdout: piped.stdout }).toEqual({ code: 2, stdout: '' });
    place.pool.setFaults({ rules: [rule] });
    const ended = await exportTo(place, 'users.csv');
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('users.csv.part');
    expect(existsSync(place.path('users.csv'))).toBe(false);
    place.pool.setFaults({ rules: [] });
    expect((await exportTo(place, 'users.csv')).code).toBe(0);
    expectWhole(read(place, 'users.csv'));
  });

  it('ends without a word where its reader goes away, and with one where there is no room', async () => {
    const place = await largePlace();
    const shell = (rest: string): string[] => [
      '-c',
      `"$0" "$1" export --rate UserList=5000 --quiet ${rest}`,
    ];
    const { startProgram, main } = await import('../support/cli.js');
    const run = (rest: string) =>
      startProgram('bash', [...shell(rest), process.execPath, main], {
        cwd: place.folder,
        env: place.env,
      }).ended;
    const head = await run('| head -1');
    expect(head).toMatchObject({ code: 0, stderr: '' });
    expect(head.stdout).toMatch(/^username,email,.*\n$/);
    const full = await run('> /dev/full');
    expect(full.code).toBe(2);
    expect(full.stderr).toMatch(/^cognito-bulk: Standard output can't be written \(ENOSPC\).\n$/);
  });
});

const mounted: string[] = [];
afterAll(() => {
  for (const folder of mounted) execFileSync('umount', [folder]);
});

const isRoot = process.getuid?.() === 0 && process.platform === 'linux';

describe.skipIf(!isRoot)('a disk that is full (a mount of its own, so root only)', () => {
  it.for(some([200, 40], 1))(
    'at %i KiB ends the export with a sentence, and it goes on',
    async (room) => {
      const place = await largePlace();
      const folder = place.path('small');
      await mkdir(folder);
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${room}k`, 'tmpfs', folder]);
      mounted.push(folder);
      const ended = await exportTo(place, 'small/users.csv');
      expect(ended.code).toBe(2);
      expect(ended.stderr).toMatch(/ENOSPC/);
      expect(ended.stderr).not.toContain('This was not expected');
      expect(existsSync(place.path('small/users.csv'))).toBe(false);
      execFileSync('mount', ['-o', 'remount,size=20m', folder]);
      const again = await exportTo(place, 'small/users.csv');
      expect(again.code, again.stderr).toBe(0);
      expectWhole(read(place, 'small/users.csv'));
      expect(statSync(place.path('small/users.csv')).mode & 0o777).toBe(0o600);
    },
  );
});
