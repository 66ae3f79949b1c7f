import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { gzipSync } from 'node:zlib';

import { openBucket, type Bucket } from '../support/bucket.js';
import { fast, openPlace, people, stackTrace, until, type Place } from '../support/place.js';
import { some } from '../support/thorough.js';

vi.setConfig({ maxConcurrency: 6 });

let bucket: Bucket;
beforeAll(async () => {
  bucket = await openBucket();
});

/** Commands of a place, with the bucket beside the pool. */
function beside(place: Place) {
  return (...args: readonly string[]) => place.run(args, { env: bucket.env });
}

describe.concurrent('a FILE in S3', () => {
  it('is validated and imported as a file is, compressed or not, and names the run', async () => {
    const place = await openPlace();
    const run = beside(place);
    await bucket.put('2026/november people.csv.gz', gzipSync(people(300)));
    const file = 's3://people/2026/november people.csv.gz';
    const checked = await run('validate', file, '--json');
    expect(checked.code, checked.stderr).toBe(0);
    const summary = JSON.parse(checked.stdout) as { file: object; run: string };
    expect(summary.file).toMatchObject({ name: file, rows: 300 });
    expect(summary.run).toMatch(/^\d{4}-\d\d-\d\dT\d{4}-november-people$/);

    const imported = await run('import', file, '--run', 'r', ...fast);
    expect(imported.code, imported.stderr).toBe(0);
    expect(imported.stderr + imported.stdout).not.toMatch("can't be resumed");
    expect(place.pool.userCount).toBe(300);
    expect(place.statuses()).toEqual({ created: 300 });
    expect(place.summary().file.name).toBe(file);
  });

  it('keeps its encoding, and --fix of it can be written', async () => {
    const place = await openPlace();
    const run = beside(place);
    const text = 'username,email,given_name\nu1,u1@example.com,Zoé\nu2, u2@example.com ,Ann\n';
    await bucket.put('latin.csv', Buffer.from(text, 'latin1'));
    const file = 's3://people/latin.csv';
    expect((await run('validate', file)).stderr).toMatch('windows-1252');
    const fixed = await run('validate', file, '--encoding', 'windows-1252', '--fix', 'fixed.csv');
    expect(fixed.code, fixed.stderr).toBe(0);
    expect(readFileSync(place.path('fixed.csv'), 'utf8')).toMatch('u1@example.com,Zoé');
  });

  it('lets a killed run be resumed, from another folder too, and be reported again', async () => {
    const place = await openPlace();
    const run = beside(place);
    await bucket.put('killed.csv', people(200));
    const first = place.start(['import', 's3://people/killed.csv', '--run', 'r', '--rate', '50'], {
      env: bucket.env,
    });
    await until(() => place.pool.userCount >= 5);
    first.child.kill('SIGKILL');
    await first.ended;
    await mkdir(place.path('elsewhere'));
    const resumed = await place.run(['resume', '../reports/r', ...fast], {
      cwd: place.path('elsewhere'),
      env: bucket.env,
    });
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(place.pool.userCount).toBe(200);
    expect(place.statuses()).toEqual({ created: 200 });
    expect(place.calls('AdminCreateUser')).toBeLessThan(300);
    const reported = await run('report', 'r');
    expect(reported.code, reported.stderr).toBe(0);
  });

  it('is held against what the run was begun with', async () => {
    const place = await openPlace();
    const run = beside(place);
    await bucket.put('stopped.csv', people(20));
    const limits = ['--invite', 'email', '--invite-limit', '5'];
    const stopped = await run('import', 's3://people/stopped.csv', '--run', 'r', ...limits);
    expect(stopped.code, stopped.stderr).toBe(3);
    await bucket.put('stopped.csv', people(21));
    const other = await run('resume', 'r', ...fast);
    expect(other.code).toBe(2);
    expect(other.stderr).toMatch('s3://people/stopped.csv is not what run "r" was begun with');
    await bucket.remove('stopped.csv');
    const gone = await run('resume', 'r', ...fast);
    expect(gone.code).toBe(2);
    expect(gone.stderr).toMatch('There is no object "s3://people/stopped.csv"');
    await bucket.put('stopped.csv', people(20));
    expect((await run('resume', 'r', '--invite-limit', '99', ...fast)).code).toBe(0);
    expect(place.statuses()).toEqual({ created: 20 });
  });

  it('is what a plan names, and is fetched again by apply', async () => {
    const place = await openPlace();
    const run = beside(place);
    await bucket.put('planned.csv', people(10));
    const look = ['--dry-run', '--save-plan', 'plan.json', ...fast];
    const planned = await run('import', 's3://people/planned.csv', ...look);
    expect(planned.code, planned.stderr).toBe(0);
    const plan = JSON.parse(readFileSync(place.path('plan.json'), 'utf8')) as { file: object };
    expect(plan.file).toMatchObject({ path: 's3://people/planned.csv', rows: 10 });
    await bucket.put('planned.csv', people(11));
    expect((await run('apply', 'plan.json', ...fast)).stderr).toMatch('was changed since the plan');
    expect(place.pool.userCount).toBe(0);
    await bucket.put('planned.csv', people(10));
    const applied = await run('apply', 'plan.json', ...fast);
    expect(applied.code, applied.stderr).toBe(0);
    expect(place.pool.userCount).toBe(10);
  });
});

