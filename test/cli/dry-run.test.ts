import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';

import { dryRun } from '../../src/api/import/dry-run.js';
import type { DryRunOptions } from '../../src/api/import/dry-run.js';
import { fixtures } from '../support/cli.js';
import { fast, openPlace, type Place } from '../support/place.js';

const file = join(fixtures, 'users.csv');

/** Operations that write to the pool or bill a monthly active user. */
const forbidden = [
  'AdminCreateUser',
  'AdminGetUser',
  'AdminSetUserPassword',
  'AdminUpdateUserAttributes',
  'AdminAddUserToGroup',
  'AdminDisableUser',
  'AdminEnableUser',
  'CreateGroup',
  'AdminInitiateAuth',
];

const people = 'username,email,given_name\nada,ada@example.com,Ada\nbob,bob@example.com,Bob\n';

function dry(place: Place, csv: string, ...args: string[]): ReturnType<Place['run']> {
  return place.run(['import', csv, '--dry-run', '--run', 'dry', ...fast, ...args]);
}

/** As `dry` with `--save-plan`, where a test begins with the plan. */
async function planned(place: Place, csv: string, options: Partial<DryRunOptions> = {}) {
  const savePlan = place.path('plan.json');
  await dryRun({ ...place.library, run: 'dry', ...options, file: csv, savePlan });
}

describe('import --dry-run', () => {
  let place: Place;
  beforeAll(async () => {
    place = await openPlace();
  });

  it('says what would happen, row by row, and calls nothing that writes or bills', async () => {
    const { code, stderr } = await dry(place, file);
    expect(code).toBe(1);
    expect(place.statuses('dry')).toEqual({ 'would-create': 326, invalid: 14 });
    expect(forbidden.filter((name) => place.calls(name) > 0)).toEqual([]);
    expect(place.users().size).toBe(0);
    expect(stderr).toContain('326 users would count as active this month');
    expect(stderr).toContain('Nobody would be messaged.');
  });

  it('foretells what the import then does, row by row', async () => {
    const foretold = place.results('dry');
    await place.run(['import', file, '--run', 'real', ...fast]);
    const told = foretold.map(({ line, status }) => [
      line,
      status.replace('would-create', 'created'),
    ]);
    expect(place.results('real').map(({ line, status }) => [line, status])).toEqual(told);
  });

  it('knows who is there already, and who differs', async () => {
    const changed = readFileSync(file, 'utf8').replace(
      /^(malgorzata\.swiecicka,[^,]*,[^,]*,)[^,]*/m,
      '$1Zofia',
    );
    expect(changed).not.toBe(readFileSync(file, 'utf8'));
    const path = await place.write('changed.csv', changed);
    const skip = await place.run(['import', path, '--dry-run', '--run', 'skip', ...fast]);
    expect(skip.code).toBe(1);
    expect(place.statuses('skip')).toEqual({ exists: 326, invalid: 14 });
    const update = ['import', path, '--dry-run', '--on-existing', 'update', '--run', 'update'];
    await place.run([...update, ...fast]);
    const differing = place.results('update').filter(({ status }) => status === 'would-update');
    expect(differing.map(({ line }) => line)).toEqual(['3']);
  });
});

describe('what a dry run is for', () => {
  it('ends with 4 where there are differences, and with 0 where there are none', async () => {
    const place = await openPlace();
    const csv = await place.write('people.csv', people);
    expect((await dry(place, csv, '--exit-code')).code).toBe(4);
    await place.imported(csv);
    const again = await place.run([
      'import',
      csv,
      '--dry-run',
      '--exit-code',
      '--run',
      'b',
      ...fast,
    ]);
    expect(again.code).toBe(0);
  });

  it('counts messages against the daily limit of the built-in sender', async () => {
    const place = await openPlace();
    const rows = Array.from({ length: 120 }, (_, n) => `user${n},user${n}@example.com`);
    const csv = await place.write('many.csv', `username,email\n${rows.join('\n')}\n`);
    const { stderr } = await dry(place, csv, '--invite', 'email');
    expect(place.summary('dry').forecast).toMatchObject({ messages: 120, messageDays: 3 });
    expect(stderr).toContain("50 a day by Cognito's built-in sender: 3 days");
    expect(place.pool.messages).toEqual([]);
  });

  it('finds the alias that somebody else has verified', async () => {
    const settings = JSON.parse(
      readFileSync(join(fixtures, 'pools/email-alias.json'), 'utf8'),
    ) as object;
    const place = await openPlace({ settings: settings as never });
    const first = await place.write('first.csv', 'username,email\nada,ada@example.com\n');
    await place.imported(first, { verified: ['email'] });
    const second = await place.write('second.csv', 'username,email\neve,ada@example.com\n');
    await dry(place, second, '--verified', 'email');
    expect(place.results('dry')).toMatchObject([
      { status: 'failed', code: 'AliasExistsException' },
    ]);
    await dry(place, second, '--run', 'unverified');
    expect(place.results('unverified')).toMatchObject([{ status: 'would-create' }]);
  });

  it('leaves a run that nothing goes on from, and says so', async () => {
    const place = await openPlace();
    await place.write('people.csv', people);
    await dry(place, 'people.csv', '--save-plan', 'plan.json');
    const { summary, page } = {
      summary: place.summary('dry'),
      page: place.text('report.html', 'dry'),
    };
    expect(summary).toMatchObject({ dryRun: true, savedPlan: 'plan.json', file: { rows: 2 } });
    expect(page).toContain('To do it: cognito-bulk apply plan.json');
    // The page has the figures, and once is enough.
    expect(summary.notices?.join()).not.toContain('would count as active');
    for (const command of ['resume', 'undo', 'report']) {
      const ended = await place.run([command, 'dry', ...(command === 'report' ? [] : fast)]);
      expect([command, ended.code]).toEqual([command, 2]);
      expect(ended.stderr).toContain('was a dry run');
    }
    expect(place.text('report.html', 'dry')).toBe(page);
  });

  it('breaks off with 2 when the list of users does', async () => {
    const place = await openPlace();
    place.pool.setFaults({ rules: [{ operation: 'ListUsers', kind: 'access-denied' }] });
    const csv = await place.write('people.csv', people);
    const { code, stderr } = await dry(place, csv);
    expect(code).toBe(2);
    expect(stderr).toContain('ListUsers');
    expect(await place.runs()).toEqual([]);
  });
});

