import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';

import { resumeRun } from '../../src/api/resume/resume-run.js';
import { verifyUsers } from '../../src/api/verify/verify-users.js';
import type { FaultPlan } from '../../src/local/index.js';
import { openPlace, people, until, type Place, type PlaceOptions } from '../support/place.js';
import type { Ended } from '../support/cli.js';
import { fastSignIn, poolLike, publicClient } from '../support/signing-in.js';

vi.setConfig({ maxConcurrency: 6 });

const password = (n: number): string => `Secret-${n}-canary!`;
const client = ['--client-id', publicClient, ...fastSignIn];

/** A place with people who have a password for good and an address that is not verified. */
async function placeWithPeople(count: number, options: PlaceOptions = {}): Promise<Place> {
  const place = await openPlace({ ...options, local: { DailyEmailLimit: 0, ...options.local } });
  await place.write('people.csv', people(count, { password }));
  await place.imported('people.csv', { passwordMode: 'permanent', run: 'made' });
  return place;
}

/** As `send`, by the library in this process: where it is not what the test is about. */
async function sent(place: Place, run: string): Promise<void> {
  const file = place.path('people.csv');
  const options = { ...place.library, action: 'send', clientId: publicClient } as const;
  const { summary } = await verifyUsers({ ...options, file, run });
  expect(summary.exitCode).toBe(0);
}

const send = (place: Place, run: string, ...args: string[]): Promise<Ended> =>
  place.run(['verify', 'send', 'people.csv', '--run', run, ...client, ...args]);

const confirm = (place: Place, run: string, ...args: string[]): Promise<Ended> =>
  place.run(['verify', 'confirm', 'codes.csv', '--run', run, ...client, ...args]);

/** Writes codes.csv: each person with the code that came last, or another one. */
async function writeCodes(
  place: Place,
  count: number,
  codeOf: (n: number, code: string) => string = (_, code) => code,
): Promise<void> {
  const codes = new Map<string, string>();
  for (const { destination, code } of place.pool.messages) codes.set(destination, code);
  const column = (n: number): string =>
    codeOf(n, codes.get(`u${String(n).padStart(4, '0')}@example.com`) ?? '');
  await place.write('codes.csv', people(count, { password, code: column }));
}

const verified = (place: Place): string[] =>
  [...place.users().values()]
    .filter(({ attributes }) => attributes['email_verified'] === 'true')
    .map(({ username }) => username)
    .sort();

const codes = (place: Place, run: string): string[] =>
  place.results(run).map(({ status, code }) => `${status} ${code}`.trim());

