import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDeleteUserAttributesCommand,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  AdminListGroupsForUserCommand,
  AdminRemoveUserFromGroupCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  CreateGroupCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  GetGroupCommand,
  ListGroupsCommand,
  ListUsersCommand,
  ListUsersInGroupCommand,
  type AttributeType,
  type CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NO_LIMITS, startLocalPool, type LocalPool } from '../../src/local/index.js';
import { clientFor, GOOD_PASSWORD } from './harness.js';

/** One of the two servers, with a pool of plain, case-sensitive usernames. */
interface Side {
  readonly client: CognitoIdentityProviderClient;
  readonly UserPoolId: string;
  readonly ClientId: string;
}

let theirs: Side;
let ours: Side;
let pool: LocalPool;
let emulator: ReturnType<typeof spawn>;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cognito-local-'));
  // Its own default, sign-in by e-mail, can't be taken away when a pool is made.
  mkdirSync(join(folder, '.cognito'));
  writeFileSync(
    join(folder, '.cognito', 'config.json'),
    JSON.stringify({ UserPoolDefaults: { UsernameAttributes: [] } }),
  );
  const port = await freePort();
  emulator = spawn(process.execPath, [resolve('node_modules/cognito-local/lib/bin/start.js')], {
    cwd: folder,
    env: { PATH: process.env['PATH'], PORT: String(port), HOST: '127.0.0.1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((ready) => {
    emulator.stdout?.on('data', (text: Buffer) => {
      if (text.includes('running on')) ready();
    });
  });
  const client = lasting({ endpoint: `http://127.0.0.1:${port}`, region: 'local' });
  const { UserPool } = await client.send(
    new CreateUserPoolCommand({ PoolName: 'theirs', UsernameAttributes: [] }),
  );
  const UserPoolId = UserPool?.Id ?? '';
  const made = await client.send(
    new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'app' }),
  );
  theirs = { client, UserPoolId, ClientId: made.UserPoolClient?.ClientId ?? '' };

  pool = await startLocalPool({
    limits: NO_LIMITS,
    settings: {
      UserPool: { Id: 'local_ours', UsernameConfiguration: { CaseSensitive: true } },
      UserPoolClients: [{ ClientId: 'app', ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH'] }],
    },
  });
  ours = { client: lasting(pool), UserPoolId: 'local_ours', ClientId: 'app' };
}, 60_000);

afterAll(async () => {
  emulator.kill();
  await pool.close();
  rmSync(folder, { recursive: true });
});

/** A client that isn't closed when a single test ends: the harness's, made outside of tests. */
function lasting(server: { endpoint: string; region: string }): CognitoIdentityProviderClient {
  return clientFor(server, { closes: false });
}

function freePort(): Promise<number> {
  return new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        found(port);
      });
    });
  });
}

/** What a call ends with, without what differs from server to server by nature. */
async function ends(call: Promise<object>): Promise<unknown> {
  try {
    return settled(await call);
  } catch (error) {
    return (error as Error).name;
  }
}

const OWN = new Set([
  '$metadata',
  'UserCreateDate',
  'UserLastModifiedDate',
  'CreationDate',
  'LastModifiedDate',
  'UserPoolId',
]);

function settled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(settled).filter((item) => item !== undefined);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(
    ([name, member]) => !OWN.has(name) && member !== undefined,
  );
  const result = Object.fromEntries(members.map(([name, member]) => [name, settled(member)]));
  for (const name of ['Attributes', 'UserAttributes']) {
    const list = result[name] as AttributeType[] | undefined;
    if (list !== undefined) result[name] = ordered(list);
  }
  return result;
}

function ordered(list: readonly AttributeType[]): unknown {
  return Object.fromEntries(
    list.map(({ Name = '', Value }) => [Name, Name === 'sub' ? 'a sub' : Value]),
  );
}

const user = ({ UserPoolId }: Side, Username = 'anna') => ({ UserPoolId, Username });

const create = (side: Side, Username: string, ...UserAttributes: AttributeType[]) =>
  side.client.send(
    new AdminCreateUserCommand({
      ...user(side, Username),
      MessageAction: 'SUPPRESS',
      TemporaryPassword: GOOD_PASSWORD,
      UserAttributes,
    }),
  );

