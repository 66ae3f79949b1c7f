import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import type { PoolDescription } from '../../src/cognito/description.js';
import { fixtures } from '../support/cli.js';
import { openPlace, people, poolOf } from '../support/place.js';

const secret = 'f9e579744a184608407f57e47c1cc6646f5ba9ea8a1af4c9f6b';

describe.concurrent('pool', () => {
  it('prints the description, which holds no secret', async () => {
    const place = await openPlace({ settings: poolOf('email-alias') });
    const [client] = place.pool.clients;
    expect(client?.ClientSecret).toBe(secret);
    const ended = await place.run(['pool', '--client-id', client?.ClientId ?? '']);
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' });
    expect(ended.stdout).not.toContain(secret);
    expect(ended.stdout).not.toContain('ClientSecret');
    const description = JSON.parse(ended.stdout) as PoolDescription;
    expect(description.UserPool.Id).toBe(place.pool.userPoolId);
    expect(description.Groups?.map(({ GroupName }) => GroupName)).toContain('staff');
    expect(description.UserPoolClients).toMatchObject([{ HasSecret: true }]);
    expect(place.calls('DescribeUserPoolClient')).toBe(1);
  });

  it('describes no app client unless one is named', async () => {
    const place = await openPlace({ limits: { UserCreation: 75 } });
    const { stdout } = await place.run(['pool']);
    expect(JSON.parse(stdout)).toMatchObject({ Limits: { UserCreation: 75, UserRead: 120 } });
    expect(JSON.parse(stdout)).not.toHaveProperty('UserPoolClients');
    expect(place.calls('DescribeUserPoolClient')).toBe(0);
  });

  it('saves a file that only its owner reads, and never writes over one', async () => {
    const place = await openPlace();
    const first = await place.run(['pool', '--output', 'pool.json']);
    expect(first.code, first.stderr).toBe(0);
    expect(first.stdout).toContain('is saved in pool.json');
    expect(place.mode('pool.json')).toBe('600');
    const text = readFileSync(place.path('pool.json'), 'utf8');
    const second = await place.run(['pool', '--output', 'pool.json']);
    expect({ code: second.code, stdout: second.stdout }).toEqual({ code: 2, stdout: '' });
    expect(second.stderr).toContain('is not overwritten');
    expect(readFileSync(place.path('pool.json'), 'utf8')).toBe(text);
  });

  it('leaves no file where there is no such pool', async () => {
    const place = await openPlace();
    const args = ['pool', '--user-pool-id', 'us-east-1_Nobody', '--output', 'pool.json'];
    const { code, stderr } = await place.run(args);
    expect(code).toBe(2);
    expect(stderr).toContain('--user-pool-id');
    expect(() => readFileSync(place.path('pool.json'))).toThrow();
  });

  it('goes round: local, pool, local --schema, validate --schema', async () => {
    const first = await openPlace({ settings: poolOf('email-alias') });
    const saved = (await first.run(['pool'])).stdout;
    const schema = await first.write('pool.json', saved);
    await first.write('f.csv', people(2, { groups: () => 'nobodys' }));

    const local = first.start(['local', '--schema', schema, '--port', '0', '--json']);
    await local.said('userPoolId');
    await local.said('\n');
    // The address comes at once and as a whole.
    const { endpoint, userPoolId } = await new Promise<{ endpoint: string; userPoolId: string }>(
      (resolve) => {
        local.child.kill('SIGTERM');
        void local.ended.then(({ stdout }) => {
          resolve(JSON.parse(stdout) as { endpoint: string; userPoolId: string });
        });
      },
    );
    expect(endpoint).toMatch(/^http:/);
    expect(userPoolId).toBe(first.pool.userPoolId);

    const live = await first.run(['validate', 'f.csv', '--json']);
    const offline = await first.run(['validate', 'f.csv', '--schema', schema, '--json'], {
      env: { COGNITO_USER_POOL_ID: '', AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: '' },
    });
    const found = ({ stdout }: { stdout: string }): unknown => {
      const { pool, byCode, problems } = JSON.parse(stdout) as Record<string, unknown>;
      return { pool, byCode, problems };
    };
    expect(found(offline)).toEqual(found(live));
    expect(found(offline)).toMatchObject({ byCode: { 'unknown-group': 2 } });
  });

  it('of a local pool played from what it saved is what it saved', async () => {
    const first = await openPlace({ settings: poolOf('email-sign-in') });
    const saved = JSON.parse((await first.run(['pool'])).stdout) as PoolDescription;
    const { readLocalPoolSettings } = await import('../../src/local/index.js');
    const second = await openPlace({ settings: readLocalPoolSettings(saved) });
    expect(JSON.parse((await second.run(['pool'])).stdout)).toEqual(saved);
  });

  it('reads the descriptions among the fixtures', async () => {
    const { descriptionFrom } = await import('../../src/cognito/read-description.js');
    const fixture: unknown = JSON.parse(
      readFileSync(join(fixtures, 'pools/email-alias.json'), 'utf8'),
    );
    expect(JSON.stringify(descriptionFrom(fixture))).not.toContain(secret);
  });
});