describe.concurrent('verify', () => {
  it('sends everybody a code, takes the codes, and reports as any run does', async () => {
    const place = await placeWithPeople(4);
    const first = await send(place, 's');
    expect(first.code, first.stderr).toBe(0);
    expect(place.results('s').map(({ status, steps }) => `${status} ${steps}`)).toEqual(
      Array<string>(4).fill('code-sent send-code'),
    );
    expect(place.results('s')[0]?.message).toMatch(/^u\*+@e\*+/);
    expect(place.results('s')[0]?.sub).toBe(place.users().get('u0001')?.sub);
    expect(place.summary('s')).toMatchObject({ command: 'verify send', outcome: 'complete' });
    expect(place.mostMessages).toBe(1);
    await writeCodes(place, 4, (n, code) => (n === 2 ? 'wrong1' : n === 3 ? '' : code));
    const confirmed = await confirm(place, 'c');
    expect(confirmed.code, confirmed.stderr).toBe(1);
    expect(codes(place, 'c')).toEqual([
      'verified',
      'failed CodeMismatchException',
      'invalid missing-code',
      'verified',
    ]);
    expect(place.results('c')[0]?.steps).toBe('confirm-code');
    expect(place.results('c')[1]?.message).toMatch('the code is wrong');
    expect(place.summary('c').command).toBe('verify confirm');
    expect(verified(place)).toEqual(['u0001', 'u0004']);
    expect(place.cells('rejects.csv', 'c')[0]).toEqual([
      ...['username', 'email', 'error_code', 'error_message'],
    ]);
    // Nothing secret is in any file of the runs, or on the screen.
    const secrets = [...place.pool.messages.map(({ code }) => code), 'canary', 'eyJ'];
    const texts = ['s', 'c'].flatMap((run) =>
      readdirSync(place.path('reports', run)).map((name) => place.text(name, run)),
    );
    for (const text of [...texts, first.stdout, first.stderr, confirmed.stdout, confirmed.stderr]) {
      for (const secret of secrets) expect(text).not.toContain(secret);
    }
  });

  it('tells every other way apart that a sign-in can go', async () => {
    const place = await placeWithPeople(2);
    await place.write('t.csv', people(1, { password }).replaceAll('u0001', 'temporary'));
    await place.write(
      'd.csv',
      people(1, { password, enabled: () => 'false' }).replaceAll('u0001', 'off'),
    );
    await place.imported('t.csv', { run: 't' });
    await place.imported('d.csv', { run: 'd', passwordMode: 'permanent' });
    const rows = [
      'u0001,wrong',
      `temporary,${password(1)}`,
      `off,${password(1)}`,
      'nobody,x',
      'u0002,',
    ];
    await place.write('people.csv', `username,password\n${rows.join('\n')}\nu0001,again\n`);
    const ended = await send(place, 's');
    expect(ended.code, ended.stderr).toBe(1);
    expect(codes(place, 's')).toEqual([
      'failed NotAuthorizedException',
      'failed new-password-required',
      'failed NotAuthorizedException',
      'failed NotAuthorizedException',
      'invalid missing-password',
      'invalid duplicate-username',
    ]);
    expect(place.results('s')[2]?.message).toMatch('disabled');
    expect(place.pool.messages).toEqual([]);
  });

  it('leaves those alone whose sign-in asks for a second factor', async () => {
    const place = await placeWithPeople(1, { settings: poolLike({ MfaConfiguration: 'ON' }) });
    expect((await send(place, 's')).code).toBe(1);
    expect(codes(place, 's')).toEqual(['failed mfa-required']);
  });

  it('refuses what can not be begun: no client, no flow, no column, no terminal', async () => {
    const flows = ['ALLOW_USER_SRP_AUTH'];
    const settings = poolLike({}, [{ ClientId: publicClient, ExplicitAuthFlows: flows }]);
    const place = await openPlace({ settings });
    await place.write('people.csv', people(1, { password }));
    const cases: [string[], RegExp][] = [
      [['send', 'people.csv'], /--client-id/],
      [
        ['send', 'people.csv', ...client],
        /does not allow ALLOW_ADMIN_USER_PASSWORD_AUTH: allow it\./,
      ],
      [['confirm', 'people.csv', ...client], /column "code"/],
      [['confirm', '--username', 'ada', ...client], /no terminal/],
      [['confirm', ...client], /Whose address/],
      [['sent', 'people.csv', ...client], /send.*confirm/s],
    ];
    const ended = await place.inTurn(cases.map(([args]) => ['verify', ...args]));
    for (const [at, [args, says]] of cases.entries()) {
      expect(ended[at]?.code, args.join(' ')).toBe(2);
      expect(ended[at]?.stderr).toMatch(says);
    }
    expect(await place.runs()).toEqual([]);
  });

  it('takes the email for the username where people sign in with it, and a renamed column', async () => {
    const settings = poolLike({ UsernameAttributes: ['email'] });
    const place = await openPlace({ settings, local: { DailyEmailLimit: 0 } });
    const rows = [1, 2].map((n) => `a${n}@example.com,${password(n)}`).join('\n');
    await place.write('people.csv', `email,password\n${rows}\n`);
    await place.imported('people.csv', { passwordMode: 'permanent' });
    await place.write(
      'people.csv',
      `Mail,password,Shoe size\n${rows.replaceAll('\n', ',9\n')},9\n`,
    );
    const ended = await send(place, 's', '--map', 'Mail=email');
    expect(ended.code, ended.stderr).toBe(0);
    expect(place.results('s').map(({ username }) => username)).toEqual([
      'a1@example.com',
      'a2@example.com',
    ]);
  });

  it('sends nobody a second code after a lost answer, unless it is asked for', async () => {
    const rules: FaultPlan['rules'] = [
      { kind: 'reset-after', operation: 'GetUserAttributeVerificationCode', count: 1 },
      { kind: 'reset-after', operation: 'AdminInitiateAuth', count: 2 },
    ];
    const place = await placeWithPeople(3);
    place.pool.setFaults({ rules });
    const ended = await send(place, 's', '--concurrency', '1');
    expect(ended.code, ended.stderr).toBe(1);
    expect(codes(place, 's')).toEqual(['failed code-outcome-unknown', 'code-sent', 'code-sent']);
    expect(place.results('s')[0]?.message).toMatch('may have gone out');
    expect((await place.run(['resume', 's', ...fastSignIn])).code).toBe(1);
    expect(place.pool.messages.length).toBe(3);
    const again = await place.run(['resume', 's', '--retry-failed', ...fastSignIn]);
    expect(again.code, again.stderr).toBe(0);
    expect(place.pool.messages.length).toBe(4);
  });

  it('killed while a code is sent, it does not send that one again', async () => {
    const place = await placeWithPeople(3);
    place.pool.setFaults({
      rules: [
        {
          kind: 'hang',
          effect: true,
          operation: 'GetUserAttributeVerificationCode',
          after: 1,
          count: 1,
        },
      ],
    });
    const running = place.start([
      'verify',
      'send',
      'people.csv',
      '--run',
      's',
      ...client,
      '--concurrency',
      '1',
      '--timeout',
      '30s',
    ]);
    await until(() => place.pool.messages.length === 2);
    running.child.kill('SIGKILL');
    await running.ended;
    const resumed = await place.run(['resume', 's', ...fastSignIn]);
    expect(resumed.code, resumed.stderr).toBe(1);
    expect(codes(place, 's')).toEqual(['code-sent', 'failed code-outcome-unknown', 'code-sent']);
    expect(place.mostMessages).toBe(1);
    expect(place.pool.messages.length).toBe(3);
  });

  it('a code that was taken and whose answer was lost is verified', async () => {
    const place = await placeWithPeople(3, { local: { ListDelayMs: 0 } });
    await sent(place, 's');
    await writeCodes(place, 3);
    place.pool.setFaults({
      rules: [{ kind: 'reset-after', operation: 'VerifyUserAttribute', count: 2 }],
    });
    const ended = await confirm(place, 'c');
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    expect(codes(place, 'c')).toEqual(['verified', 'verified', 'verified']);
    expect(place.calls('VerifyUserAttribute')).toBe(3);
  });

  it('also where the list lags behind', async () => {
    const place = await placeWithPeople(2, { local: { ListDelayMs: 60_000 } });
    await sent(place, 's');
    await writeCodes(place, 2);
    place.pool.setFaults({
      rules: [{ kind: 'reset-after', operation: 'VerifyUserAttribute', count: 2 }],
    });
    const ended = await confirm(place, 'c');
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    expect(verified(place)).toEqual(['u0001', 'u0002']);
  });

  it('paces itself: no sixth code in an hour, and it says when to come back', async () => {
    let passed = 0;
    const place = await placeWithPeople(1, { now: () => Date.now() + passed });
    for (const run of ['a', 'b', 'c', 'd', 'e']) await sent(place, run);
    expect((await send(place, 'f')).code).toBe(1);
    expect(codes(place, 'f')).toEqual(['failed LimitExceededException']);
    expect(place.results('f')[0]?.message).toMatch(/come back after \d\d:\d\d UTC/);
    // What the service refused counts too, in this run: five tries, and then it is not even asked.
    for (let n = 0; n < 4; n++) await resumeRun({ ...place.library, run: 'f', retryFailed: true });
    const calls = place.calls('GetUserAttributeVerificationCode');
    expect((await place.run(['resume', 'f', '--retry-failed', ...fastSignIn])).code).toBe(1);
    expect(codes(place, 'f')).toEqual(['failed too-many-tries']);
    expect(place.results('f')[0]?.message).toMatch(/come back after \d\d:\d\d UTC/);
    expect(place.calls('GetUserAttributeVerificationCode')).toBe(calls);
    passed = 25 * 3_600_000;
    await place.write(
      'codes.csv',
      people(1, { password, code: () => place.pool.messages[0]?.code ?? '' }),
    );
    expect((await confirm(place, 'g')).code).toBe(1);
    expect(codes(place, 'g')).toEqual(['failed ExpiredCodeException']);
  });

  it('ends at the daily limit with 3, and resume goes on', async () => {
    let passed = 0;
    const place = await placeWithPeople(3, {
      now: () => Date.now() + passed,
      local: { DailyEmailLimit: 2 },
    });
    const first = await send(place, 's', '--concurrency', '1');
    expect(first.code, first.stdout + first.stderr).toBe(3);
    expect(place.statuses('s')).toEqual({ 'code-sent': 2, 'not-attempted': 1 });
    passed = 86_400_000;
    const second = await place.run(['resume', 's', ...fastSignIn]);
    expect(second.code, second.stderr).toBe(0);
    expect(place.statuses('s')).toEqual({ 'code-sent': 3 });
    const journal = readFileSync(place.path('reports', 's', 'journal.jsonl'), 'utf8');
    expect(journal).toMatch('"command":"verify send"');
    expect((await place.run(['report', 's'])).code).toBe(0);
  });
});