const setPassword = (side: Side, Permanent: boolean) =>
  side.client.send(
    new AdminSetUserPasswordCommand({ ...user(side), Password: 'N3w-Passw0rd', Permanent }),
  );

const signIn = (side: Side, PASSWORD: string) =>
  side.client.send(
    new AdminInitiateAuthCommand({
      UserPoolId: side.UserPoolId,
      ClientId: side.ClientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'anna', PASSWORD },
    }),
  );

const EMAIL = { Name: 'email', Value: 'anna@example.com' };

/** One after the other on both: each builds on those before. */
const ALIKE: [what: string, step: (side: Side) => Promise<object>][] = [
  ['a user is made', (side) => create(side, 'anna', EMAIL)],
  ['a user is made again', (side) => create(side, 'anna', EMAIL)],
  ['a user is read', (side) => side.client.send(new AdminGetUserCommand(user(side)))],
  [
    'a user who is not there is read',
    (side) => side.client.send(new AdminGetUserCommand(user(side, 'x'))),
  ],
  [
    'an attribute is added',
    (side) =>
      side.client.send(
        new AdminUpdateUserAttributesCommand({
          ...user(side),
          UserAttributes: [{ Name: 'name', Value: 'A' }],
        }),
      ),
  ],
  [
    'an attribute that no schema has is written',
    (side) =>
      side.client.send(
        new AdminUpdateUserAttributesCommand({
          ...user(side),
          UserAttributes: [{ Name: 'colour', Value: 'red' }],
        }),
      ),
  ],
  [
    'sub is written',
    (side) =>
      side.client.send(
        new AdminUpdateUserAttributesCommand({
          ...user(side),
          UserAttributes: [{ Name: 'sub', Value: 'x' }],
        }),
      ),
  ],
  [
    'an attribute is deleted',
    (side) =>
      side.client.send(
        new AdminDeleteUserAttributesCommand({ ...user(side), UserAttributeNames: ['name'] }),
      ),
  ],
  ['a password is set for good', (side) => setPassword(side, true)],
  ['the user is CONFIRMED then', (side) => side.client.send(new AdminGetUserCommand(user(side)))],
  ['a temporary password is set', (side) => setPassword(side, false)],
  [
    'the user is to change it then',
    (side) => side.client.send(new AdminGetUserCommand(user(side))),
  ],
  ['a user is disabled', (side) => side.client.send(new AdminDisableUserCommand(user(side)))],
  ['a user is enabled', (side) => side.client.send(new AdminEnableUserCommand(user(side)))],
  [
    'all users are listed',
    (side) => side.client.send(new ListUsersCommand({ UserPoolId: side.UserPoolId })),
  ],
  [
    'users are searched for by e-mail',
    (side) =>
      side.client.send(
        new ListUsersCommand({ UserPoolId: side.UserPoolId, Filter: 'email = "anna@example.com"' }),
      ),
  ],
  [
    'users are searched for by a prefix that nobody has',
    (side) =>
      side.client.send(
        new ListUsersCommand({ UserPoolId: side.UserPoolId, Filter: 'email ^= "x"' }),
      ),
  ],
  [
    'a group is made',
    (side) =>
      side.client.send(
        new CreateGroupCommand({
          UserPoolId: side.UserPoolId,
          GroupName: 'g',
          Description: 'G',
          Precedence: 1,
        }),
      ),
  ],
  [
    'a group is read',
    (side) =>
      side.client.send(new GetGroupCommand({ UserPoolId: side.UserPoolId, GroupName: 'g' })),
  ],
  [
    'groups are listed',
    (side) => side.client.send(new ListGroupsCommand({ UserPoolId: side.UserPoolId })),
  ],
  [
    'a user joins a group',
    (side) => side.client.send(new AdminAddUserToGroupCommand({ ...user(side), GroupName: 'g' })),
  ],
  [
    'a user joins it again',
    (side) => side.client.send(new AdminAddUserToGroupCommand({ ...user(side), GroupName: 'g' })),
  ],
  [
    'nobody joins a group',
    (side) =>
      side.client.send(new AdminAddUserToGroupCommand({ ...user(side, 'x'), GroupName: 'g' })),
  ],
  [
    "a user's groups are listed",
    (side) => side.client.send(new AdminListGroupsForUserCommand(user(side))),
  ],
  [
    "a group's users are listed",
    (side) =>
      side.client.send(
        new ListUsersInGroupCommand({ UserPoolId: side.UserPoolId, GroupName: 'g' }),
      ),
  ],
  [
    'a user leaves a group',
    (side) =>
      side.client.send(new AdminRemoveUserFromGroupCommand({ ...user(side), GroupName: 'g' })),
  ],
  ['a user is deleted', (side) => side.client.send(new AdminDeleteUserCommand(user(side)))],
  ['a user is deleted again', (side) => side.client.send(new AdminDeleteUserCommand(user(side)))],
];