describe('a saved plan', () => {
  it('is carried out by apply', async () => {
    const place = await openPlace();
    const csv = await place.write('people.csv', people);
    await dry(place, csv, '--save-plan', 'plan.json', '--groups', 'staff');
    expect(place.mode('plan.json')).toBe('600');
    const { code } = await place.run(['apply', 'plan.json', '--run', 'r', ...fast]);
    expect(code).toBe(0);
    expect([...place.users().values()].map(({ username, groups }) => [username, groups])).toEqual([
      ['ada', ['staff']],
      ['bob', ['staff']],
    ]);
  });

  it('is refused once the file changed, and nothing is sent', async () => {
    const place = await openPlace();
    const csv = await place.write('people.csv', people);
    await planned(place, csv);
    await place.write('people.csv', people.replace('Bob', 'Rob'));
    const { code, stderr } = await place.run(['apply', 'plan.json', ...fast]);
    expect(code).toBe(2);
    expect(stderr).toContain('was changed since the plan was made');
    expect(place.calls('AdminCreateUser')).toBe(0);
  });

  it("is refused once the pool's groups changed", async () => {
    const place = await openPlace();
    const csv = await place.write('people.csv', people);
    await planned(place, csv, { groups: ['staff'] });
    const more = await place.write('more.csv', 'username\neve\n');
    await place.imported(more, { groups: ['newcomers'], createGroups: true });
    const { code, stderr } = await place.run(['apply', 'plan.json', ...fast]);
    expect(code).toBe(2);
    expect(stderr).toContain('was changed since the plan was made');
  });

  it('that is none, or of another version, is refused in one sentence', async () => {
    const place = await openPlace();
    await place.write('none.json', 'plan');
    await place.write('version.json', '{"plan":"cognito-bulk","version":2}');
    const commands = ['none.json', 'version.json'].map((name) => ['apply', name]);
    for (const { code, stderr } of await place.inTurn(commands)) {
      expect([code, stderr.trim().split('\n').length]).toEqual([2, 1]);
      expect(stderr).toContain('is not a plan');
    }
  });

  it('is never written over a file', async () => {
    const place = await openPlace();
    const csv = await place.write('people.csv', people);
    await place.write('plan.json', 'mine');
    const { code } = await dry(place, csv, '--save-plan', 'plan.json');
    expect([code, readFileSync(place.path('plan.json'), 'utf8')]).toEqual([2, 'mine']);
  });
});

describe('import --rehearse', () => {
  it('runs the whole job on a local pool from a saved description, and says so everywhere', async () => {
    const place = await openPlace();
    const csv = await place.write('people.csv', people);
    const schema = join(fixtures, 'pools/plain-username.json');
    const args = ['import', csv, '--rehearse', '--schema', schema, '--speed', '50'];
    const { code, stdout } = await place.run(args, { env: { COGNITO_USER_POOL_ID: '' } });
    expect(code).toBe(0);
    expect(stdout).toContain('Rehearsal');
    const [run = ''] = await place.runs();
    expect(run).toContain('rehearsal');
    expect(place.summary(run)).toMatchObject({
      rehearsal: true,
      rows: { byStatus: { created: 2 } },
    });
    expect(place.calls('AdminCreateUser')).toBe(0);
  });

  it('takes the description of the live pool, and plays misfortunes', async () => {
    const place = await openPlace();
    const csv = await place.write('people.csv', people);
    await place.write(
      'faults.json',
      '{"rules":[{"operation":"AdminCreateUser","every":1,"count":1,"kind":"reset-after"}]}',
    );
    const args = ['import', csv, '--rehearse', '--faults', 'faults.json', '--speed', '50'];
    const { code } = await place.run([...args, '--run', 'r']);
    expect(code).toBe(0);
    expect(place.summary().calls.AdminCreateUser?.retried).toBe(1);
    expect(place.statuses()).toEqual({ created: 2 });
    expect(place.calls('AdminCreateUser')).toBe(0);
    expect(place.calls('DescribeUserPool')).toBeGreaterThan(0);
  });

  it('is refused beside --dry-run, and so is what goes with one of them without it', async () => {
    const place = await openPlace();
    const csv = await place.write('people.csv', people);
    const wrong: readonly [string[], string][] = [
      [['--dry-run', '--rehearse'], 'either'],
      [['--save-plan', 'p'], 'goes with --dry-run'],
      [['--faults', 'f'], 'goes with --rehearse'],
      [['--speed', '5'], 'goes with --rehearse'],
    ];
    const ended = await place.inTurn(wrong.map(([args]) => ['import', csv, ...args]));
    for (const [at, [args, said]] of wrong.entries()) {
      expect(ended[at]?.code, args.join(' ')).toBe(2);
      expect(ended[at]?.stderr).toContain(said);
    }
  });
});
