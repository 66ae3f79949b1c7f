import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';

import { fast, openPlace, people, poolOf, seeded, until } from '../support/place.js';
import type { Place } from '../support/place.js';
import type { Ended } from '../support/cli.js';
import { costlyCalls, foreseen, poolNow, sync, synced, told } from '../support/syncing.js';
import { some } from '../support/thorough.js';

// Most of the time these wait for each other's processor.
vi.setConfig({ maxConcurrency: 6 });

const away = ['--missing', 'delete', '--scope', 'all', '--max-removals', '50%'];

/** A pool and a file with a difference of each kind. */
async function differing(): Promise<Place> {
  const Users = [
    { Username: 'ada', Attributes: { email: 'ada@example.com', given_name: 'Old' } },
    { Username: 'bob', Groups: ['staff', 'sales'] },
    { Username: 'eve', Attributes: { email: 'eve@example.com' } },
    { Username: 'off', Enabled: false },
    { Username: 'gone', Attributes: { email: 'gone@example.com' } },
  ];
  const settings = poolOf('plain-username');
  const Groups = ['staff', 'sales', 'editors'].map((GroupName) => ({ GroupName }));
  const place = await openPlace({ settings: { ...settings, Groups }, local: { Users } });
  await place.write(
    'f.csv',
    `username,email,given_name,groups,enabled
ada,ada@example.com,New,,
bob,,,staff;editors,
eve,eve@example.com,,sales,false
off,,,,true
new,new@example.com,New,staff,
bad,no-address,,,
`,
  );
  return place;
}

const exact = ['--groups-mode', 'exact'];

function dry(place: Place, run: string, ...args: readonly string[]): Promise<Ended> {
  return sync(place, 'f.csv', run, '--dry-run', ...exact, ...away, ...args);
}

/** As `dry` with `--save-plan`, where a test begins with the plan. */
async function planned(place: Place): Promise<void> {
  const choices = {
    groupsMode: 'exact',
    missing: 'delete',
    scope: { is: 'all' },
    maxRemovals: { percent: 50 },
  } as const;
  await foreseen(place, 'f.csv', 'd', { ...choices, savePlan: place.path('plan.jsonl') }, 1);
}

function apply(place: Place, run: string, ...args: readonly string[]): Promise<Ended> {
  return place.run(['apply', 'plan.jsonl', '--run', run, ...fast, ...args]);
}

const foretold = [
  '2 ada would-update',
  '3 bob would-update',
  '4 eve would-update',
  '5 off would-update',
  '6 new would-create',
  '7 bad invalid invalid-email',
  'gone would-delete',
];

const done = [
  '2 ada updated attributes',
  '3 bob updated groups',
  '4 eve updated groups+disable',
  '5 off updated enable',
  '6 new created create+groups',
  '7 bad invalid invalid-email',
  'gone deleted delete',
];

