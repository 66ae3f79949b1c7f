import {
  AdminInitiateAuthCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { parse } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';

import { fixtures } from '../support/cli.js';
import { fast, openPlace, people, poolOf, type Place } from '../support/place.js';

// Most of the time these wait for each other's clock, not for the processor.
vi.setConfig({ maxConcurrency: 8 });

const passwords = join(fixtures, 'small/passwords.csv');

/** Signs in as the person would; what the pool answers. */
async function signIn(place: Place, username: string, password: string): Promise<string> {
  const client = new CognitoIdentityProviderClient({
    endpoint: place.pool.endpoint,
    region: place.pool.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const open = place.pool.clients.find(({ ClientSecret }) => ClientSecret === undefined);
  try {
    const answer = await client.send(
      new AdminInitiateAuthCommand({
        UserPoolId: place.pool.userPoolId,
        ClientId: open?.ClientId,
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: username, PASSWORD: password },
      }),
    );
    return answer.ChallengeName ?? (answer.AuthenticationResult ? 'signed-in' : 'nothing');
  } catch (error) {
    return error instanceof Error ? error.name : 'not even an error';
  } finally {
    client.destroy();
  }
}

function peopleWithPasswords(): { username: string; password: string }[] {
  return parse(readFileSync(passwords), { columns: true });
}

describe.concurrent('passwords of the file', () => {
  it.for([
    [[], 'NEW_PASSWORD_REQUIRED', 'FORCE_CHANGE_PASSWORD'],
    [['--password-mode', 'permanent'], 'signed-in', 'CONFIRMED'],
  ] as const)('with $0 let people sign in: $1', async ([args, answer, status]) => {
    const place = await openPlace();
    const ended = await place.import(passwords, ...args);
    expect(ended.code, ended.stderr).toBe(0);
    for (const { username, password } of peopleWithPasswords()) {
      expect(`${username} ${await signIn(place, username, password)}`).toBe(
        `${username} ${answer}`,
      );
      expect(place.users().get(username)?.status).toBe(status);
    }
    expect(await signIn(place, 'suharti', 'Not-This-1!')).toBe('NotAuthorizedException');
  });

  it('are not set where nobody wants them', async () => {
    const place = await openPlace();
    expect((await place.import(passwords, '--password-mode', 'none')).code).toBe(0);
    expect(await signIn(place, 'akiko.tanaka', 'Fjord-Regen-72!')).toBe('NotAuthorizedException');
    expect(place.results().every(({ steps }) => !steps.includes('password'))).toBe(true);
  });
});

describe.concurrent('generated passwords', () => {
  const read = (place: Place): { username: string; password: string }[] =>
    parse(readFileSync(place.path('pw.csv')), { columns: true });

  it.for(['temporary', 'permanent'])(
    'in the mode %s work, for exactly those who were made and had none',
    async (mode) => {
      const place = await openPlace({
        local: { Users: [{ Username: 'u0002', Attributes: { email: 'u0002@example.com' } }] },
      });
      const own = (n: number): string => (n === 3 ? 'Own-Passw0rd' : '');
      const text = `${people(4, { password: own })}u0001,twin@example.com,\n,none@example.com,\n`;
      await place.write('f.csv', text);
      const args = ['--generate-passwords', 'pw.csv', '--password-mode', mode];
      const ended = await place.import('f.csv', ...args);
      expect(ended.code, ended.stderr).toBe(1);
      expect(place.mode('pw.csv')).toBe('600');
      expect(
        read(place)
          .map(({ username }) => username)
          .sort(),
      ).toEqual(['u0001', 'u0004']);
      const wanted = mode === 'temporary' ? 'NEW_PASSWORD_REQUIRED' : 'signed-in';
      for (const { username, password } of read(place)) {
        expect(await signIn(place, username, password)).toBe(wanted);
        for (const report of ['results.csv', 'rejects.csv', 'summary.json', 'journal.jsonl'])
          expect(place.text(report)).not.toContain(password);
        expect(ended.stdout + ended.stderr).not.toContain(password);
      }
      expect(await signIn(place, 'u0003', 'Own-Passw0rd')).toBe(wanted);
    },
  );

  it('never overwrite a file, not even by way of resume', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(2));
    const precious = 'username,password\nu0001,the-only-copy\nand a last line without an end';
    await place.write('pw.csv', precious);
    const ended = await place.import('f.csv', '--generate-passwords', 'pw.csv');
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch('pw.csv');
    expect(place.calls('AdminCreateUser')).toBe(0);
    await place.resume();
    expect(readFileSync(place.path('pw.csv'), 'utf8')).toBe(precious);
  });
});

