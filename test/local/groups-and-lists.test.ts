import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminListGroupsForUserCommand,
  AdminRemoveUserFromGroupCommand,
  CreateGroupCommand,
  DeleteGroupCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  GetCSVHeaderCommand,
  GetGroupCommand,
  GetProvisionedLimitCommand,
  GetUserPoolMfaConfigCommand,
  ListGroupsCommand,
  ListUserPoolClientsCommand,
  ListUserPoolClientSecretsCommand,
  ListUsersCommand,
  ListUsersInGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, test } from 'vitest';
import { bench, expectRefusal, type Bench } from './harness.js';

async function people({ client, UserPoolId }: Bench, count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, n) => `user${n}`);
  for (const Username of names) {
    await client.send(
      new AdminCreateUserCommand({
        UserPoolId,
        Username,
        MessageAction: 'SUPPRESS',
        UserAttributes: [
          { Name: 'email', Value: `${Username}@example.com` },
          { Name: 'given_name', Value: 'A "B" \\ C' },
        ],
      }),
    );
  }
  return names;
}

const GROUP_NOT_FOUND = ['ResourceNotFoundException', 'Group not found.'] as const;
const INVALID = 'InvalidParameterException';

describe('groups', () => {
  test('are joined, left and listed; doing it again is no error', async () => {
    const there = await bench();
    const { client, UserPoolId } = there;
    const [Username = ''] = await people(there, 1);
    const member = { UserPoolId, Username, GroupName: 'staff' };
    const groups = async () => {
      const answer = await client.send(new AdminListGroupsForUserCommand({ UserPoolId, Username }));
      return answer.Groups?.map(({ GroupName }) => GroupName);
    };
    await client.send(new AdminAddUserToGroupCommand(member));
    await client.send(new AdminAddUserToGroupCommand(member));
    expect(await groups()).toEqual(['staff']);
    const listed = await client.send(
      new ListUsersInGroupCommand({ UserPoolId, GroupName: 'staff' }),
    );
    expect(listed.Users).toMatchObject([{ Username, UserStatus: 'FORCE_CHANGE_PASSWORD' }]);
    await client.send(new AdminRemoveUserFromGroupCommand(member));
    await client.send(new AdminRemoveUserFromGroupCommand(member));
    expect(await groups()).toEqual([]);
  });

  test('are made, read and deleted, members and all', async () => {
    const there = await bench();
    const { client, UserPoolId, clock, pool } = there;
    const group = { UserPoolId, GroupName: '__proto__' };
    await expectRefusal(client.send(new GetGroupCommand(group)), ...GROUP_NOT_FOUND);
    await client.send(new CreateGroupCommand({ ...group, Description: 'All', Precedence: 3 }));
    expect((await client.send(new GetGroupCommand(group))).Group).toEqual({
      ...group,
      Description: 'All',
      Precedence: 3,
      CreationDate: new Date(clock.now),
      LastModifiedDate: new Date(clock.now),
    });
    await expectRefusal(
      client.send(new CreateGroupCommand(group)),
      'GroupExistsException',
      'exists',
    );
    const [Username = ''] = await people(there, 1);
    await client.send(new AdminAddUserToGroupCommand({ ...group, Username }));
    await client.send(new DeleteGroupCommand(group));
    expect([...pool.users()][0]?.groups).toEqual([]);
    await expectRefusal(
      client.send(new AdminAddUserToGroupCommand({ ...group, Username })),
      ...GROUP_NOT_FOUND,
    );
    await expectRefusal(client.send(new ListUsersInGroupCommand(group)), ...GROUP_NOT_FOUND);
    await expectRefusal(
      client.send(new AdminAddUserToGroupCommand({ ...group, Username: 'nobody' })),
      'UserNotFoundException',
      'User does not exist.',
    );
  });

  test('come in pages of at most 60', async () => {
    const Groups = Array.from({ length: 130 }, (_, n) => ({ GroupName: `g${n}` }));
    const { client, UserPoolId } = await bench({}, { rest: { Groups } });
    const seen: string[] = [];
    let NextToken: string | undefined;
    do {
      const page = await client.send(new ListGroupsCommand({ UserPoolId, NextToken }));
      seen.push(...(page.Groups ?? []).map(({ GroupName = '' }) => GroupName));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(seen).toEqual(Groups.map(({ GroupName }) => GroupName));
    await expectRefusal(
      client.send(new ListGroupsCommand({ UserPoolId, Limit: 61 })),
      INVALID,
      "Value '61' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 60",
    );
  });

  test('of one user are at most 100', async () => {
    const Groups = Array.from({ length: 101 }, (_, n) => ({ GroupName: `g${n}` }));
    const there = await bench({}, { rest: { Groups } });
    const { client, UserPoolId } = there;
    const [Username = ''] = await people(there, 1);
    const add = (GroupName: string) =>
      client.send(new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName }));
    for (let n = 0; n < 100; n += 1) await add(`g${n}`);
    await expectRefusal(add('g100'), INVALID, 'at most 100 groups');
  });
});

