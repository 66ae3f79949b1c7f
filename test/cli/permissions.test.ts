import { afterAll, describe, expect, it, vi } from 'vitest';

import { exportUsers } from '../../src/api/export/export-users.js';
import { dryRun } from '../../src/api/import/dry-run.js';
import { importUsers } from '../../src/api/import/import-users.js';
import type { ImportOptions, SyncOptions } from '../../src/api/options.js';
import { applyPlan } from '../../src/api/resume/apply-plan.js';
import { commandOperations } from '../../src/api/pool/command-operations.js';
import type { PoolCommand, Use } from '../../src/api/pool/command-operations.js';
import { describePool } from '../../src/api/pool/describe-pool.js';
import { resumeRun } from '../../src/api/resume/resume-run.js';
import { dryRunSync } from '../../src/api/sync/sync-dry-run.js';
import { syncUsers } from '../../src/api/sync/sync-users.js';
import { dryRunUndo } from '../../src/api/undo/undo-dry-run.js';
import { undoRun } from '../../src/api/undo/undo-run.js';
import { validateFile } from '../../src/api/validate/validate-file.js';
import { verifyUsers } from '../../src/api/verify/verify-users.js';
import { connect } from '../../src/cognito/connect.js';
import type { FaultRule, SeedUser } from '../../src/local/index.js';
import { OPERATIONS } from '../../src/local/operations.js';
import { confidentialClient, publicClient } from '../support/signing-in.js';
import { openPlace, people } from '../support/place.js';
import type { Place, PlaceOptions } from '../support/place.js';

vi.setConfig({ maxConcurrency: 4 });

/** The access token opens these, and IAM is not asked. */
const byToken = ['GetUserAttributeVerificationCode', 'VerifyUserAttribute'];

const rates = 'to know the rates of the account; else the published ones are taken';
const secondSecret = 'to know a second secret of the app client; else the first is taken';
const named = 'the file or --groups names groups';
const enabled = 'the file has a column "enabled"';
const challenge = '--password-mode challenge';
const answerLost = 'an answer was lost';
const notSent = 'an invitation could not be sent';
const notListed = 'ListUsers does not show a user who is to be changed';
const update = '--on-existing update';
const resend = '--resend';

/** The uses of a command that were seen to be one, and not for another reason too. */
const seen = new Set<Use>();

interface Ended {
  readonly summary: { readonly exitCode: number };
}

/**
 * Does a piece of a command's work while all is denied but what the table has under these
 * conditions, and notes what was called. Nothing that is denied may even be tried.
 */
async function under(
  command: PoolCommand,
  place: Place,
  conditions: readonly string[],
  work: () => Promise<Ended | object>,
  { exitCode = 0, faults = [] }: { exitCode?: number; faults?: readonly FaultRule[] } = {},
): Promise<void> {
  const uses = commandOperations[command];
  const known = new Set(uses.map(({ when }) => when));
  expect(conditions.filter((condition) => !known.has(condition))).toEqual([]);
  const holding = uses.filter(({ when }) => when === undefined || conditions.includes(when));
  const allowed = new Set<string>(holding.map(({ operation }) => operation));
  const operation = [...OPERATIONS.keys()].filter(
    (name) => !allowed.has(name) && !byToken.includes(name),
  );
  place.pool.setFaults({ rules: [...faults, { kind: 'access-denied', operation }] });
  const before = calls(place);
  const ended = await work();
  if ('summary' in ended) expect(ended.summary.exitCode, JSON.stringify(ended)).toBe(exitCode);
  const called = Object.entries(calls(place))
    .filter(([name, count]) => count > (before[name] ?? 0) && !byToken.includes(name))
    .map(([name]) => name);
  expect(
    called.filter((name) => !allowed.has(name)),
    `${command} [${conditions.join('; ')}]`,
  ).toEqual([]);
  for (const name of called) {
    const [use, ...others] = holding.filter((one) => one.operation === name);
    if (use && others.length === 0) seen.add(use);
  }
}