describe.concurrent('--verified, --groups and --create-groups', () => {
  it('mark what the row has and nothing else, and put it into groups beside those of the file', async () => {
    const place = await openPlace();
    await place.write(
      'f.csv',
      'username,email,phone_number,groups\na,a@example.com,,staff;editors\nb,,+442079460018,\n',
    );
    const args = ['--verified', 'email,phone_number', '--groups', 'staff,customers'];
    expect((await place.import('f.csv', ...args)).code).toBe(0);
    expect(place.users().get('a')?.attributes).toEqual({
      email: 'a@example.com',
      email_verified: 'true',
    });
    expect(place.users().get('b')?.attributes).toEqual({
      phone_number: '+442079460018',
      phone_number_verified: 'true',
    });
    expect(place.results().map(({ steps }) => steps)).toEqual([
      'create+verified+groups',
      'create+verified+groups',
    ]);
    expect([...(place.users().get('a')?.groups ?? [])].sort()).toEqual([
      'customers',
      'editors',
      'staff',
    ]);
    expect([...(place.users().get('b')?.groups ?? [])].sort()).toEqual(['customers', 'staff']);
  });

  it('make a group only where that is said', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(2, { groups: (n) => (n === 1 ? 'new.ones' : 'staff') }));
    expect((await place.import('f.csv')).code).toBe(1);
    expect(place.results()[0]).toMatchObject({ status: 'invalid', code: 'unknown-group' });
    expect(place.calls('CreateGroup')).toBe(0);
    const again = await place.run(['import', 'f.csv', '--run', 'b', '--create-groups', ...fast]);
    expect(again.code, again.stderr).toBe(0);
    expect(place.users().get('u0001')?.groups).toEqual(['new.ones']);
    expect(place.calls('CreateGroup')).toBe(1);
  });

  it('does not say that nothing was written once a group was made', async () => {
    const place = await openPlace({
      faults: { rules: [{ kind: 'access-denied', operation: 'AdminCreateUser' }] },
    });
    await place.write('f.csv', people(2));
    const ended = await place.import('f.csv', '--groups', 'brand.new', '--create-groups');
    expect(place.calls('CreateGroup')).toBe(1);
    expect(ended.code, ended.stdout).toBe(3);
  });
});

describe.concurrent('--on-existing', () => {
  const settings = {
    Users: [
      {
        Username: 'u0001',
        Enabled: true,
        Attributes: { email: 'old@example.com', name: 'Kept', 'custom:employee_id': '1' },
        Groups: ['customers'],
      },
      { Username: 'u0003', Attributes: { email: 'u0003@example.com' } },
    ],
  };
  const file = people(3, {
    'custom:employee_id': (n) => (n === 1 ? '2' : ''),
    groups: (n) => (n === 1 ? 'staff' : ''),
    enabled: (n) => (n === 1 ? 'false' : ''),
  });

  it.for([
    ['skip', 0, 'exists'],
    ['fail', 1, 'failed'],
  ] as const)('%s leaves who is there alone', async ([how, code, status]) => {
    const place = await openPlace({ local: settings });
    const before = structuredClone(place.users().get('u0001'));
    const ended = await place.import(await place.write('f.csv', file), '--on-existing', how);
    expect(ended.code, ended.stderr).toBe(code);
    expect(place.results().map((row) => row.status)).toEqual([status, 'created', status]);
    expect(place.users().get('u0001')).toEqual(before);
  });

  it('update brings over what differs, and says what can not be', async () => {
    const place = await openPlace({ local: settings });
    const ended = await place.import(await place.write('f.csv', file), '--on-existing', 'update');
    expect(ended.code, ended.stderr).toBe(0);
    expect(place.results().map(({ status }) => status)).toEqual([
      'updated',
      'created',
      'unchanged',
    ]);
    expect(place.results()[0]?.code).toBe('immutable-attribute');
    const user = place.users().get('u0001');
    expect(user).toMatchObject({
      enabled: false,
      attributes: { email: 'u0001@example.com', name: 'Kept', 'custom:employee_id': '1' },
      sub: place.results()[0]?.sub,
    });
    expect([...(user?.groups ?? [])].sort()).toEqual(['customers', 'staff']);
    const again = await place.run([
      'import',
      'f.csv',
      '--run',
      'b',
      '--on-existing',
      'update',
      ...fast,
    ]);
    expect(again.code, again.stderr).toBe(0);
    expect(place.statuses('b')).toEqual({ unchanged: 3 });
  });
});

describe.concurrent('a pool where people sign in by e-mail', () => {
  it('needs no username column', async () => {
    const place = await openPlace({ settings: poolOf('email-sign-in') });
    const ended = await place.import(join(fixtures, 'small/email-sign-in.csv'));
    expect(ended.code, ended.stderr).toBe(1);
    expect(place.results().map(({ line, status }) => `${line} ${status}`)).toEqual([
      ...[
        '2 created',
        '3 created',
        '4 created',
        '5 invalid',
        '6 invalid',
        '7 invalid',
        '8 created',
      ],
    ]);
    const emails = [...place.pool.users()].map((user) => user.attributes['email']?.toLowerCase());
    expect(emails).toEqual([
      ...['akiko.tanaka@example.com', 'juergen.gross+work@example.com'],
      ...['sean.obrien@example.com', 'suharti@example.org'],
    ]);
    for (const { sub, username } of place.results().filter(({ status }) => status === 'created'))
      expect([...place.pool.users()].find((user) => user.sub === sub)?.attributes['email']).toBe(
        username,
      );
  });

  it('has no false answers after lost ones, and every group', async () => {
    const place = await openPlace({
      settings: poolOf('email-sign-in'),
      faults: {
        rules: [{ kind: 'reset-after', operation: 'AdminCreateUser', every: 2 }],
      },
    });
    const text = people(12, { groups: () => 'staff' }).replace(/^[^,]*,/gm, '');
    const ended = await place.import(await place.write('f.csv', text));
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    expect(place.statuses()).toEqual({ created: 12 });
    expect([...place.pool.users()].map(({ sub }) => sub).sort()).toEqual(
      place
        .results()
        .map(({ sub }) => sub)
        .sort(),
    );
    expect([...place.pool.users()].every(({ groups }) => groups[0] === 'staff')).toBe(true);
  });
});
