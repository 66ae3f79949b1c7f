import { parse } from 'csv-parse/sync';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';

import type { FaultPlan } from '../../src/local/index.js';
import { openPlace, people, until, type Place, type PlaceOptions } from '../support/place.js';
import type { Ended } from '../support/cli.js';
import {
  confidentialClient,
  fastSignIn,
  poolLike,
  publicClient,
  signInWithSdk,
} from '../support/signing-in.js';

vi.setConfig({ maxConcurrency: 6 });

const password = (n: number): string => `Final-${n}-canary!`;
const challenge = ['--password-mode', 'challenge'];
const flows = ['ALLOW_ADMIN_USER_PASSWORD_AUTH'];

async function placeWith(count: number, options: PlaceOptions = {}): Promise<Place> {
  const place = await openPlace(options);
  await place.write('f.csv', people(count, { password }));
  return place;
}

function run(
  place: Place,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Ended> {
  const all = ['import', 'f.csv', '--run', 'r', ...challenge, ...fastSignIn];
  const client = args.includes('--client-id') ? [] : ['--client-id', publicClient];
  return place.run([...all, ...client, ...args], { env });
}

const outcomes = (place: Place): string[] =>
  place.results().map(({ status, code, steps }) => [status, code, steps].join(' '));

const outcome = (place: Place): string => outcomes(place)[0] ?? '';

/** Nothing secret in any file of the run or on the screen. */
function expectNoSecret(place: Place, ended: Ended, ...secrets: string[]): void {
  const texts = readdirSync(place.path('reports', 'r')).map((name) => place.text(name));
  for (const text of [...texts, ended.stdout, ended.stderr]) {
    for (const secret of ['canary', 'eyJ', ...secrets]) expect(text).not.toContain(secret);
  }
}

describe.concurrent('--password-mode challenge', () => {
  it.for([publicClient, confidentialClient])('leaves accounts ready to use: %s', async (client) => {
    const place = await placeWith(3);
    const ended = await run(place, ['--client-id', client, '--verified', 'email']);
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    expect(outcomes(place)).toEqual(Array<string>(3).fill('created  create+verified+challenge'));
    expect(ended.stderr).toMatch('--password-mode permanent does the same with half the calls');
    for (const n of [1, 2, 3]) {
      const user = place.users().get(`u000${n}`);
      expect(user).toMatchObject({ status: 'CONFIRMED' });
      expect(user?.attributes['email_verified']).toBe('true');
      expect(await signInWithSdk(place, `u000${n}`, password(n), client)).toBe('tokens');
    }
    expect(place.calls('AdminSetUserPassword')).toBe(0);
    expectNoSecret(place, ended, ...place.pool.clients.flatMap((it) => it.ClientSecret ?? []));
  });

  it('hashes with the sub where people sign in with their email', async () => {
    const place = await openPlace({ settings: poolLike({ UsernameAttributes: ['email'] }) });
    await place.write('f.csv', `email,password\nada@example.com,${password(1)}\n`);
    const ended = await run(place, ['--client-id', confidentialClient]);
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    expect(outcome(place)).toBe('created  create+challenge');
    const signedIn = await signInWithSdk(place, 'ada@example.com', password(1), confidentialClient);
    expect(signedIn).toBe('tokens');
  });

  it('takes the other secret of a rotation', async () => {
    const ClientId = confidentialClient;
    const rotating = {
      HasSecret: true,
      ClientSecret: 'first-secret',
      SecondClientSecret: 'second',
    };
    const settings = poolLike({}, [{ ClientId, ExplicitAuthFlows: flows, ...rotating }]);
    const place = await placeWith(2, { settings });
    const args = ['--client-id', ClientId];
    const right = await run(place, args, { COGNITO_CLIENT_SECRET: 'an-old-secret' });
    expect(right.code, right.stdout + right.stderr).toBe(0);
    expect(outcomes(place)).toEqual(Array<string>(2).fill('created  create+challenge'));
    expectNoSecret(place, right, 'an-old-secret', 'first-secret');
  });

  it('uses ADMIN_NO_SRP_AUTH where the client has only that', async () => {
    const clients = [{ ClientId: publicClient, ExplicitAuthFlows: ['ADMIN_NO_SRP_AUTH'] }];
    const place = await placeWith(1, { settings: poolLike({}, clients) });
    const ended = await run(place);
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    expect(outcome(place)).toBe('created  create+challenge');
  });

  it('finds out before the first row that a client can not do it, or is not there', async () => {
    const clients = [{ ClientId: publicClient, ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'] }];
    const place = await placeWith(1, { settings: poolLike({}, clients) });
    const ended = await run(place);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/ALLOW_ADMIN_USER_PASSWORD_AUTH.*--password-mode permanent/);
    expect((await run(place, ['--client-id', 'nosuchclient'])).code).toBe(2);
    expect(place.calls('AdminCreateUser')).toBe(0);
    expect(await place.runs()).toEqual([]);
  });

  it('is done where a second factor is to be set up next', async () => {
    const place = await placeWith(1, { settings: poolLike({ MfaConfiguration: 'ON' }) });
    const ended = await run(place);
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    expect(outcome(place)).toBe('created  create+challenge');
    expect(place.results()[0]?.message).toMatch('MFA_SETUP');
    expect(await signInWithSdk(place, 'u0001', password(1))).toBe('MFA_SETUP');
  });

  it.for(['AdminInitiateAuth', 'AdminRespondToAuthChallenge'])(
    'killed at %s, resume sets the password directly and says so',
    async (operation) => {
      const rules: FaultPlan['rules'] = [{ kind: 'hang', effect: true, operation, count: 1 }];
      const place = await placeWith(2, { faults: { rules } });
      const running = place.start([
        ...['import', 'f.csv', '--run', 'r', ...challenge, ...fastSignIn],
        ...['--client-id', publicClient, '--concurrency', '1', '--timeout', '30s'],
      ]);
      await until(() => place.calls(operation) === 1);
      running.child.kill('SIGKILL');
      await running.ended;
      const resumed = await place.run(['resume', 'r', ...fastSignIn]);
      expect(resumed.code, resumed.stdout + resumed.stderr).toBe(0);
      const byChallenge = operation === 'AdminRespondToAuthChallenge';
      expect(outcomes(place)).toEqual([
        `created  create+${byChallenge ? 'challenge' : 'password'}`,
        'created  create+challenge',
      ]);
      if (!byChallenge) expect(place.results()[0]?.message).toMatch('AdminSetUserPassword');
      for (const n of [1, 2])
        expect(await signInWithSdk(place, `u000${n}`, password(n))).toBe('tokens');
      expectNoSecret(place, resumed);
    },
  );

  it('a lost answer to either call of it is no obstacle', async () => {
    const rules: FaultPlan['rules'] = [
      { kind: 'reset-after', operation: 'AdminInitiateAuth', username: '[12]$', count: 2 },
      { kind: 'reset-after', operation: 'AdminRespondToAuthChallenge', count: 2 },
    ];
    const place = await placeWith(4, { faults: { rules } });
    const ended = await run(place);
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    for (const n of [1, 2, 3, 4]) {
      expect(await signInWithSdk(place, `u000${n}`, password(n))).toBe('tokens');
    }
    expect(place.calls('AdminCreateUser')).toBe(4);
    for (const operation of ['AdminInitiateAuth', 'AdminRespondToAuthChallenge'] as const) {
      expect(place.summary().calls[operation]?.retried, operation).toBeGreaterThan(0);
    }
  });

  it('is partial where the service has another refusal, by its name', async () => {
    const refusal = { kind: 'trigger-refuses', operation: 'AdminInitiateAuth' } as const;
    const place = await placeWith(2, { faults: { rules: [{ ...refusal, username: 'u0001' }] } });
    const ended = await run(place);
    expect(ended.code, ended.stdout + ended.stderr).toBe(1);
    expect(outcomes(place)).toEqual([
      'partial UserLambdaValidationException create',
      'created  create+challenge',
    ]);
    place.pool.setFaults({ rules: [] });
    const again = await place.run(['resume', 'r', '--retry-failed', ...fastSignIn]);
    expect(again.code, again.stdout + again.stderr).toBe(0);
    expect(await signInWithSdk(place, 'u0001', password(1))).toBe('tokens');
  });

  it('is invalid where the row lacks what the pool requires, before anything is sent', async () => {
    const { SchemaAttributes = [] } = poolLike({}).UserPool;
    const nickname = {
      Name: 'nickname',
      AttributeDataType: 'String',
      Required: true,
      Mutable: true,
    } as const;
    const settings = poolLike({ SchemaAttributes: [...SchemaAttributes, nickname] });
    const place = await openPlace({ settings });
    const cell = (n: number): string => (n === 1 ? '' : 'Nick');
    await place.write('f.csv', people(2, { password, nickname: cell }));
    const ended = await run(place);
    expect(ended.code, ended.stdout + ended.stderr).toBe(1);
    expect(outcomes(place)).toEqual([
      'invalid missing-required-attribute ',
      'created  create+challenge',
    ]);
    expect(place.calls('AdminCreateUser')).toBe(1);
  });

  it('goes before groups and disabling, which are done as for any other row', async () => {
    const place = await openPlace();
    const more = { password, groups: () => 'staff', enabled: () => 'false' };
    await place.write('f.csv', people(1, more));
    const ended = await run(place);
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    expect(outcome(place)).toBe('created  create+challenge+groups+disable');
    expect(await signInWithSdk(place, 'u0001', password(1))).toMatch('User is disabled');
  });

  it('writes the passwords it makes up into the file, and they work', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(3));
    const ended = await run(place, ['--generate-passwords', 'passwords.csv']);
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    expect(place.mode('passwords.csv')).toBe('600');
    const rows = parse<Record<string, string>>(readFileSync(place.path('passwords.csv'), 'utf8'), {
      columns: true,
    });
    expect(rows.length).toBe(3);
    for (const { username = '', password: made = '' } of rows) {
      expect(await signInWithSdk(place, username, made)).toBe('tokens');
      expectNoSecret(place, ended, made);
    }
  });
});