describe.concurrent('sync --dry-run', () => {
  it('tells the difference by names, and writes nothing', async () => {
    const place = await differing();
    const now = poolNow(place);
    const ended = await dry(place, 'd');
    expect(ended.code, ended.stderr).toBe(1);
    expect(told(place, 'd')).toEqual(foretold);
    const lines = ended.stdout.split('\n').filter((line) => /^[-+~] /.test(line));
    expect(lines).toEqual([
      '~ line 2 ada: given_name',
      '~ line 3 bob: +editors, -sales',
      '~ line 4 eve: +sales, to be disabled',
      '~ line 5 off: to be enabled',
      '+ line 6 new',
      '- gone: to be deleted',
    ]);
    expect(ended.stdout + ended.stderr).not.toMatch(/"New"|"Old"/);
    expect([poolNow(place), costlyCalls(place)]).toEqual([now, {}]);
    expect(place.summary('d').forecast).toMatchObject({ messages: 0, monthlyActiveUsers: 5 });
  });

  it('tells values where they are asked for, beside the one document of --json', async () => {
    const place = await differing();
    const ended = await dry(place, 'd', '--show-values', '--json');
    expect(JSON.parse(ended.stdout)).toEqual(place.summary('d'));
    expect(ended.stderr).toMatch('~ line 2 ada: given_name: "Old" → "New"');
    expect(costlyCalls(place)).toEqual({});
  });

  it('foretells what the sync then does; after that, nothing differs', async () => {
    const place = await differing();
    const ended = await sync(place, 'f.csv', 'a', ...exact, ...away, '--yes');
    expect(ended.code, ended.stderr).toBe(1);
    expect(told(place, 'a')).toEqual(done);
    await place.write('f.csv', readFileSync(place.path('f.csv'), 'utf8').replace(/bad.*\n/, ''));
    const after = await dry(place, 'b', '--exit-code');
    expect(after.code, after.stderr + place.text('results.csv', 'b')).toBe(0);
    expect(after.stdout).not.toMatch(/^[-+~] /m);
  });

  it('ends with 4 where there are differences, and says what the cap would refuse', async () => {
    const place = await differing();
    await place.write('f.csv', people(1));
    const cap = ['--max-removals', '1', '--save-plan', 'p'];
    const ended = await dry(place, 'd', '--exit-code', ...cap);
    expect(ended.code, ended.stderr).toBe(4);
    expect(ended.stderr).toMatch(/sync itself would be refused.*5 users.*allows 1/);
    expect(place.summary('d')).toMatchObject({
      overCap: { removals: 5, allowed: 1 },
      savedPlan: 'p',
      forecast: { messages: 0 },
    });
    const [summary, page] = [place.text('summary.json', 'd'), place.text('report.html', 'd')];
    expect(page).toContain('with --max-removals 5');
    expect((await place.run(['report', 'd'])).code).toBe(0);
    expect(place.text('summary.json', 'd')).toBe(summary);
    expect(place.text('report.html', 'd')).toBe(page);
  });

  it('never overwrites a plan, and says so before it reads the pool', async () => {
    const place = await differing();
    await place.write('plan.jsonl', 'mine');
    const ended = await dry(place, 'd', '--save-plan', 'plan.jsonl');
    expect([ended.code, ended.stdout]).toEqual([2, '']);
    expect(ended.stderr).toMatch(/plan.jsonl is there already and is not overwritten/);
    expect(readFileSync(place.path('plan.jsonl'), 'utf8')).toBe('mine');
    expect([place.calls('ListUsers'), await place.runs()]).toEqual([0, []]);
  });

  it('has --save-plan and --show-values to itself', async () => {
    const place = await differing();
    const options = ['--save-plan=p', '--show-values'];
    const ended = await place.inTurn(options.map((option) => ['sync', 'f.csv', option]));
    for (const [at, option] of options.entries()) {
      expect([ended[at]?.code, ended[at]?.stdout]).toEqual([2, '']);
      expect(ended[at]?.stderr).toMatch(`${option.split('=', 1)[0]} goes with --dry-run`);
    }
  });
});

