import { describe, expect, it, vi } from 'vitest';

import type { Examination } from '../../src/api/pool/examine-pool.js';
import { defaultSettings } from '../../src/local/index.js';
import { openPlace, people, type Place } from '../support/place.js';

vi.setConfig({ maxConcurrency: 4 });

/** The rates are asked for at one a second, unless time runs faster. */
const quick = ['--rate', 'LimitManagement=100'];

async function examine(
  place: Place,
  ...args: string[]
): Promise<{ code: unknown; found: Examination }> {
  const ended = await place.run(['doctor', '--json', ...quick, ...args]);
  expect(ended.stderr).toBe('');
  return { code: ended.code, found: JSON.parse(ended.stdout) as Examination };
}

describe.concurrent('doctor', () => {
  it('finds nothing wrong where all is permitted, and leaves everything as it was', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(3));
    expect((await place.import('f.csv')).code).toBe(0);
    const before = JSON.stringify([...place.pool.users()]);
    const [client] = place.pool.clients;
    const { code, found } = await examine(place, '--client-id', client?.ClientId ?? '');
    expect(code).toBe(0);
    expect(found.commands.filter(({ missing }) => missing.length > 0)).toEqual([]);
    expect(Object.values(found.permissions)).not.toContain('denied');
    expect(Object.values(found.permissions)).not.toContain('not tried');
    expect(JSON.stringify([...place.pool.users()])).toBe(before);
    expect(place.pool.messages).toEqual([]);
  });

  it.for([
    ['AdminCreateUser', ['import', 'sync']],
    ['ListUsers', ['sync', 'undo', 'export']],
    ['AdminDeleteUser', ['undo']],
    ['ListGroups', ['export', 'pool']],
  ] as const)(
    'without %s says which commands lack it, and ends with 1',
    async ([name, lacking]) => {
      const place = await openPlace({
        faults: { rules: [{ kind: 'access-denied', operation: name }] },
      });
      const { code, found } = await examine(place);
      expect(code).toBe(1);
      expect(found.permissions[name]).toBe('denied');
      const lack = found.commands.filter(({ missing }) => missing.includes(name));
      expect(lack.map(({ command }) => command)).toEqual(lacking);
      const text = await place.run(['doctor', ...quick]);
      expect(text.stdout).toContain(name);
      expect(text.code).toBe(1);
    },
  );

  it('says what the published rates are where those of the account can not be asked for', async () => {
    const place = await openPlace({
      faults: { rules: [{ kind: 'access-denied', operation: 'GetProvisionedLimit' }] },
    });
    const { code, found } = await examine(place);
    expect(code).toBe(0);
    const quotas = found.findings.find(({ about }) => about === 'quotas');
    expect(quotas).toMatchObject({ is: 'warning', text: expect.stringContaining('50') as string });
  });

  it('says what is missing of an app client that is not there, or does not sign users in', async () => {
    const settings = defaultSettings();
    const clients = [{ ClientId: 'refreshonly', ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'] }];
    const place = await openPlace({ settings: { ...settings, UserPoolClients: clients } });
    for (const [clientId, text] of [
      ['nosuchclient', 'check its ID'],
      ['refreshonly', 'ALLOW_ADMIN_USER_PASSWORD_AUTH'],
    ] as const) {
      const { code, found } = await examine(place, '--client-id', clientId);
      expect(code).toBe(1);
      expect(found.findings.find(({ about }) => about === 'app client')).toMatchObject({
        is: 'missing',
        text: expect.stringContaining(text) as string,
      });
    }
  });

  it('ends with 2 where the pool is not there or nothing is permitted', async () => {
    const place = await openPlace();
    const nowhere = await place.run(['doctor', '--user-pool-id', 'eu-central-1_Nope']);
    expect(nowhere.code).toBe(2);
    expect(nowhere.stderr).toContain('Check --user-pool-id');
    place.pool.setFaults({ rules: [{ kind: 'access-denied' }] });
    const denied = await place.run(['doctor']);
    expect(denied.code).toBe(2);
    expect(denied.stderr.trim().split('\n')).toHaveLength(1);
  });
});

it('completes commands and options in a shell', async () => {
  const place = await openPlace();
  const script = await place.run(['completion']);
  expect(script.stdout).toContain('cognito-bulk');
  const names = await place.run(['--get-yargs-completions', 'cognito-bulk', 'sync', '--m']);
  expect(names.stdout.split('\n')).toEqual(expect.arrayContaining(['--missing', '--max-removals']));
});
