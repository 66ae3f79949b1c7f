import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminAddUserToGroupCommand,
  AdminDisableUserCommand,
  AdminSetUserPasswordCommand,
  DescribeUserPoolCommand,
  GetProvisionedLimitCommand,
  ListUsersCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { expect, test } from 'vitest';
import { bench, expectRefusal, GOOD_PASSWORD } from './harness.js';

test('the real SDK client creates, reads, lists and describes', async () => {
  const { client, UserPoolId, clock } = await bench();
  const made = await client.send(
    new AdminCreateUserCommand({
      UserPoolId,
      Username: 'anna',
      MessageAction: 'SUPPRESS',
      TemporaryPassword: GOOD_PASSWORD,
      UserAttributes: [
        { Name: 'email', Value: 'anna@example.com' },
        { Name: 'email_verified', Value: 'true' },
        { Name: 'custom:cost_center', Value: '42' },
      ],
    }),
  );
  expect(made.User).toEqual({
    Username: 'anna',
    Attributes: [
      { Name: 'sub', Value: expect.stringMatching(/^[0-9a-f-]{36}$/) as string },
      { Name: 'email', Value: 'anna@example.com' },
      { Name: 'email_verified', Value: 'true' },
      { Name: 'custom:cost_center', Value: '42' },
    ],
    UserCreateDate: new Date(clock.now),
    UserLastModifiedDate: new Date(clock.now),
    Enabled: true,
    UserStatus: 'FORCE_CHANGE_PASSWORD',
  });
  clock.now += 1500;
  const Username = 'anna';
  await client.send(
    new AdminSetUserPasswordCommand({
      UserPoolId,
      Username,
      Password: `${GOOD_PASSWORD}2`,
      Permanent: true,
    }),
  );
  await client.send(new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName: 'staff' }));
  await client.send(new AdminDisableUserCommand({ UserPoolId, Username }));
  const read = await client.send(new AdminGetUserCommand({ UserPoolId, Username }));
  expect(read).toMatchObject({
    UserStatus: 'CONFIRMED',
    Enabled: false,
    UserLastModifiedDate: new Date(clock.now),
    UserAttributes: made.User?.Attributes,
  });
  const list = await client.send(new ListUsersCommand({ UserPoolId, Filter: 'email ^= "anna@"' }));
  expect(list.Users?.map((user) => user.Username)).toEqual(['anna']);
  const described = await client.send(new DescribeUserPoolCommand({ UserPoolId }));
  expect(described.UserPool).toMatchObject({ Id: UserPoolId, EstimatedNumberOfUsers: 1 });
  expect(described.UserPool?.SchemaAttributes).toHaveLength(25);
});

test('limits in force can be asked for', async () => {
  const { client } = await bench({}, { limits: { UserCreation: 70 } });
  const answer = await client.send(
    new GetProvisionedLimitCommand({
      LimitDefinition: { LimitClass: 'API_CATEGORY', Attributes: { Category: 'UserCreation' } },
    }),
  );
  expect(answer.Limit).toMatchObject({ ProvisionedLimitValue: 70, FreeLimitValue: 50 });
  await expectRefusal(
    client.send(new DescribeUserPoolCommand({ UserPoolId: 'eu-central-1_Other' })),
    'ResourceNotFoundException',
    'User pool eu-central-1_Other does not exist.',
  );
});