describe('ListUsers', () => {
  test('gives pages whose tokens say nothing and fit one filter only', async () => {
    const there = await bench();
    const { client, UserPoolId } = there;
    const names = await people(there, 125);
    const seen: unknown[] = [];
    const sizes: unknown[] = [];
    let PaginationToken: string | undefined;
    do {
      const page = await client.send(new ListUsersCommand({ UserPoolId, PaginationToken }));
      seen.push(...(page.Users ?? []).map(({ Username }) => Username));
      sizes.push(page.Users?.length);
      PaginationToken = page.PaginationToken ?? undefined;
      if (PaginationToken !== undefined) {
        await expectRefusal(
          client.send(new ListUsersCommand({ UserPoolId, PaginationToken, Filter: 'sub = "x"' })),
          INVALID,
          'Invalid pagination token.',
        );
      }
    } while (PaginationToken !== undefined);
    expect(seen).toEqual(names);
    expect(sizes).toEqual([60, 60, 5]);
  });

  test.each<[string, number]>([
    ['', 4],
    ['username = "user1"', 1],
    ['username="User1"', 0],
    ['username ^= "user"', 4],
    ['email = "user2@example.com"', 1],
    ['email ^= "user2@"', 1],
    ['given_name = "A \\"B\\" \\\\ C"', 4],
    ['cognito:user_status = "force_change_password"', 4],
    ['status = "Disabled"', 1],
    ['sub = "x"', 0],
  ])('finds by %s', async (Filter, count) => {
    const there = await bench();
    const { client, UserPoolId } = there;
    await people(there, 4);
    await client.send(new AdminDisableUserCommand({ UserPoolId, Username: 'user3' }));
    const page = await client.send(new ListUsersCommand({ UserPoolId, Filter }));
    expect(page.Users).toHaveLength(count);
  });

  test.each<[string, string]>([
    ['username', 'Error while parsing filter.'],
    ['username = user1', 'Error while parsing filter.'],
    ['username = "a" and email = "b"', 'Error while parsing filter.'],
    ['username = "a"b"', 'Error while parsing filter.'],
    ['custom:department = "x"', 'can not be searched for'],
    [`name = "${'x'.repeat(256)}"`, 'Member must have length less than or equal to 256'],
  ])('refuses the filter %s', async (Filter, message) => {
    const { client, UserPoolId } = await bench();
    await expectRefusal(
      client.send(new ListUsersCommand({ UserPoolId, Filter })),
      INVALID,
      message,
    );
  });

  test('narrows the attributes, but only where every user has them', async () => {
    const there = await bench();
    const { client, UserPoolId } = there;
    await people(there, 2);
    const list = (...AttributesToGet: string[]) =>
      client.send(new ListUsersCommand({ UserPoolId, AttributesToGet }));
    expect((await list('email')).Users?.[0]?.Attributes).toEqual([
      { Name: 'email', Value: 'user0@example.com' },
    ]);
    await expectRefusal(list('email', 'family_name'), INVALID, 'not set for all users');
    await expectRefusal(list('colour'), INVALID, 'do not exist');
  });

  test('shows what is new after the delay only, and AdminListGroupsForUser at once', async () => {
    const there = await bench(
      {},
      { rest: { Groups: [{ GroupName: 'g' }], Local: { ListDelayMs: 2000 } } },
    );
    const { client, UserPoolId, clock } = there;
    const [Username = ''] = await people(there, 1);
    const count = async () =>
      (await client.send(new ListUsersCommand({ UserPoolId }))).Users?.length;
    const inGroup = async () =>
      (await client.send(new ListUsersInGroupCommand({ UserPoolId, GroupName: 'g' }))).Users
        ?.length;
    expect(await count()).toBe(0);
    clock.now += 2000;
    expect(await count()).toBe(1);
    await client.send(new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName: 'g' }));
    expect(await inGroup()).toBe(0);
    const groups = await client.send(new AdminListGroupsForUserCommand({ UserPoolId, Username }));
    expect(groups.Groups).toHaveLength(1);
    clock.now += 2000;
    expect(await inGroup()).toBe(1);
  });

  test('shows whom the pool begins with at once, and in their groups', async () => {
    const Users = [{ Username: 'ada', Groups: ['g'] }];
    const there = await bench(
      {},
      { rest: { Groups: [{ GroupName: 'g' }], Local: { ListDelayMs: 2000, Users } } },
    );
    const { client, UserPoolId } = there;
    await people(there, 1);
    const listed = await client.send(new ListUsersCommand({ UserPoolId }));
    expect(listed.Users?.map(({ Username }) => Username)).toEqual(['ada']);
    const members = new ListUsersInGroupCommand({ UserPoolId, GroupName: 'g' });
    expect((await client.send(members)).Users?.map(({ Username }) => Username)).toEqual(['ada']);
  });
});

