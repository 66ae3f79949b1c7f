import { describe, expect, it, vi } from 'vitest';

import { runCli } from '../support/cli.js';
import type { Answer } from '../support/in-turn.js';
import { openPlace, people, stackTrace, temporaryFolder } from '../support/place.js';

// Most of the time these wait for each other's clock, not for the processor.
vi.setConfig({ maxConcurrency: 8 });

const noCredentials = {
  COGNITO_USER_POOL_ID: 'eu-central-1_LocalPool',
  AWS_REGION: 'eu-central-1',
};

/** An error is one or two lines on standard error, and nothing else. */
function expectError(ended: Answer, code: number, ...texts: (string | RegExp)[]): void {
  expect({ code: ended.code, stdout: ended.stdout }, ended.stderr).toEqual({ code, stdout: '' });
  for (const text of texts) expect(ended.stderr).toMatch(text);
  expect(ended.stderr.trimEnd().split('\n').length, ended.stderr).toBeLessThanOrEqual(2);
  expect(ended.stderr).not.toMatch(stackTrace);
  expect(ended.stderr).not.toMatch('This was not expected');
}

describe.concurrent('a command line that is wrong', () => {
  const wrong: readonly (readonly [args: string[], hint: string])[] = [
    [['imprt', 'f.csv'], 'import'],
    [['import', 'f.csv', '--reprots', 'x'], '--reports'],
    [['import', 'f.csv', '--invite', 'mail'], 'email'],
    [['import', 'f.csv', '--rate', 'UserCreatoin=5'], 'UserCreation'],
    [['import', 'f.csv', '--timeout', 'soon'], '10s'],
    [['import', 'f.csv', '--concurrency', '1.5'], '--concurrency'],
    [['import', 'f.csv', 'g.csv'], 'g.csv'],
    [['resume', 'nobody'], 'nobody'],
    [[], '--help'],
  ];

  it('is named with the way out, and ends with 2', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(2));
    const ended = await place.inTurn(wrong.map(([args]) => args));
    for (const [at, one] of ended.entries()) expectError(one, 2, wrong[at]?.[1] ?? '');
    expect(place.calls('AdminCreateUser')).toBe(0);
    expect(await place.runs()).toEqual([]);
  });

  it('ends its process with 2 as well', async () => {
    const place = await openPlace();
    expectError(await place.run(['import', 'f.csv', '--reprots', 'x']), 2, '--reports');
  });

  it('asks which pool', async () => {
    const ended = await runCli(['import', 'f.csv'], { cwd: await temporaryFolder() });
    expectError(ended, 2, '--user-pool-id');
  });
});

describe.concurrent('a pool that can not be reached', () => {
  it('is a pool that is not there', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(2));
    const ended = await place.import('f.csv', '--user-pool-id', 'eu-central-1_Nobody');
    expectError(ended, 2, 'eu-central-1_Nobody does not exist', '--user-pool-id');
    expect(await place.runs()).toEqual([]);
  });

  it('is an ID that is none', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(2));
    expectError(await place.import('f.csv', '--user-pool-id', 'nonsense'), 2, 'us-east-1_');
  });

  it('is an address where nobody listens: in reasonable time, and with advice', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(2));
    const ended = await place.import('f.csv', '--endpoint-url', 'http://127.0.0.1:1');
    expectError(ended, 2, 'ECONNREFUSED', '--endpoint-url');
    expect(await place.runs()).toEqual([]);
  });

  it('is an account without credentials', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(2));
    const ended = await runCli(['import', 'f.csv'], { cwd: place.folder, env: noCredentials });
    expectError(ended, 2, /credentials/i, 'AWS_PROFILE');
    expect(ended.seconds).toBeLessThan(10);
    expect(await place.runs()).toEqual([]);
  });

  it('is a profile that nobody has', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(2));
    const args = ['import', 'f.csv', '--profile', 'ghost'];
    const ended = await runCli(args, { cwd: place.folder, env: noCredentials });
    expectError(ended, 2, /credentials/i, '--profile');
  });

  it('is one that permits nothing', async () => {
    const place = await openPlace({ faults: { rules: [{ kind: 'access-denied' }] } });
    await place.write('f.csv', people(2));
    expectError(await place.import('f.csv'), 2, 'not authorized', 'permission');
    expect(await place.runs()).toEqual([]);
  });

  it('shows where it happened only with --verbose', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(2));
    const ended = await place.import('f.csv', '--user-pool-id', 'eu-central-1_No', '--verbose');
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(stackTrace);
  });
});