function calls(place: Place): Record<string, number> {
  const names = Object.keys(place.pool.stats().operations);
  return Object.fromEntries(names.map((name) => [name, place.calls(name)]));
}

const password = (n: number): string => `Secret-${n}-Word!`;
const user = (name: string, Groups: string[] = []): SeedUser => ({
  Username: name,
  Attributes: { email: `${name}@example.com` },
  Groups,
});
const usersThere = { local: { Users: [user('u0001', ['staff']), user('u0002'), user('gone')] } };
/** A list that shows nobody who was made in the test. */
const lagging = { local: { ListDelayMs: 60_000 } };
const everybody = { scope: { is: 'all' }, maxRemovals: { users: 5 } } as const;

/** A place with a file of these people. */
async function placeWith(
  file: string = people(3),
  options: PlaceOptions = {},
): Promise<Place & { readonly file: string }> {
  const place = await openPlace(options);
  return Object.assign(place, { file: await place.write('f.csv', file) });
}

/** Nobody says the rates that an account may have more of, so it is asked. */
function unrated({ library }: Place): Required<Pick<ImportOptions, 'rate'>> {
  const { UserCreation, UserAuthentication, UserList, ...rate } = library.rate;
  expect([UserCreation, UserAuthentication, UserList]).not.toContain(undefined);
  return { rate };
}

/** What import and sync have in common: how they make users. */
const makers = {
  import: (place: Place, options: Partial<ImportOptions>): Promise<Ended> =>
    importUsers({ ...place.library, file: place.path('f.csv'), run: 'a', ...options }),
  sync: (place: Place, options: Partial<SyncOptions>): Promise<Ended> =>
    syncUsers({ ...place.library, file: place.path('f.csv'), run: 'a', ...options }),
} as const;