describe.concurrent('apply of a sync', () => {
  it('does what the plan says, and then has nothing to do', async () => {
    const place = await differing();
    await dry(place, 'd', '--save-plan', 'plan.jsonl');
    expect(place.mode('plan.jsonl')).toBe('600');
    expect(readFileSync(place.path('plan.jsonl'), 'utf8')).not.toMatch(/example\.com|"New"/);
    const ended = await apply(place, 'a', '--yes');
    expect(ended.code, ended.stderr).toBe(1);
    expect(told(place, 'a')).toEqual(done);
    expect(place.summary('a').command).toBe('sync');
    expect(place.calls('AdminGetUser')).toBe(0);
  });

  it('needs --yes where nobody can be asked, and heeds a smaller cap', async () => {
    const place = await differing();
    await planned(place);
    const unasked = await apply(place, 'a');
    expect(unasked.code).toBe(2);
    expect(unasked.stderr).toMatch(/2 users would be disabled or deleted.*--yes/);
    const capped = await apply(place, 'a', '--yes', '--max-removals', '1');
    expect(capped.code).toBe(2);
    expect(capped.stderr).toMatch(/--max-removals allows 1/);
    expect([costlyCalls(place), await place.runs()]).toEqual([{}, ['d']]);
  });

  it.for(
    some<[string, (place: Place) => Promise<unknown>, RegExp]>(
      [
        [
          'the file',
          (place) => place.write('f.csv', people(3)),
          /f.csv was changed since the plan/,
        ],
        [
          'the pool',
          async (place) => {
            await place.write('g.csv', 'username,groups\nx,another\n');
            return synced(place, 'g.csv', 'g', { createGroups: true });
          },
          /Pool .* was changed since the plan/,
        ],
        [
          'the plan',
          async (place) => {
            const text = readFileSync(place.path('plan.jsonl'), 'utf8');
            return place.write('plan.jsonl', text.split('\n').slice(0, -2).join('\n') + '\n');
          },
          /plan.jsonl is a plan without its end/,
        ],
        [
          'a line of the plan',
          async (place) => {
            const text = readFileSync(place.path('plan.jsonl'), 'utf8');
            return place.write('plan.jsonl', text.replace('"do":"create"', '"do":"nothing"'));
          },
          /plan.jsonl is damaged/,
        ],
      ],
      2,
    ),
  )('is refused after a change of %s', async ([, change, said]) => {
    const place = await differing();
    await planned(place);
    await change(place);
    const now = poolNow(place);
    const ended = await apply(place, 'a', '--yes');
    expect(ended.code, ended.stdout).toBe(2);
    expect(ended.stderr).toMatch(said);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    expect(poolNow(place)).toEqual(now);
    expect(await place.runs()).not.toContain('a');
  });

  it('leaves users alone who changed meanwhile, and does the others', async () => {
    const place = await differing();
    await planned(place);
    await place.write('g.csv', 'username,locale\nada,en\ngone,en\nnew,en\n');
    await synced(place, 'g.csv', 'g');
    const ended = await apply(place, 'a', '--yes');
    expect(ended.code, ended.stderr).toBe(1);
    expect(told(place, 'a')).toEqual([
      '2 ada failed changed-since-plan',
      ...done.slice(1, 4),
      '6 new failed changed-since-plan',
      '7 bad invalid invalid-email',
      'gone failed changed-since-plan',
    ]);
    expect(place.users().get('ada')?.attributes).toMatchObject({ given_name: 'Old', locale: 'en' });
    expect(place.users().has('gone')).toBe(true);
    for (const { message } of place.results('a').filter(({ status }) => status === 'failed')) {
      expect(message).toMatch(/make a new plan/);
    }
  });

  it('that is killed is gone on with by resume', async () => {
    const place = await openPlace({ latencyMs: 5 });
    await place.write('f.csv', people(40));
    await synced(place, 'f.csv', 'a');
    await place.write('f.csv', people(60, { given_name: () => 'New', groups: () => 'staff' }));
    await foreseen(place, 'f.csv', 'd', { savePlan: place.path('plan.jsonl') });
    const random = seeded(7);
    let args = ['apply', 'plan.jsonl', '--run', 'b'];
    for (let kills = 0; kills < 3; kills++) {
      const { child, ended } = place.start([...args, ...fast, '--concurrency', '4']);
      const aim = place.calls('AdminAddUserToGroup') + 2 + Math.floor(random() * 12);
      await until(() => place.calls('AdminAddUserToGroup') >= aim || child.exitCode !== null);
      child.kill('SIGKILL');
      expect((await ended).code).toBe('SIGKILL');
      args = ['resume', 'b'];
    }
    const ended = await place.run(['resume', 'b', ...fast]);
    expect(ended.code, ended.stderr + ended.stdout).toBe(0);
    expect(place.statuses('b')).toEqual({ updated: 40, created: 20 });
    const again = await sync(place, 'f.csv', 'c');
    expect(again.stderr).toMatch(/Nothing to do/);
  });
});

describe.concurrent('export, read by sync', () => {
  it.for(
    some(
      [
        ...['email-sign-in', 'plain-username', 'email-alias', 'passwordless', 'prototype-names'],
        'case-sensitive',
      ],
      2,
    ),
  )('finds nothing to do in %s', async (name) => {
    const settings = poolOf(name);
    const names = new Set(settings.UserPool.SchemaAttributes?.map((it) => it.Name));
    const groups = (settings.Groups ?? []).map(({ GroupName }) => GroupName);
    const values = ['=1+1', '  lead', 'a\r\nb', 'Ünï', 'a,"b"', "'x"];
    const Users = values.map((value, at) => ({
      Username: `${['=x', '@', '__proto__'][at] ?? 'User'}${at}`,
      Enabled: at % 2 === 0,
      Attributes: Object.fromEntries(
        Object.entries({
          email: `User${at}@Example.com`,
          email_verified: String(at % 2 === 0),
          given_name: value,
          family_name: value,
        }).filter(([attribute]) => names.size === 0 || names.has(attribute)),
      ),
      Groups: groups.filter((_, group) => (at + group) % 2 === 0),
    }));
    const place = await openPlace({ settings, local: { Users } });
    const exported = await place.run(['export', ...fast]);
    expect(exported.code, exported.stderr).toBe(0);
    const all = ['--missing', 'delete', '--scope', 'all', ...exact];
    const args = ['sync', '-', '--dry-run', '--exit-code', '--run', 'd', ...all, ...fast];
    const ended = await place.run(args, { input: exported.stdout });
    expect(ended.code, ended.stderr + ended.stdout).toBe(0);
    expect(place.statuses('d')).toEqual({ unchanged: values.length });
    expect(costlyCalls(place)).toEqual({});
  });
});
