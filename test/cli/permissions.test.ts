import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it, vi } from 'vitest';

import { commandOperations } from '../../src/api/pool/command-operations.js';
import type { PoolCommand } from '../../src/api/pool/command-operations.js';
import type { FaultRule, SeedUser } from '../../src/local/index.js';
import { OPERATIONS } from '../../src/local/operations.js';
import { confidentialClient, fastSignIn, publicClient } from '../support/signing-in.js';
import { openPlace, people } from '../support/place.js';
import type { Place, PlaceOptions } from '../support/place.js';

vi.setConfig({ maxConcurrency: 4 });

/** The access token opens these, and IAM is not asked. */
const byToken = ['GetUserAttributeVerificationCode', 'VerifyUserAttribute'];

/** Denies all that the policy of a command does not name. */
function policy(command: PoolCommand, ...more: readonly FaultRule[]): FaultRule[] {
  const allowed = new Set<string>(commandOperations[command].map(({ operation }) => operation));
  const operation = [...OPERATIONS.keys()].filter(
    (name) => !allowed.has(name) && !byToken.includes(name),
  );
  return [{ kind: 'access-denied', operation }, ...more];
}

/** Operations that each command was seen to call. */
const seen = new Map<PoolCommand, Set<string>>();

async function placeFor(
  command: PoolCommand,
  options: PlaceOptions = {},
  ...more: readonly FaultRule[]
): Promise<Place> {
  const place = await openPlace(options);
  place.pool.setFaults({ rules: policy(command, ...more) });
  return place;
}

/** Runs a command under its policy, and remembers what it called. */
async function runAs(
  command: PoolCommand,
  place: Place,
  ...args: readonly string[]
): Promise<void> {
  const before = new Set(called(place));
  const counts = new Map(called(place).map((name) => [name, place.calls(name)]));
  const ended = await place.run([...args]);
  expect(ended.code, `${args.join(' ')}\n${ended.stderr}${ended.stdout}`).toBe(0);
  expect(ended.stderr).not.toMatch(/AccessDenied|not authorized/);
  const operations = seen.get(command) ?? new Set();
  for (const name of called(place)) {
    if (!before.has(name) || place.calls(name) > (counts.get(name) ?? 0)) operations.add(name);
  }
  seen.set(command, operations);
}

const called = (place: Place): string[] => Object.keys(place.pool.stats().operations);

const password = (n: number): string => `Secret-${n}-Word!`;
const user = (name: string, Groups: string[] = []): SeedUser => ({
  Username: name,
  Attributes: { email: `${name}@example.com` },
  Groups,
});
const usersThere = { local: { Users: [user('u0001', ['staff']), user('u0002'), user('gone')] } };
const run = (name: string): string[] => ['--run', name, ...fastSignIn];

