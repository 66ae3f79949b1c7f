import { chmodSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import process from 'node:process';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';

import { openBucket, type Bucket } from '../support/bucket.js';
import { main, startProgram, type Ended } from '../support/cli.js';
import { fast, openPlace, people, type Place } from '../support/place.js';
import { root, text } from './command-lines.js';
import { taskCommand } from './template.js';

/** So many people of the staff; who is told to has a telephone number that is none. */
const staff = (count: number, wrong?: number): string =>
  people(count, { groups: () => 'staff', phone_number: (n) => (n === wrong ? 'none' : '') });

let bucket: Bucket;
beforeAll(async () => {
  bucket = await openBucket();
});

describe('the task of the template', () => {
  it('makes the pool follow the file, and refuses half of it', async () => {
    const place = await openPlace();
    const command = taskCommand({
      UserPoolId: place.pool.userPoolId,
      Bucket: 'people',
      Key: 'night.csv',
    }).map((part) => (part === '/reports' ? place.path('reports') : part));
    const night = (): Promise<Ended> => place.run([...command, ...fast], { env: bucket.env });

    await bucket.put('night.csv', staff(300));
    const first = await night();
    expect(first.code, first.stderr).toBe(0);
    expect(place.pool.userCount).toBe(300);
    await bucket.put('night.csv', staff(295));
    const second = await night();
    expect(second.code, second.stderr).toBe(0);
    const disabled = (): number =>
      [...place.users().values()].filter((user) => !user.enabled).length;
    expect(disabled()).toBe(5);
    await bucket.put('night.csv', staff(140));
    const third = await night();
    expect(third.code, third.stderr).toBe(2);
    expect(disabled()).toBe(5);
  });
});

/** The wrapper for cron with its configuration, in a place of its own. */
async function cron(place: Place): Promise<() => Promise<Ended>> {
  await mkdir(place.path('bin'));
  const command = await place.write('bin/cognito-bulk', `#!/bin/sh\nexec node '${main}' "$@"\n`);
  chmodSync(command, 0o755);
  await place.write('protected.txt', 'u0001\n');
  const settings = parse(text('deploy/nightly.yaml')) as Record<string, unknown>;
  delete settings['notify'];
  const own = {
    ...settings,
    'user-pool-id': place.pool.userPoolId,
    region: place.pool.region,
    protect: place.path('protected.txt'),
    reports: place.path('reports'),
    metrics: place.path('cognito_bulk.prom'),
    rate: fast[1],
  };
  const config = await place.write('nightly.yaml', stringify(own));
  return () =>
    startProgram(`${root}deploy/cron/nightly-sync.sh`, [], {
      cwd: place.folder,
      env: {
        ...place.env,
        PATH: `${place.path('bin')}:${process.env['PATH'] ?? ''}`,
        PEOPLE_FILE: place.path('people.csv'),
        NIGHTLY_CONFIG: config,
        NIGHTLY_LOG: place.path('nightly.log'),
      },
    }).ended;
}

describe("cron's wrapper", () => {
  it('says nothing of a good night, and what to do after another', async () => {
    const place = await openPlace();
    const night = await cron(place);
    await place.write('people.csv', staff(120));
    const good = await night();
    expect([good.code, good.stdout, good.stderr]).toEqual([0, '', '']);
    expect(place.pool.userCount).toBe(120);
    expect(place.mode('nightly.log')).toBe('600');
    expect(readFileSync(place.path('cognito_bulk.prom'), 'utf8')).toMatch(
      /^cognito_bulk_run_exit_code\{command="sync".*\} 0$/m,
    );

    await place.write('people.csv', staff(120, 7));
    const some = await night();
    expect(some.code, some.stderr).toBe(1);
    expect(some.stderr).toMatch('ended with 1: some rows are not fine');

    await place.write('people.csv', staff(20));
    const broken = await night();
    expect(broken.code, broken.stderr).toBe(2);
    expect(broken.stderr).toMatch('ended with 2: nothing was written to the pool');
    expect(broken.stderr).toMatch('"event":"end"');
    expect([...place.users().values()].every((user) => user.enabled)).toBe(true);
  });

  it('tells when the command is not there', async () => {
    const place = await openPlace();
    const ended = await startProgram(`${root}deploy/cron/nightly-sync.sh`, [], {
      cwd: place.folder,
      env: { PATH: '/usr/bin:/bin', NIGHTLY_LOG: place.path('nightly.log') },
    }).ended;
    expect(ended.code).toBe(127);
    expect(ended.stderr).toMatch('it was killed, or could not be started');
    expect(ended.stderr).toMatch('not found');
  });
});