describe.concurrent('the credentials and region of a FILE in S3', () => {
  const none = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_REGION: '' };

  it("are those of the command line, which resume remembers as it does the pool's", async () => {
    const place = await openPlace();
    await bucket.put('profile.csv', people(20));
    await mkdir(place.path('.aws'));
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = bucket.env;
    await place.write(
      '.aws/credentials',
      `[night]\naws_access_key_id=${AWS_ACCESS_KEY_ID}\naws_secret_access_key=${AWS_SECRET_ACCESS_KEY}\n`,
    );
    const env = { ...bucket.env, ...none };
    const address = ['--profile', 'night', '--region', 'eu-west-3'];
    const limits = ['--invite', 'email', '--invite-limit', '5'];
    const file = 's3://people/profile.csv';
    const stopped = await place.run(['import', file, '--run', 'r', ...limits, ...address], { env });
    expect(stopped.code, stopped.stderr).toBe(3);
    const resumed = await place.run(['resume', 'r', '--invite-limit', '99', ...fast], { env });
    expect(resumed.code, resumed.stderr).toBe(0);
    const alone = { ...env, COGNITO_USER_POOL_ID: '' };
    const checked = await place.run(['validate', file, ...address], { env: alone });
    expect(checked.code, checked.stderr).toBe(0);
  });
});

describe.concurrent('a FILE in S3 that cannot be had', () => {
  const none = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
  const cases: readonly (readonly [string, string, Readonly<Record<string, string>>, string])[] = [
    ['has no such key', 's3://people/none.csv', {}, 'There is no object "s3://people/none.csv".'],
    ['has no such bucket', 's3://nobody/f.csv', {}, 'There is no bucket of the name in'],
    ['names no key', 's3://people', {}, 'names no object. Write s3://BUCKET/KEY'],
    ['names a folder', 's3://people/2026/', {}, 'names no object. Write s3://BUCKET/KEY'],
    [
      'is for other credentials',
      's3://people/f.csv',
      { AWS_SECRET_ACCESS_KEY: 'another' },
      'S3 does not accept the credentials for "s3://people/f.csv" (SignatureDoesNotMatch)',
    ],
    ['needs credentials', 's3://people/f.csv', none, 'There are no AWS credentials to read'],
    [
      'is in a region that nobody says',
      's3://people/f.csv',
      { AWS_REGION: '' },
      'give --region or set AWS_REGION',
    ],
    [
      'is at a server that is not there',
      's3://people/f.csv',
      { AWS_ENDPOINT_URL_S3: 'http://localhost:9' },
      '(ECONNREFUSED). Check the network, and AWS_ENDPOINT_URL_S3',
    ],
    [
      'is for a profile that is not there',
      's3://people/f.csv --profile nobody',
      none,
      'There are no AWS credentials to read',
    ],
  ];
  it.each(some(cases, 4))('%s', async (_, args, env, said) => {
    const place = await openPlace();
    const ended = await place.run(['validate', ...args.split(' ')], {
      env: { ...bucket.env, COGNITO_USER_POOL_ID: '', ...env },
    });
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(said);
    expect(ended.stderr).not.toMatch(stackTrace);
    expect(ended.stderr.trim().split('\n').length).toBe(1);
    expect(await place.runs()).toEqual([]);
  });

  it('takes the region of the pool where nobody says another', async () => {
    const place = await openPlace();
    await bucket.put('region.csv', people(3));
    const env = { ...bucket.env, AWS_REGION: '' };
    const ended = await place.run(['import', 's3://people/region.csv', ...fast], { env });
    expect(ended.code, ended.stderr).toBe(0);
  });
});

describe('the client for S3', () => {
  /** Makes the import of client-s3 fail, which only a process that needs it notices. */
  const without = (() => {
    const hooks =
      'export const resolve = (name, context, next) => { if (name === "@aws-sdk/client-s3") throw new Error("client-s3 was loaded"); return next(name, context); }';
    const register = `import { register } from 'node:module'; register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hooks)}`)});`;
    return {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(register)}`,
    };
  })();

  it('is loaded for a file in S3, and for no other', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(3));
    const env = { ...bucket.env, ...without };
    const needed = await place.run(['validate', 's3://people/f.csv'], { env });
    expect(needed.stderr).toMatch('client-s3 was loaded');
    for (const args of [['validate', 'f.csv'], ['import', 'f.csv', ...fast], ['--help']]) {
      const ended = await place.run(args, { env });
      expect(ended.code, ended.stderr).toBe(0);
    }
  });
});