test('what cognito-local gets right comes out alike, step by step', async () => {
  for (const [what, step] of ALIKE) {
    const [first, second] = [await ends(step(theirs)), await ends(step(ours))];
    expect({ what, ends: second }).toEqual({ what, ends: first });
  }
});

/** What the two do differently, with what settles it: docs/local-pool.md has the same list. */
const DIFFERENT: [
  what: string,
  step: (side: Side) => Promise<object>,
  theirs: unknown,
  ours: unknown,
][] = [
  ['a username with a blank', (side) => create(side, 'a b'), MADE(), 'InvalidParameterException'],
  [
    'an attribute that no schema has, at creation',
    (side) => create(side, 'b1', { Name: 'colour', Value: 'red' }),
    MADE(),
    'InvalidParameterException',
  ],
  [
    'an e-mail that is none',
    (side) => create(side, 'b2', { Name: 'email', Value: 'x' }),
    MADE(),
    'InvalidParameterException',
  ],
  [
    'a sub of our own',
    (side) => create(side, 'b3', { Name: 'sub', Value: 'x' }),
    MADE(),
    'InvalidParameterException',
  ],
  [
    'a weak temporary password',
    (side) =>
      side.client.send(
        new AdminCreateUserCommand({
          ...user(side, 'b4'),
          MessageAction: 'SUPPRESS',
          TemporaryPassword: 'a',
        }),
      ),
    MADE(),
    'InvalidPasswordException',
  ],
  [
    'a resend for nobody',
    (side) =>
      side.client.send(
        new AdminCreateUserCommand({ ...user(side, 'b5'), MessageAction: 'RESEND' }),
      ),
    'InvalidParameterException',
    'UserNotFoundException',
  ],
  [
    'a first sign-in',
    (side) => signIn(side, GOOD_PASSWORD),
    TOKENS(),
    expect.objectContaining({ ChallengeName: 'NEW_PASSWORD_REQUIRED' }),
  ],
  [
    'a wrong password',
    (side) => signIn(side, 'wrong'),
    'InvalidPasswordException',
    'NotAuthorizedException',
  ],
  [
    'a weak password for good',
    (side) =>
      side.client.send(
        new AdminSetUserPasswordCommand({ ...user(side), Password: 'a', Permanent: true }),
      ),
    {},
    'InvalidPasswordException',
  ],
  [
    'a page limit above 60',
    (side) => side.client.send(new ListUsersCommand({ UserPoolId: side.UserPoolId, Limit: 61 })),
    expect.objectContaining({ Users: expect.any(Array) as unknown }),
    'InvalidParameterException',
  ],
];

function MADE(): unknown {
  return expect.objectContaining({ User: expect.objectContaining({ Enabled: true }) as unknown });
}

function TOKENS(): unknown {
  return expect.objectContaining({ AuthenticationResult: expect.anything() as unknown });
}

describe('where the two differ', () => {
  beforeAll(async () => {
    await create(theirs, 'anna');
    await create(ours, 'anna');
  });

  test.each(DIFFERENT)('%s', async (_what, step, expectedTheirs, expectedOurs) => {
    expect({ theirs: await ends(step(theirs)), ours: await ends(step(ours)) }).toEqual({
      theirs: expectedTheirs,
      ours: expectedOurs,
    });
  });
});
