import { describe, expect, it, vi } from 'vitest';

import { examinePool } from '../../src/api/pool/examine-pool.js';
import type { Examination } from '../../src/api/pool/examine-pool.js';
import { commandOperations } from '../../src/api/pool/command-operations.js';
import { runCli } from '../support/cli.js';
import { openPlace, people, type Place } from '../support/place.js';
import { confidentialClient, poolLike, publicClient } from '../support/signing-in.js';

vi.setConfig({ maxConcurrency: 4 });

/** The rates are asked for at one a second, unless time runs faster. */
const quick = ['--rate', 'LimitManagement=100'];
const json = ['doctor', '--json', ...quick];
const all = Object.keys(commandOperations);

interface Examined {
  readonly code: unknown;
  readonly found: Examination;
}

async function examine(
  place: Place,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Examined> {
  const ended = await place.run([...json, ...args], { env });
  expect(ended.stderr).toBe('');
  return { code: ended.code, found: JSON.parse(ended.stdout) as Examination };
}

/** As `examine`, one after the other in one process. */
async function examineEach(place: Place, ...each: (readonly string[])[]): Promise<Examined[]> {
  const ended = await place.inTurn(each.map((args) => [...json, ...args]));
  return ended.map(({ code, stdout, stderr }) => {
    expect(stderr).toBe('');
    return { code, found: JSON.parse(stdout) as Examination };
  });
}

/** `is text` of all that was found about something. */
function about({ findings }: Examination, subject: string): string {
  const found = findings.filter((finding) => finding.about === subject);
  return found.map(({ is, text }) => `${is} ${text}`).join('\n');
}

/** What a command may do, and what is missing for it or was not tried. */
function of({ commands }: Examination, name: string): string {
  const command = commands.find((one) => one.command === name);
  const { may, missing = [], notTried = [] } = command ?? {};
  const text = missing.map(
    ({ what, when }) => `; ${what}${when === undefined ? '' : ` (${when})`}`,
  );
  const open = notTried.map(({ what }) => `; not tried ${what}`);
  return [may, ...text, ...open].join('');
}

function which({ commands }: Examination, may: string): string[] {
  return commands.filter((one) => one.may === may).map(({ command }) => command);
}

describe.concurrent('doctor', () => {
  it('finds nothing wrong where all is permitted, and leaves everything as it was', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(3));
    await place.imported('f.csv');
    const before = JSON.stringify([...place.pool.users()]);
    const { code, found } = await examine(place, ['--client-id', publicClient]);
    expect(code).toBe(0);
    expect(found.commands.filter(({ missing }) => missing.length > 0)).toEqual([]);
    // What can't be tried without harm is said, and is no "yes".
    expect(of(found, 'import')).toBe('as far as tried; not tried CreateGroup');
    expect(of(found, 'sync')).toBe('as far as tried; not tried CreateGroup');
    expect(which(found, 'yes')).toEqual(all.filter((name) => !/^(import|sync)$/.test(name)));
    const operations = Object.values(commandOperations).flatMap((uses) =>
      uses.map(({ operation }) => operation),
    );
    const untried = operations.filter((name) => found.permissions[name] !== 'allowed');
    expect([...new Set(untried)].sort()).toEqual(['CreateGroup', 'ListUserPoolClientSecrets']);
    expect(JSON.stringify([...place.pool.users()])).toBe(before);
    expect(place.pool.messages).toEqual([]);
  });

  it('says of each permission that is missing which commands lack it, and ends with 1', async () => {
    const lacking = {
      AdminCreateUser: ['import', 'sync'],
      ListUsers: ['sync', 'undo', 'export'],
      AdminDeleteUser: ['undo'],
      ListGroups: ['export', 'pool'],
      AdminInitiateAuth: ['verify send', 'verify confirm'],
      AdminRespondToAuthChallenge: [],
    } as const;
    const place = await openPlace({
      faults: { rules: [{ kind: 'access-denied', operation: Object.keys(lacking) }] },
    });
    const [listed, text] = await place.inTurn([json, ['doctor', ...quick]]);
    expect([listed?.code, text?.code]).toEqual([1, 1]);
    const found = JSON.parse(listed?.stdout ?? '') as Examination;
    const denied = Object.entries(found.permissions).filter(([, is]) => is === 'denied');
    expect(denied.map(([name]) => name).sort()).toEqual(Object.keys(lacking).sort());
    for (const [name, commands] of Object.entries(lacking)) {
      const lack = found.commands.filter(({ missing }) =>
        missing.some(({ what, when }) => what === name && when === undefined),
      );
      expect(
        lack.map(({ command }) => command),
        name,
      ).toEqual(commands);
    }
    expect(of(found, 'import')).toContain('; ListUsers (--dry-run; or: --on-existing update; or: ');
    expect(of(found, 'import')).toContain(
      'AdminRespondToAuthChallenge (--password-mode challenge)',
    );
    expect(of(found, 'validate')).toMatch(/^mostly; ListGroups/);

    const shown = text?.stdout ?? '';
    for (const name of Object.keys(lacking)) expect(shown).toContain(name);
    expect(shown.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('says what the published rates are where those of the account can not be asked for', async () => {
    const place = await openPlace({
      faults: { rules: [{ kind: 'access-denied', operation: 'GetProvisionedLimit' }] },
    });
    const { code, found } = await examine(place);
    expect(code).toBe(0);
    expect(about(found, 'quotas')).toMatch(/^warning .* 50 creates/);
    expect(which(found, 'mostly')).toEqual([]);
  });

  it('says which command lacks what of an app client, or that nobody looked', async () => {
    const refreshing = {
      ClientId: 'refreshonly',
      ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
    };
    const place = await openPlace({ settings: poolLike({}, [refreshing]) });
    const flow = 'ALLOW_ADMIN_USER_PASSWORD_AUTH';
    const cases = [
      ['nosuchclient', 'check its ID', 'app client nosuchclient'],
      ['refreshonly', flow, `${flow} of the app client`],
    ] as const;
    const args = cases.map(([clientId]) => ['--client-id', clientId]);
    const [unlooked, ...broken] = await examineEach(place, [], ...args);
    for (const [n, [, text, lack]] of cases.entries()) {
      const { code, found } = broken[n] ?? expect.unreachable();
      expect(code).toBe(1);
      expect(about(found, 'app client')).toMatch(new RegExp(`^missing .*${text}`));
      expect(which(found, 'no')).toEqual(['verify send', 'verify confirm']);
      expect(of(found, 'verify send')).toBe(`no; ${lack}`);
      expect(of(found, 'import')).toContain(`mostly; ${lack} (--password-mode challenge)`);
    }
    const { code, found } = unlooked ?? expect.unreachable();
    expect(code).toBe(0);
    expect(about(found, 'app client')).toMatch(/^warning Not looked at/);
    expect(of(found, 'verify send')).toMatch(/^as far as tried; not tried an app client/);
  });

  it('holds COGNITO_CLIENT_SECRET against what the pool says, and shows neither', async () => {
    const place = await openPlace();
    const client = place.pool.clients.find(({ ClientId }) => ClientId === confidentialClient);
    const genuine = client?.ClientSecret ?? '';
    expect(genuine).not.toBe('');
    const { pool } = place.library;
    const options = { pool, rate: { LimitManagement: 100 }, clientId: confidentialClient };
    const right = await examinePool({ ...options, clientSecret: genuine });
    expect(about(right, 'app client')).toMatch(/^fine .* with a secret/);
    const args = ['--client-id', confidentialClient];
    const wrong = await examine(place, args, { COGNITO_CLIENT_SECRET: 'canary-secret' });
    expect(about(wrong.found, 'app client')).toMatch(/^warning COGNITO_CLIENT_SECRET is no secret/);
    const shown = JSON.stringify([right, wrong.found]);
    expect(shown).not.toContain(genuine);
    expect(shown).not.toContain('canary');
    // The triggers of a sign-in may run for nobody too.
    expect(place.pool.stats().operations['AdminInitiateAuth']?.ok ?? 0).toBe(0);
  });

  it('says what to do about messages that can not be sent, and who sends them', async () => {
    const settings = poolLike({
      SmsConfigurationFailure: 'InvalidSmsRoleAccessPolicyException',
      EmailConfigurationFailure: 'the sender is not verified',
    });
    const { code, found } = await examine(await openPlace({ settings }));
    expect(code).toBe(1);
    expect(about(found, 'messages')).toMatch(/SMS can't be sent \(InvalidSms.*: give .* IAM role/);
    expect(about(found, 'messages')).toMatch(/Emails can't be sent \(the sender.*: correct/);
    expect(of(found, 'sync')).toContain('a sender of SMS (--invite sms)');
    expect(of(found, 'verify send')).toContain('a sender of emails (--attribute email)');
  });

  it('compares the region with that of the pool', async () => {
    const place = await openPlace();
    const region = ['--region', 'us-east-1'];
    const pool = ['--user-pool-id', 'eu-central-1_Nope'];
    const args = [region, [...region, ...pool], ['--region', '']];
    const examined = await examineEach(place, ...args);
    expect(examined.map(({ code }) => code)).toEqual([0, 2, 2]);
    const [other, nowhere, empty] = examined.map(({ found }) => found);
    if (!other || !nowhere || !empty) return expect.unreachable();
    // An endpoint of its own has the pool all the same.
    expect(about(other, 'region')).toMatch(/^warning us-east-1, .*give --region eu-central-1/);
    expect(about(nowhere, 'region')).toMatch(/^missing us-east-1/);
    expect(about(nowhere, 'pool')).toMatch(/^missing us-east-1 has no pool .*check/);
    expect(which(nowhere, 'no')).toEqual(all);
    expect(about(empty, 'region')).toMatch(/^missing .*give eu-central-1/);
  });

  it('ends with 2 and the whole table where no command can be run', async () => {
    const place = await openPlace({ faults: { rules: [{ kind: 'expired-token' }] } });
    const args = ['--endpoint-url', 'http://127.0.0.1:1', '--max-attempts', '1'];
    const [expired, unanswered] = await examineEach(place, [], args);
    if (!expired || !unanswered) return expect.unreachable();
    expect([expired.code, unanswered.code]).toEqual([2, 2]);
    expect(about(unanswered.found, 'pool')).toMatch(/^missing No answer .*ECONNREFUSED/);
    expect(about(unanswered.found, 'credentials')).toBe('');
    expect(about(expired.found, 'credentials')).toMatch(/^missing They have expired: sign in/);
    expect(of(expired.found, 'export')).toBe('no; credentials that AWS takes');

    place.pool.setFaults({ rules: [{ kind: 'access-denied', operation: 'DescribeUserPool' }] });
    const denied = await examine(place);
    expect(denied.code).toBe(2);
    expect(about(denied.found, 'credentials')).toMatch(/^fine/);
    expect(about(denied.found, 'pool')).toMatch(/^missing DescribeUserPool is denied/);
    // All else is tried, so that all is known that has to be permitted.
    expect(of(denied.found, 'undo')).toBe('no; DescribeUserPool');
    expect(denied.found.permissions.AdminDeleteUser).toBe('allowed');

    const env = Object.fromEntries(
      Object.entries(place.env).filter(([name]) => !/^AWS_.*_KEY/.test(name)),
    );
    const without = await runCli(['doctor', ...quick], { cwd: place.folder, env });
    expect(without.code).toBe(2);
    expect(without.stderr).toBe('');
    expect(without.stdout).toMatch(/missing {2}credentials: None were found/);
    expect(without.stdout).toMatch(/verify confirm +no +credentials that AWS takes/);
    expect(without.stdout).toContain('What works without the pool: validate with --schema');
  });
});

it('completes commands and options in a shell', async () => {
  const place = await openPlace();
  const script = await place.run(['completion']);
  expect(script.stdout).toContain('cognito-bulk');
  const names = await place.run(['--get-yargs-completions', 'cognito-bulk', 'sync', '--m']);
  expect(names.stdout.split('\n')).toEqual(expect.arrayContaining(['--missing', '--max-removals']));
});
