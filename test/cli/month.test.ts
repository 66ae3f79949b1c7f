import { beforeAll, describe, expect, it } from 'vitest';

import { Refusal } from '../../src/api/refusal.js';
import { syncUsers } from '../../src/api/sync/sync-users.js';
import type { FinishedRun } from '../../src/api/run/finish-run.js';
import { Company } from '../support/company.js';
import { fast, openPlace, poolOf, seeded, until, type Place } from '../support/place.js';
import { thorough } from '../support/thorough.js';

const employeeId = {
  Name: 'custom:employee_id',
  AttributeDataType: 'String',
  Mutable: false,
  Required: false,
  StringAttributeConstraints: { MinLength: '1', MaxLength: '20' },
} as const;

/** A pool by email, with the personnel number beside. */
function settings(): ReturnType<typeof poolOf> {
  const pool = poolOf('email-sign-in');
  const { UserPool } = pool;
  return {
    ...pool,
    UserPool: {
      ...UserPool,
      SchemaAttributes: [...(UserPool.SchemaAttributes ?? []), employeeId],
    },
  };
}

const choices = [
  ...['--key', 'custom:employee_id', '--groups-mode', 'exact', '--create-groups'],
  ...['--missing', 'disable', '--scope', 'group:staff', '--yes'],
];

const night = (place: Place, run: string, rows = 'night.csv'): Promise<FinishedRun> =>
  syncUsers({
    file: place.path(rows),
    reports: place.path('reports'),
    run,
    key: 'custom:employee_id',
    groupsMode: 'exact',
    createGroups: true,
    missing: 'disable',
    scope: { is: 'group', name: 'staff' },
    rate: {
      UserCreation: 5_000,
      UserUpdate: 5_000,
      UserList: 5_000,
      UserPoolResourceUpdate: 5_000,
    },
    pool: {
      userPoolId: place.pool.userPoolId,
      region: place.pool.region,
      endpointUrl: place.pool.endpoint,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    },
  });

/** Everybody in the file is in the pool as it says, once, and whoever is not is disabled. */
function expectSame(place: Place, company: Company): void {
  const seen = new Set<string>();
  for (const user of place.pool.users()) {
    const id = user.attributes['custom:employee_id'] ?? '';
    expect(seen.has(id), `${id} is there twice`).toBe(false);
    seen.add(id);
    const person = company.people.get(id);
    if (!person) {
      expect(user.enabled, `${id} left`).toBe(false);
      continue;
    }
    const { name, email } = user.attributes;
    expect({ name, email, enabled: user.enabled, groups: [...user.groups].sort() }).toEqual({
      name: person.name,
      email: person.email,
      enabled: true,
      groups: ['staff', person.department].sort(),
    });
  }
  for (const id of company.people.keys()) expect(seen.has(id), `${id} is lost`).toBe(true);
}

describe('a month of nights', () => {
  const company = new Company(200, seeded(30));
  let place: Place;
  let before = '';

  beforeAll(async () => {
    place = await openPlace({ settings: settings() });
  });

  /** What goes wrong, by the night; all others are as they should be. */
  const misfortunes: Readonly<Record<number, () => Promise<void>>> = {
    8: () => refusedNight('a broken export', (csv) => csv.slice(0, csv.length * 0.4)),
    // Whole rows: a row that is cut in two alone would keep everybody from being removed.
    12: () =>
      refusedNight('a little of it missing', (csv) =>
        csv.slice(0, csv.lastIndexOf('\n', csv.length * 0.8) + 1),
      ),
    15: () => refusedNight('an empty export', (csv) => csv.split('\n', 1).join('') + '\n'),
    18: () => killedNight(),
    21: () => faultyNight([{ kind: 'throttle', probability: 0.3 }]),
    24: () =>
      faultyNight([
        { kind: 'reset-after', probability: 0.1 },
        { kind: 'internal-error', probability: 0.05 },
      ]),
    27: () => twiceAtOnce(),
  };

  const goodNight = async (run: string): Promise<FinishedRun> => {
    const done = await night(place, run);
    expect(done.summary.exitCode, JSON.stringify(done.summary)).toBe(0);
    expectSame(place, company);
    return done;
  };

  const refusedNight = async (what: string, spoil: (csv: string) => string): Promise<void> => {
    const whole = company.csv();
    await place.write('night.csv', spoil(whole));
    await expect(night(place, what.replaceAll(' ', '-')), what).rejects.toThrow(Refusal);
    expect(snapshot(place), what).toBe(before);
    await place.write('night.csv', whole);
  };

  /** More to do than usual, killed when half of it is done; and then gone on with. */
  const killedNight = async (): Promise<void> => {
    for (let n = 0; n < 80; n++) company.hire();
    await place.write('night.csv', company.csv());
    const args = ['sync', 'night.csv', '--run', 'killed', ...choices];
    const made = place.calls('AdminCreateUser') - place.pool.userCount;
    const slow = ['--rate', 'UserCreation=100,UserUpdate=5000,UserList=5000'];
    const running = place.start([...args, ...slow]);
    const users = place.pool.userCount;
    await until(() => place.pool.userCount > users + 30);
    running.child.kill('SIGKILL');
    await running.ended;
    const ended = await place.run(['resume', 'killed', ...fast]);
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    expect(place.calls('AdminCreateUser') - place.pool.userCount, 'nobody was tried twice').toBe(
      made,
    );
  };

  const faultyNight = async (
    rules: Parameters<Place['pool']['setFaults']>[0]['rules'],
  ): Promise<void> => {
    place.pool.setFaults({ rules });
    await goodNight(`faulty-${rules.length}`);
    place.pool.setFaults({ rules: [] });
  };

  const twiceAtOnce = async (): Promise<void> => {
    const ended = await Promise.allSettled([night(place, 'one'), night(place, 'other')]);
    expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refused = ended.find(({ status }) => status === 'rejected');
    expect(String((refused as PromiseRejectedResult).reason)).toContain('is taken by another run');
  };

  it('follows the file through 30 nights, and nothing terrible happens', async () => {
    await place.write('night.csv', company.csv());
    // On the first night the group is not there yet, so nobody is missing.
    const first = await place.run([
      'sync',
      'night.csv',
      '--run',
      'first',
      ...fast,
      '--create-groups',
    ]);
    expect(first.code, first.stderr).toBe(0);
    expectSame(place, company);
    for (let n = 1; n <= 30; n++) {
      company.day();
      before = snapshot(place);
      await place.write('night.csv', company.csv());
      await misfortunes[n]?.();
      await goodNight(`night-${n}`);
      before = snapshot(place);
      // Every night, where there is time.
      if (!thorough && n % 5 !== 0) continue;
      const again = await night(place, `again-${n}`);
      expect(writes(again), `night ${n} again`).toEqual([]);
    }
  });
});

function snapshot(place: Place): string {
  return JSON.stringify([...place.pool.users()]);
}

/** The calls of a run that change or bill. */
function writes({ summary }: FinishedRun): string[] {
  const free = ['ListUsers', 'ListUsersInGroup', 'ListGroups', 'DescribeUserPool'];
  return Object.keys(summary.calls).filter((name) => !free.includes(name));
}