describe.concurrent('the policy of docs/iam.md is enough, and no more than that', () => {
  it.for(['import', 'sync'] as const)('for the users that %s makes', async (command) => {
    const make = makers[command];

    const plain = await placeWith();
    await under(command, plain, [rates], () => make(plain, unrated(plain)));

    const grouped = await placeWith(people(3, { groups: () => 'fresh' }));
    const grouping = [named, '--create-groups'];
    await under(command, grouped, grouping, () => make(grouped, { createGroups: true }));

    const disabled = await placeWith(people(3, { enabled: (n) => String(n !== 3) }));
    await under(command, disabled, [enabled], () => make(disabled, {}));

    const invited = await placeWith();
    await under(command, invited, [notSent], () => make(invited, { invite: 'email' }), {
      exitCode: 1,
      faults: [{ kind: 'code-delivery-failure', operation: 'AdminCreateUser', count: 1 }],
    });

    const lost = await placeWith(people(4), lagging);
    await under(command, lost, [answerLost], () => make(lost, {}), {
      faults: [{ kind: 'reset-after', operation: 'AdminCreateUser', count: 2 }],
    });
  });

  it.for(['import', 'sync'] as const)('for the passwords that %s sets', async (command) => {
    const make = makers[command];
    const file = people(3, { password });

    const permanent = await placeWith(file);
    await under(command, permanent, ['--password-mode permanent'], () =>
      make(permanent, { passwordMode: 'permanent' }),
    );

    const passwordMode = 'challenge';
    const open = await placeWith(file);
    await under(command, open, [challenge], () =>
      make(open, { passwordMode, clientId: publicClient }),
    );

    const secret = await placeWith(file);
    await under(command, secret, [challenge, `${challenge}, ${secondSecret}`], () =>
      make(secret, { passwordMode, clientId: confidentialClient }),
    );

    const lost = await placeWith(file);
    const clientId = publicClient;
    await under(
      command,
      lost,
      [challenge, `${challenge}, and ${answerLost}`],
      () => make(lost, { passwordMode, clientId }),
      { faults: [{ kind: 'reset-before', operation: 'AdminRespondToAuthChallenge', count: 1 }] },
    );
  });

  it('for what import does with users who are there', async () => {
    const onExisting = 'update';
    const changed = await placeWith(people(3, { given_name: () => 'New' }), usersThere);
    await under('import', changed, [update], () => makers.import(changed, { onExisting }));

    const joining = await placeWith(people(3, { groups: () => 'staff' }), usersThere);
    await under('import', joining, [update, named, `${update}, and ${named}`], () =>
      makers.import(joining, { onExisting }),
    );

    const enabling = await placeWith(people(2, { enabled: () => 'false' }));
    await enabling.imported('f.csv');
    await enabling.write('f.csv', people(2, { enabled: () => 'true' }));
    await under('import', enabling, [update, enabled, `${update}, and ${enabled}`], () =>
      makers.import(enabling, { onExisting }),
    );

    const hidden = await placeWith(people(2), lagging);
    await hidden.imported('f.csv');
    await hidden.write('f.csv', people(2, { given_name: () => 'New' }));
    await under('import', hidden, [update, `${update}, and ${notListed}`], () =>
      makers.import(hidden, { onExisting }),
    );
  });

  it('for import --resend', async () => {
    const inviting = { invite: 'email', resend: true } as const;
    const listed = await placeWith(people(2));
    await listed.imported('f.csv');
    await under('import', listed, [resend], () => makers.import(listed, inviting));

    const hidden = await placeWith(people(2), lagging);
    await hidden.imported('f.csv');
    const missing = `${resend}, and ListUsers does not show a user of the file`;
    await under('import', hidden, [resend, missing], () => makers.import(hidden, inviting));
  });

  it('for a dry run of import, its plan, and a run that goes on', async () => {
    const place = await placeWith();
    const options = { ...place.library, file: place.file };
    const plan = place.path('p');
    await under('import', place, ['--dry-run'], () =>
      dryRun({ ...options, run: 'dry', savePlan: plan }),
    );
    // All stops at a denial, and nothing more than before is needed to go on.
    const denied = { kind: 'access-denied', operation: 'AdminCreateUser', after: 1 } as const;
    const stopped = { exitCode: 3, faults: [denied] };
    await under(
      'import',
      place,
      [],
      () => applyPlan({ ...place.library, plan, run: 'a' }),
      stopped,
    );
    await under('import', place, [], () => resumeRun({ ...place.library, run: 'a' }));
  });

  it('for what sync does with users who are there', async () => {
    const changed = await placeWith(people(3, { given_name: () => 'New' }), usersThere);
    await under('sync', changed, [], () => makers.sync(changed, {}));

    const joining = people(2, { groups: (n) => (n === 1 ? 'editors' : 'staff') });
    const moved = await placeWith(joining, usersThere);
    await under('sync', moved, [named, '--groups-mode exact'], () =>
      makers.sync(moved, { groupsMode: 'exact' }),
    );

    const enabling = await placeWith(people(2, { enabled: () => 'false' }));
    await enabling.imported('f.csv');
    await enabling.write('f.csv', people(2, { enabled: () => 'true' }));
    await under('sync', enabling, [enabled], () => makers.sync(enabling, {}));
  });

  it('for what sync does with users who are missing', async () => {
    const scope = { is: 'group', name: 'staff' } as const;
    const disabling = await placeWith('username,email\nu0002,u0002@example.com\n', usersThere);
    await under('sync', disabling, ['--scope group:NAME', '--missing disable'], () =>
      makers.sync(disabling, { ...everybody, scope, missing: 'disable' }),
    );

    const deleting = await placeWith(people(2), usersThere);
    await under('sync', deleting, ['--missing delete'], () =>
      makers.sync(deleting, { ...everybody, missing: 'delete' }),
    );
  });

  it('for the plan of a sync, and for users who are gone by then', async () => {
    const place = await placeWith(people(3, { given_name: () => 'New' }), usersThere);
    const plan = place.path('p');
    const options = { ...place.library, file: place.file, run: 'dry', savePlan: plan };
    await under('sync', place, [], () => dryRunSync(options));
    place.pool.setFaults({ rules: [] });
    await deleteUser(place, 'u0002');
    await under('sync', place, [notListed], () => applyPlan({ ...place.library, plan, run: 'a' }), {
      exitCode: 1,
    });
  });

  it('for undo, of an import and of a sync', async () => {
    const imported = await placeWith();
    await imported.imported('f.csv');
    const again = { ...imported.library, run: 'r' };
    await under('undo', imported, [], () => dryRunUndo(again));
    await under('undo', imported, [], () => undoRun(again));

    const disabled = await placeWith(people(2), usersThere);
    await makers.sync(disabled, { ...everybody, missing: 'disable' });
    await under('undo', disabled, ['the run disabled somebody'], () =>
      undoRun({ ...disabled.library, run: 'a' }),
    );

    const hidden = await placeWith(people(2), lagging);
    await hidden.imported('f.csv');
    await under('undo', hidden, [notListed], () => undoRun({ ...hidden.library, run: 'r' }));
  });

  it('for undo, of a run whose answers were lost', async () => {
    const place = await placeWith(people(2), {
      ...lagging,
      faults: { rules: [{ kind: 'reset-after', operation: 'AdminCreateUser' }] },
    });
    await place.imported('f.csv', { maxAttempts: 1 }, 1);
    await under('undo', place, [answerLost], () => dryRunUndo({ ...place.library, run: 'r' }));
  });

  it.for([publicClient, confidentialClient])('for verify with %s', async (clientId) => {
    const place = await placeWith(people(3, { password }));
    await place.imported('f.csv', { passwordMode: 'permanent', run: 'made' });
    const conditions = [rates, ...(clientId === confidentialClient ? [secondSecret] : [])];
    const options = { ...place.library, ...unrated(place), clientId };
    await under('verify send', place, conditions, () =>
      verifyUsers({ ...options, action: 'send', file: place.file, run: 's' }),
    );
    const codes = place.pool.messages.map(({ code }) => code);
    const file = await place.write(
      'c.csv',
      people(3, { password, code: (n) => codes[n - 1] ?? '' }),
    );
    await under('verify confirm', place, conditions, () =>
      verifyUsers({ ...options, action: 'confirm', file, run: 'c' }),
    );
  });

  it('for verify where answers are lost', async () => {
    const place = await placeWith(people(2, { password }), lagging);
    await place.imported('f.csv', { passwordMode: 'permanent', run: 'made' });
    const options = { ...place.library, clientId: publicClient };
    await under('verify send', place, [], () =>
      verifyUsers({ ...options, action: 'send', file: place.file, run: 's' }),
    );
    const codes = place.pool.messages.map(({ code }) => code);
    const file = await place.write(
      'c.csv',
      people(2, { password, code: (n) => codes[n - 1] ?? '' }),
    );
    await under(
      'verify confirm',
      place,
      [answerLost],
      () => verifyUsers({ ...options, action: 'confirm', file, run: 'c' }),
      { faults: [{ kind: 'reset-after', operation: 'VerifyUserAttribute', count: 1 }] },
    );
  });

  it('for what only reads', async () => {
    const place = await placeWith(people(2), usersThere);
    const options = { ...place.library, file: place.file };
    await under('validate', place, [], () => validateFile({ ...options, run: 'a' }));
    const groups = ['staff'];
    await under('validate', place, [named], () => validateFile({ ...options, groups, run: 'b' }));
    const { library } = place;
    await under('export', place, [], () =>
      exportUsers({ ...library, ...unrated(place), output: place.path('out.csv') }),
    );
    await under('pool', place, [rates, '--client-id'], () =>
      describePool({ ...library, clientId: publicClient }),
    );
  });
});

async function deleteUser({ library }: Place, username: string): Promise<void> {
  const pool = await connect({ ...library.pool, timeoutMs: 10_000, maxConnections: 1 });
  await pool.adminDeleteUser(username);
  pool.close();
}

afterAll(() => {
  // A line of the table that no run needed is one too many.
  for (const [command, uses] of Object.entries(commandOperations)) {
    const never = uses.filter((use) => !seen.has(use));
    expect(never, `${command}: what nothing was seen to need`).toEqual([]);
  }
});