describe('descriptions', () => {
  test('a pool has all standard attributes, whatever its settings name', async () => {
    const { client, UserPoolId } = await bench({
      SchemaAttributes: [
        { Name: 'email', Required: true, Mutable: false },
        { Name: 'custom:tier', AttributeDataType: 'Number' },
      ],
    });
    const { UserPool } = await client.send(new DescribeUserPoolCommand({ UserPoolId }));
    const named = new Map(
      UserPool?.SchemaAttributes?.map((attribute) => [attribute.Name, attribute]),
    );
    expect(named.size).toBe(22);
    expect(named.get('email')).toMatchObject({
      Required: true,
      Mutable: false,
      AttributeDataType: 'String',
    });
    expect(named.get('sub')).toMatchObject({ Required: true, Mutable: false });
    expect(named.get('birthdate')).toMatchObject({
      StringAttributeConstraints: { MinLength: '10', MaxLength: '10' },
    });
    expect(named.get('email_verified')).toMatchObject({ AttributeDataType: 'Boolean' });
    expect(named.get('updated_at')).toMatchObject({
      NumberAttributeConstraints: { MinValue: '0' },
    });
    expect(named.get('custom:tier')).toMatchObject({ Mutable: false, Required: false });
    expect(UserPool?.Policies?.PasswordPolicy?.MinimumLength).toBe(8);
  });

  test('a client shows its secret, the list of secrets does not', async () => {
    const { client, UserPoolId, pool } = await bench();
    const { UserPoolClients = [] } = await client.send(
      new ListUserPoolClientsCommand({ UserPoolId }),
    );
    expect(UserPoolClients.map(({ ClientId }) => ClientId)).toEqual(
      pool.clients.map(({ ClientId }) => ClientId),
    );
    const ClientId = pool.clients[1]?.ClientId;
    const { UserPoolClient } = await client.send(
      new DescribeUserPoolClientCommand({ UserPoolId, ClientId }),
    );
    expect(UserPoolClient?.ClientSecret).toBe(pool.clients[1]?.ClientSecret);
    expect(UserPoolClient).not.toHaveProperty('WriteAttributes');
    const { ClientSecrets } = await client.send(
      new ListUserPoolClientSecretsCommand({ UserPoolId, ClientId }),
    );
    expect(ClientSecrets).toHaveLength(1);
    expect(ClientSecrets?.[0]?.ClientSecretValue).toBeUndefined();
  });

  test('the header of the CSV import, MFA, and limits that can be raised', async () => {
    const { client, UserPoolId } = await bench({ MfaConfiguration: 'OPTIONAL' });
    const { CSVHeader } = await client.send(new GetCSVHeaderCommand({ UserPoolId }));
    expect(CSVHeader).toContain('custom:department');
    expect(CSVHeader?.[0]).toBe('cognito:username');
    const mfa = await client.send(new GetUserPoolMfaConfigCommand({ UserPoolId }));
    expect(mfa.MfaConfiguration).toBe('OPTIONAL');
    const limit = (Category: string) =>
      client.send(
        new GetProvisionedLimitCommand({
          LimitDefinition: { LimitClass: 'API_CATEGORY', Attributes: { Category } },
        }),
      );
    expect((await limit('UserRead')).Limit?.FreeLimitValue).toBe(120);
    await expectRefusal(limit('UserUpdate'), 'ResourceNotFoundException', 'UserUpdate');
  });
});

test('enabling and disabling again is no error', async () => {
  const there = await bench();
  const { client, UserPoolId, pool } = there;
  const [Username = ''] = await people(there, 1);
  await client.send(new AdminEnableUserCommand({ UserPoolId, Username }));
  await client.send(new AdminDisableUserCommand({ UserPoolId, Username }));
  await client.send(new AdminDisableUserCommand({ UserPoolId, Username }));
  expect([...pool.users()][0]?.enabled).toBe(false);
});
