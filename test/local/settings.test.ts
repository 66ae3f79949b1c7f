import { DescribeUserPoolCommand } from '@aws-sdk/client-cognito-identity-provider';
import { expect, test } from 'vitest';
import {
  defaultSettings,
  LocalPoolError,
  readLocalPoolSettings,
  startLocalPool,
} from '../../src/local/index.js';
import { clientFor, closeLater } from './harness.js';

const Id = 'eu-west-1_AbC123';

test('what the defaults are can be read again, also after JSON', () => {
  const settings = defaultSettings();
  expect(readLocalPoolSettings(JSON.parse(JSON.stringify(settings)))).toEqual(settings);
});

test("the answer of DescribeUserPool is enough, members that don't matter included", async () => {
  const settings = readLocalPoolSettings({
    UserPool: { Id, Arn: 'arn', CreationDate: '2026-01-01', Domain: 'x', LambdaConfig: {} },
  });
  const pool = await startLocalPool({ settings });
  closeLater(pool);
  expect(pool).toMatchObject({ userPoolId: Id, region: 'eu-west-1', clients: [] });
  const client = clientFor(pool);
  const { UserPool } = await client.send(new DescribeUserPoolCommand({ UserPoolId: Id }));
  expect(UserPool).toMatchObject({
    Id,
    EmailConfiguration: { EmailSendingAccount: 'COGNITO_DEFAULT' },
  });
});

test('a saved client without its secret gets one that stays the same', async () => {
  const settings = { UserPool: { Id }, UserPoolClients: [{ ClientId: 'abc', HasSecret: true }] };
  const first = await startLocalPool({ settings });
  closeLater(first);
  const second = await startLocalPool({ settings });
  closeLater(second);
  expect(first.clients[0]?.ClientSecret).toMatch(/^\w{51}$/);
  expect(second.clients).toEqual(first.clients);
});

test.each<[unknown, string]>([
  ['x', 'The settings must be a JSON object.'],
  [{}, 'UserPool is missing.'],
  [{ UserPool: {} }, 'UserPool.Id is missing.'],
  [{ UserPool: { Id: 'pool' } }, 'UserPool.Id must look like eu-central-1_AbCdEf123.'],
  [pool({ SchemaAttributes: {} }), 'UserPool.SchemaAttributes must be a list.'],
  [pool({ SchemaAttributes: [{}] }), 'UserPool.SchemaAttributes[0].Name is missing.'],
  [pool({ SchemaAttributes: [{ Name: 'department' }] }), 'did you mean "custom:department"?'],
  [
    pool({ SchemaAttributes: [{ Name: 'name', AttributeDataType: 'Date' }] }),
    'must be one of String, Number, DateTime, Boolean.',
  ],
  [
    pool({ SchemaAttributes: [{ Name: 'name', Mutable: 'yes' }] }),
    'UserPool.SchemaAttributes[0].Mutable must be true or false.',
  ],
  [
    pool({ SchemaAttributes: [{ Name: 'custom:x', Required: true }] }),
    'custom attributes are never required',
  ],
  [
    pool({ SchemaAttributes: [{ Name: 'name', StringAttributeConstraints: { MaxLength: 5 } }] }),
    'StringAttributeConstraints.MaxLength must be a text',
  ],
  [
    pool({ SchemaAttributes: [{ Name: 'name', StringAttributeConstraints: { MaxLength: 'x' } }] }),
    'MaxLength must be a number written as a text.',
  ],
  [
    pool({ UsernameAttributes: ['name'] }),
    'UserPool.UsernameAttributes[0] must be one of email, phone_number.',
  ],
  [pool({ UsernameAttributes: ['email'], AliasAttributes: ['email'] }), 'not both'],
  [
    pool({ Policies: { PasswordPolicy: { MinimumLength: 3 } } }),
    'MinimumLength must be a number between 6 and 99.',
  ],
  [pool({ MfaConfiguration: 'on' }), 'UserPool.MfaConfiguration must be one of OFF, ON, OPTIONAL.'],
  [
    { UserPool: { Id }, Groups: [{ GroupName: 'a b' }] },
    'Groups[0].GroupName must be 1 to 128 characters without blanks.',
  ],
  [
    { UserPool: { Id }, Groups: [{ GroupName: 'a' }, { GroupName: 'a' }] },
    'Groups[1].GroupName "a" is there twice.',
  ],
  [
    { UserPool: { Id }, UserPoolClients: [{ ClientId: 'a-b' }] },
    'UserPoolClients[0].ClientId must be letters',
  ],
  [
    {
      UserPool: { Id },
      UserPoolClients: [{ ClientId: 'a', ExplicitAuthFlows: ['ALLOW_X', 'ADMIN_NO_SRP_AUTH'] }],
    },
    'UserPoolClients[0].ExplicitAuthFlows mixes ALLOW_ names',
  ],
  [
    { UserPool: { Id }, UserPoolClients: [{ ClientId: 'a', AuthSessionValidity: 60 }] },
    'between 3 and 15',
  ],
  [
    { UserPool: { Id }, Limits: { Users: 3 } },
    'Limits has no member "Users"; it knows UserCreation',
  ],
  [{ UserPool: { Id }, Limits: { UserRead: -3 } }, 'Limits.UserRead must be a number from 0 up.'],
  [{ UserPool: { Id }, Local: { Delay: 3 } }, 'Local has no member "Delay"; it knows Triggers'],
  [
    { UserPool: { Id }, Local: { Triggers: { PostSignUp: {} } } },
    'Local.Triggers has no member "PostSignUp"',
  ],
  [
    { UserPool: { Id }, Local: { Triggers: { PreSignUp: { RefuseUsernames: '[' } } } },
    'Local.Triggers.PreSignUp.RefuseUsernames is not a regular expression.',
  ],
])('%j is refused in one sentence', (settings, message) => {
  expect(() => readLocalPoolSettings(settings)).toThrow(LocalPoolError);
  expect(() => readLocalPoolSettings(settings)).toThrow(message);
});

function pool(members: object): object {
  return { UserPool: { Id, ...members } };
}

test('a limit of a category that is none is refused', async () => {
  await expect(startLocalPool({ limits: { Creation: 1 } })).rejects.toThrow(
    'limits has no member "Creation"',
  );
});

test('users that are there from the start have any status and are in no need of a password', async () => {
  const Users = [
    {
      Username: 'google_123',
      UserStatus: 'EXTERNAL_PROVIDER' as const,
      Attributes: { email: 'anna@example.com' },
      Groups: ['g'],
    },
    { Username: 'old', Enabled: false },
  ];
  const settings = { UserPool: { Id }, Groups: [{ GroupName: 'g' }], Local: { Users } };
  const started = await startLocalPool({ settings });
  closeLater(started);
  expect([...started.users()]).toMatchObject([
    { username: 'google_123', status: 'EXTERNAL_PROVIDER', enabled: true, groups: ['g'] },
    { username: 'old', status: 'CONFIRMED', enabled: false },
  ]);
  const wrong = {
    UserPool: { Id },
    Local: { Users: [{ Username: 'a', Attributes: { email: 'x' } }] },
  };
  await expect(startLocalPool({ settings: wrong })).rejects.toThrow(
    'Local.Users[0]: Invalid email address format.',
  );
});
