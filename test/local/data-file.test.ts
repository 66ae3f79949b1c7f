import { spawn } from 'node:child_process';
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  CreateGroupCommand,
  DeleteGroupCommand,
  GetUserAttributeVerificationCodeCommand,
  VerifyUserAttributeCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { expect, test } from 'vitest';
import { defaultSettings, startLocalPool } from '../../src/local/index.js';
import { bench, clientFor, closeLater, GOOD_PASSWORD } from './harness.js';

function dataFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'local-pool-'));
  closeLater({
    close: () => {
      rmSync(folder, { recursive: true });
    },
  });
  return join(folder, 'users.jsonl');
}

/** What a pool that is started on the file holds. */
async function reopened(path: string) {
  const pool = await startLocalPool({ dataFile: path });
  const users = [...pool.users()];
  await pool.close();
  return users;
}

test('users, passwords, groups, tokens and codes outlive a restart', async () => {
  const path = dataFile();
  const { client, UserPoolId, pool, clock } = await bench(
    { AliasAttributes: ['email'] },
    { dataFile: path },
  );
  const ClientId = pool.clients[0]?.ClientId;
  const create = (Username: string) =>
    client.send(
      new AdminCreateUserCommand({
        UserPoolId,
        Username,
        MessageAction: 'SUPPRESS',
        UserAttributes: [{ Name: 'email', Value: 'anna@example.com' }],
      }),
    );
  await create('anna');
  await create('__proto__');
  await create('berta');
  await client.send(new CreateGroupCommand({ UserPoolId, GroupName: 'new', Description: 'New' }));
  await client.send(new CreateGroupCommand({ UserPoolId, GroupName: 'old' }));
  for (const GroupName of ['new', 'old']) {
    await client.send(new AdminAddUserToGroupCommand({ UserPoolId, Username: 'anna', GroupName }));
  }
  await client.send(new DeleteGroupCommand({ UserPoolId, GroupName: 'old' }));
  await client.send(new AdminDeleteUserCommand({ UserPoolId, Username: 'berta' }));
  await client.send(
    new AdminSetUserPasswordCommand({
      UserPoolId,
      Username: 'anna',
      Password: GOOD_PASSWORD,
      Permanent: true,
    }),
  );
  const signIn = new AdminInitiateAuthCommand({
    UserPoolId,
    ClientId,
    AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: 'anna', PASSWORD: GOOD_PASSWORD },
  });
  const { AuthenticationResult } = await client.send(signIn);
  const AccessToken = AuthenticationResult?.AccessToken;
  await client.send(
    new GetUserAttributeVerificationCodeCommand({ AccessToken, AttributeName: 'email' }),
  );
  const Code = pool.messages[0]?.code;
  const before = [...pool.users()];
  expect(before.map(({ username }) => username)).toEqual(['anna', '__proto__']);
  expect(before[0]).toMatchObject({ groups: ['new'], status: 'CONFIRMED' });
  await pool.close();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, 'utf8')).not.toContain(GOOD_PASSWORD);

  const defaults = defaultSettings();
  const again = await startLocalPool({
    dataFile: path,
    now: () => clock.now,
    settings: { ...defaults, UserPool: { ...defaults.UserPool, AliasAttributes: ['email'] } },
  });
  closeLater(again);
  expect([...again.users()]).toEqual(before);
  const other = clientFor(again);
  await other.send(new VerifyUserAttributeCommand({ AccessToken, AttributeName: 'email', Code }));
  expect((await other.send(signIn)).AuthenticationResult).toBeDefined();
  await other.send(
    new AdminUpdateUserAttributesCommand({
      UserPoolId,
      Username: 'anna@example.com',
      UserAttributes: [{ Name: 'name', Value: 'Anna' }],
    }),
  );
});

test('a torn last line is dropped, and what follows is whole', async () => {
  const path = dataFile();
  const { client, UserPoolId, pool } = await bench({}, { dataFile: path });
  const create = (Username: string, to = client) =>
    to.send(new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: 'SUPPRESS' }));
  await create('anna');
  await pool.close();
  appendFileSync(path, '{"user":["ber');
  const again = await startLocalPool({ dataFile: path });
  closeLater(again);
  await create('clara', clientFor(again));
  await again.close();
  expect((await reopened(path)).map(({ username }) => username)).toEqual(['anna', 'clara']);
});

test('the file is written anew at the start when lines are outdated', async () => {
  const path = dataFile();
  const { client, UserPoolId, pool } = await bench({}, { dataFile: path });
  await client.send(
    new AdminCreateUserCommand({ UserPoolId, Username: 'anna', MessageAction: 'SUPPRESS' }),
  );
  for (let n = 0; n < 50; n += 1) {
    await client.send(
      new AdminUpdateUserAttributesCommand({
        UserPoolId,
        Username: 'anna',
        UserAttributes: [{ Name: 'name', Value: `Anna ${n}` }],
      }),
    );
  }
  await pool.close();
  const long = statSync(path).size;
  expect((await reopened(path))[0]?.attributes).toEqual({ name: 'Anna 49' });
  expect(statSync(path).size).toBeLessThan(long / 5);
});

test.each([
  ['{"x":1}\n', 'is not the data file of a local pool'],
  ['nonsense\n', "can't be read: line 1 is damaged"],
  [
    '{"localPool":1,"userPoolId":"eu-west-1_Other","tokenKey":"00"}\n',
    'holds the users of eu-west-1_Other, not of',
  ],
  [
    '{"localPool":1,"userPoolId":"eu-central-1_LocalPool","tokenKey":"00"}\nnonsense\n',
    'line 2 is damaged',
  ],
])('a file that holds %j is refused', async (content, message) => {
  const path = dataFile();
  writeFileSync(path, content);
  await expect(startLocalPool({ dataFile: path })).rejects.toThrow(message);
  expect(readFileSync(path, 'utf8')).toBe(content);
});

test('what was answered before a kill -9 is there afterwards', async () => {
  const path = dataFile();
  const script = `
    import { startLocalPool, NO_LIMITS } from ${JSON.stringify(resolve('dist/local/index.js'))};
    const pool = await startLocalPool({ dataFile: ${JSON.stringify(path)}, limits: NO_LIMITS });
    console.log(pool.endpoint);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  closeLater({
    close: () => {
      child.kill('SIGKILL');
    },
  });
  const endpoint = await new Promise<string>((found) => {
    createInterface({ input: child.stdout }).once('line', found);
  });
  const client = clientFor({ endpoint, region: 'eu-central-1' });
  const answered: string[] = [];
  const gone = new Promise((done) => child.once('exit', done));
  const worker = async (name: string): Promise<void> => {
    for (let n = 0; ; n += 1) {
      const Username = `${name}${n}`;
      try {
        await client.send(
          new AdminCreateUserCommand({
            UserPoolId: 'eu-central-1_LocalPool',
            Username,
            MessageAction: 'SUPPRESS',
          }),
        );
      } catch {
        return;
      }
      answered.push(Username);
      if (answered.length === 150) child.kill('SIGKILL');
    }
  };
  await Promise.all(['a', 'b', 'c', 'd'].map(worker));
  await gone;
  const kept = new Set((await reopened(path)).map(({ username }) => username));
  expect(answered.length).toBeGreaterThanOrEqual(150);
  expect(answered.filter((name) => !kept.has(name))).toEqual([]);
  // At most the calls that were under way have one user more.
  expect(kept.size - answered.length).toBeLessThanOrEqual(4);
});