describe.concurrent('the policy of docs/iam.md is enough', () => {
  it('for import, whatever its mode', async () => {
    const as = (place: Place, ...args: string[]): Promise<void> => runAs('import', place, ...args);
    const file = people(4, {
      password,
      groups: (n) => (n % 2 === 0 ? 'fresh' : 'staff'),
      enabled: (n) => String(n !== 3),
    });
    const place = await placeFor('import');
    await place.write('f.csv', file);
    // The rates are asked for where nobody says them.
    await as(place, 'import', 'f.csv', '--create-groups', '--dry-run');
    await as(
      place,
      'import',
      'f.csv',
      '--create-groups',
      '--password-mode',
      'permanent',
      ...run('a'),
    );
    const changed = people(4, { given_name: () => 'New', groups: () => 'staff' });
    await place.write('g.csv', changed);
    await as(place, 'import', 'g.csv', '--on-existing', 'update', ...run('b'));
    const enabling = people(4, { enabled: () => 'true' });
    await place.write('h.csv', enabling);
    await as(place, 'import', 'h.csv', '--on-existing', 'update', ...run('c'));

    const invited = await placeFor('import');
    await invited.write('f.csv', people(3));
    await as(invited, 'import', 'f.csv', '--invite', 'email', ...run('a'));
    await as(invited, 'import', 'f.csv', '--resend', ...run('b'));

    for (const client of [publicClient, confidentialClient]) {
      const challenge = await placeFor('import');
      await challenge.write('f.csv', people(3, { password }));
      const mode = ['--password-mode', 'challenge', '--client-id', client];
      await as(challenge, 'import', 'f.csv', ...mode, ...run('a'));
    }

    const lost = await placeFor(
      'import',
      { local: { ListDelayMs: 60_000 } },
      {
        kind: 'reset-after',
        operation: 'AdminCreateUser',
        count: 2,
      },
    );
    await lost.write('f.csv', people(4));
    await as(lost, 'import', 'f.csv', ...run('a'));
  });

  it('for sync, its plan and its dry run', async () => {
    const as = (place: Place, ...args: string[]): Promise<void> => runAs('sync', place, ...args);
    const place = await placeFor('sync', usersThere);
    await place.write(
      'f.csv',
      people(3, {
        given_name: () => 'New',
        groups: (n) => (n === 1 ? 'fresh' : 'staff'),
        enabled: (n) => String(n !== 2),
      }),
    );
    const what = ['--create-groups', '--groups-mode', 'exact', '--missing', 'delete'];
    const scope = ['--scope', 'all', '--max-removals', '50%', '--yes'];
    await as(
      place,
      'sync',
      'f.csv',
      ...what,
      ...scope.slice(0, 4),
      '--dry-run',
      '--save-plan',
      'p',
    );
    await as(place, 'apply', 'p', '--yes', '--max-removals', '5', '--run', 'a');
    await place.write('g.csv', people(3, { enabled: () => 'true', groups: () => 'staff' }));
    await as(place, 'sync', 'g.csv', '--groups-mode', 'exact', ...run('b'));

    const disabling = await placeFor('sync', usersThere);
    await disabling.write('f.csv', people(2, { password }));
    await as(disabling, 'sync', 'f.csv', '--missing', 'disable', ...scope, ...run('a'));

    for (const mode of ['permanent', 'challenge']) {
      const passwords = await placeFor('sync');
      await passwords.write('f.csv', people(3, { password }));
      const client = ['--password-mode', mode, '--client-id', confidentialClient];
      await as(passwords, 'sync', 'f.csv', ...client, ...run('a'));
    }

    const lost = await placeFor(
      'sync',
      { local: { ListDelayMs: 60_000 } },
      {
        kind: 'reset-after',
        operation: 'AdminCreateUser',
        count: 2,
      },
    );
    await lost.write('f.csv', people(4));
    await as(lost, 'sync', 'f.csv', ...run('a'));
  });

  it('for undo, of an import and of a sync', async () => {
    const place = await openPlace(usersThere);
    await place.write('f.csv', people(4));
    const made = ['sync', 'f.csv', '--missing', 'disable', '--scope', 'all', '--yes'];
    const done = await place.run([...made, '--max-removals', '3', ...run('a')]);
    expect(done.code, done.stderr).toBe(0);
    place.pool.setFaults({ rules: policy('undo') });
    await runAs('undo', place, 'undo', 'a', '--dry-run');
    await runAs('undo', place, 'undo', 'a', '--yes', '--even-if-changed');
  });

  it('for verify', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(3, { password }));
    const made = await place.run([
      'import',
      'f.csv',
      '--password-mode',
      'permanent',
      ...run('made'),
    ]);
    expect(made.code, made.stderr).toBe(0);
    place.pool.setFaults({ rules: policy('verify send') });
    const client = ['--client-id', confidentialClient];
    await runAs('verify send', place, 'verify', 'send', 'f.csv', ...client, '--run', 's');
    const codes = place.pool.messages.map(({ code }) => code);
    await place.write('c.csv', people(3, { password, code: (n) => codes[n - 1] ?? '' }));
    const lost: FaultRule = { kind: 'reset-after', operation: 'VerifyUserAttribute', count: 1 };
    place.pool.setFaults({ rules: policy('verify confirm', lost) });
    await runAs('verify confirm', place, 'verify', 'confirm', 'c.csv', ...client, '--run', 'c');
  });

  it('for what only reads', async () => {
    for (const command of ['validate', 'export', 'pool'] as const) {
      const place = await placeFor(command, usersThere);
      await place.write('f.csv', people(2, { groups: () => 'staff' }));
      const args = {
        validate: ['f.csv', '--user-pool-id', place.pool.userPoolId],
        export: ['--output', 'out.csv'],
        pool: ['--output', 'pool.json', '--client-id', publicClient],
      }[command];
      await runAs(command, place, command, ...args);
      if (command === 'export') expect(readFileSync(place.path('out.csv'), 'utf8')).toMatch(/gone/);
    }
  });
});

/** Called only where two mishaps come together, which other tests arrange. */
const rare: Readonly<Partial<Record<PoolCommand, readonly string[]>>> = {
  // test/cli/undo.test.ts: a run that died before the answer to a create.
  undo: ['AdminGetUser'],
  // test/cli/verify.test.ts: an answer was lost, and the next one refuses the code.
  'verify confirm': ['AdminGetUser'],
};

afterAll(() => {
  // And no more than that: a policy names nothing that was not called.
  for (const [command, uses] of Object.entries(commandOperations)) {
    const operations = seen.get(command as PoolCommand);
    if (!operations) continue;
    const never = uses
      .map(({ operation }) => operation)
      .filter((name) => !operations.has(name) && !rare[command as PoolCommand]?.includes(name));
    expect(never, `${command} never called`).toEqual([]);
  }
});
