import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  type AdminCreateUserCommandInput,
} from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, test } from 'vitest';
import { bench, expectRefusal, GOOD_PASSWORD, type Bench, type PoolChanges } from './harness.js';

type Input = Partial<AdminCreateUserCommandInput>;

function create({ client, UserPoolId }: Bench, input: Input) {
  return client.send(
    new AdminCreateUserCommand({
      UserPoolId,
      Username: 'anna',
      MessageAction: 'SUPPRESS',
      TemporaryPassword: GOOD_PASSWORD,
      ...input,
    }),
  );
}

function attribute(Name: string, Value: string): Input {
  return { UserAttributes: [{ Name, Value }] };
}

const BY_EMAIL: PoolChanges = { UsernameAttributes: ['email'] };
const EMAIL_ALIAS: PoolChanges = { AliasAttributes: ['email', 'phone_number'] };
const PASSWORDLESS: PoolChanges = {
  Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
};

const INVALID = 'InvalidParameterException';
const SCHEMA = 'Attributes did not conform to the schema: ';

const REFUSALS: [what: string, input: Input, error: string, message: string, pool?: PoolChanges][] =
  [
    [
      'an empty username',
      { Username: '' },
      INVALID,
      "2 validation errors detected: Value '' at 'username' failed to satisfy constraint: Member must have length greater than or equal to 1; ",
    ],
    [
      'a username with a blank',
      { Username: 'anna b' },
      INVALID,
      "Value 'anna b' at 'username' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+",
    ],
    [
      'a username that is too long',
      { Username: 'a'.repeat(129) },
      INVALID,
      'Member must have length less than or equal to 128',
    ],
    [
      'a temporary password with a blank, without showing it',
      { TemporaryPassword: 'Pass w0rd!' },
      INVALID,
      "1 validation error detected: Value at 'temporaryPassword' failed to satisfy constraint: Member must satisfy regular expression pattern: \\S+",
    ],
    [
      'an unknown message action',
      { MessageAction: 'LATER' as 'RESEND' },
      INVALID,
      "Value 'LATER' at 'messageAction' failed to satisfy constraint: Member must satisfy enum value set: [RESEND, SUPPRESS]",
    ],
    [
      'an unknown medium',
      { DesiredDeliveryMediums: ['FAX' as 'SMS'] },
      INVALID,
      "Value 'FAX' at 'desiredDeliveryMediums.1.member' failed",
    ],
    [
      'an attribute name that is too long',
      attribute('a'.repeat(33), 'x'),
      INVALID,
      "at 'userAttributes.1.member.name' failed to satisfy constraint: Member must have length less than or equal to 32",
    ],
    [
      'a value of more than 2,048 characters',
      attribute('name', 'x'.repeat(2049)),
      INVALID,
      "Value at 'userAttributes.1.member.value' failed to satisfy constraint: Member must have length less than or equal to 2048",
    ],
    [
      'an unknown attribute',
      attribute('colour', 'red'),
      INVALID,
      `${SCHEMA}colour: Attribute does not exist in the schema.\n`,
    ],
    [
      'a custom attribute without its prefix',
      attribute('department', 'x'),
      INVALID,
      'department: Attribute does not exist',
    ],
    [
      'an attribute that is called like a member of objects',
      attribute('__proto__', 'x'),
      INVALID,
      '__proto__: Attribute does not exist',
    ],
    ['sub', attribute('sub', '123'), INVALID, 'Cannot modify the non-mutable attribute sub'],
    [
      'identities',
      attribute('identities', '[]'),
      INVALID,
      'Cannot modify the non-mutable attribute identities',
    ],
    [
      'an email without a domain',
      attribute('email', 'anna@'),
      INVALID,
      'Invalid email address format.',
    ],
    [
      'an email with a blank',
      attribute('email', 'anna b@example.com'),
      INVALID,
      'Invalid email address format.',
    ],
    [
      'a national phone number',
      attribute('phone_number', '0301234567'),
      INVALID,
      'Invalid phone number format.',
    ],
    [
      'a phone number with blanks',
      attribute('phone_number', '+49 30 1234'),
      INVALID,
      'Invalid phone number format.',
    ],
    [
      'a birthdate as the CSV import writes it',
      attribute('birthdate', '01/31/1990'),
      INVALID,
      'Invalid birthdate format',
    ],
    [
      'a birthdate that is no day',
      attribute('birthdate', '1990-02-30'),
      INVALID,
      'Invalid birthdate format',
    ],
    [
      'a number that is none',
      attribute('custom:cost_center', 'x'),
      INVALID,
      `${SCHEMA}custom:cost_center: Number`,
    ],
    [
      'a number above its bound',
      attribute('custom:cost_center', '1000000'),
      INVALID,
      'must be at most 999999',
    ],
    [
      'a boolean that is none',
      attribute('custom:newsletter', 'yes'),
      INVALID,
      'custom:newsletter: Boolean',
    ],
    [
      'a text above its length',
      attribute('custom:department', 'x'.repeat(257)),
      INVALID,
      'String must be no longer than 256 characters',
    ],
    ['a blank value', attribute('name', ''), INVALID, 'name: The value is empty.'],
    [
      'the same attribute twice',
      {
        UserAttributes: [
          { Name: 'name', Value: 'a' },
          { Name: 'name', Value: 'b' },
        ],
      },
      INVALID,
      'Duplicate attribute: name',
    ],
    ['email_verified without email', attribute('email_verified', 'true'), INVALID, 'without email'],
    [
      'a weak temporary password',
      { TemporaryPassword: 'password' },
      'InvalidPasswordException',
      'uppercase',
    ],
    [
      'an invitation by e-mail without an email',
      { MessageAction: undefined, DesiredDeliveryMediums: ['EMAIL'] },
      INVALID,
      'No email provided but desired delivery medium was Email',
    ],
    [
      'an invitation without a medium, which means SMS',
      { MessageAction: undefined },
      INVALID,
      'medium was SMS',
    ],
    [
      'a resend for nobody',
      { MessageAction: 'RESEND' },
      'UserNotFoundException',
      'User does not exist.',
    ],
    [
      'a wrong pool',
      { UserPoolId: 'eu-central-1_None' },
      'ResourceNotFoundException',
      'User pool eu-central-1_None does not exist.',
    ],
    ['a plain name where e-mails sign in', {}, INVALID, 'Username should be an email.', BY_EMAIL],
    [
      'a plain name where both sign in',
      {},
      INVALID,
      'Username should be either an email or a phone number.',
      { UsernameAttributes: ['email', 'phone_number'] },
    ],
    [
      'an email that is not the username',
      { Username: 'anna@example.com', ...attribute('email', 'berta@example.com') },
      INVALID,
      'should be the same',
      BY_EMAIL,
    ],
    [
      'an email as username beside an email alias',
      { Username: 'anna@example.com' },
      INVALID,
      'Username cannot be of email format, since user pool is configured for email alias',
      EMAIL_ALIAS,
    ],
    [
      'a phone number as username beside its alias',
      { Username: '+4930123' },
      INVALID,
      'phone number format',
      EMAIL_ALIAS,
    ],
    [
      'preferred_username at creation where it is an alias',
      attribute('preferred_username', 'ann'),
      INVALID,
      'preferred_username',
      { AliasAttributes: ['preferred_username'] },
    ],
    [
      'a passwordless user who cannot be reached',
      { TemporaryPassword: undefined },
      INVALID,
      'email or a phone number',
      PASSWORDLESS,
    ],
    [
      'a passwordless user without a required attribute',
      { TemporaryPassword: undefined, ...attribute('email', 'a@example.com') },
      INVALID,
      `${SCHEMA}family_name: The attribute is required`,
      {
        ...PASSWORDLESS,
        SchemaAttributes: [{ Name: 'family_name', Required: true, Mutable: true }],
      },
    ],
  ];

describe('AdminCreateUser refuses', () => {
  test.each(REFUSALS)('%s', async (_what, input, error, message, pool) => {
    const there = await bench(pool);
    await expectRefusal(create(there, input), error, message);
    expect([...there.pool.users()]).toEqual([]);
  });

  test.each([
    ['anna', false],
    ['ANNA', false],
    ['anna', true],
  ])('a username that is taken: %s, case-sensitive: %s', async (Username, CaseSensitive) => {
    const there = await bench({ UsernameConfiguration: { CaseSensitive } });
    await create(there, {});
    await expectRefusal(
      create(there, { Username }),
      'UsernameExistsException',
      'User account already exists',
    );
  });

  test('several faults at once, all named', async () => {
    const there = await bench();
    await expectRefusal(
      create(there, { Username: '', MessageAction: 'X' as 'RESEND' }),
      INVALID,
      /^3 validation errors detected: .*; .*; .*$/,
    );
  });

  test('whom the trigger refuses', async () => {
    const there = await bench(
      {},
      {
        rest: {
          Local: { Triggers: { PreSignUp: { RefuseUsernames: '^an', Message: 'Not you.' } } },
        },
      },
    );
    await expectRefusal(
      create(there, {}),
      'UserLambdaValidationException',
      'PreSignUp failed with error Not you.',
    );
    expect(there.pool.userCount).toBe(0);
  });
});

describe('a user', () => {
  test('in a case-sensitive pool is another one in other case', async () => {
    const there = await bench({ UsernameConfiguration: { CaseSensitive: true } });
    await create(there, {});
    await create(there, { Username: 'Anna' });
    expect([...there.pool.users()].map(({ username }) => username)).toEqual(['anna', 'Anna']);
  });

  test('in a pool that ignores case is kept in lower case and found in any', async () => {
    const there = await bench();
    const made = await create(there, { Username: 'AnnA' });
    expect(made.User?.Username).toBe('anna');
    const { client, UserPoolId } = there;
    const found = await client.send(new AdminGetUserCommand({ UserPoolId, Username: 'ANNA' }));
    expect(found.Username).toBe('anna');
  });

  test.each(['__proto__', 'constructor', 'toString'])('may be called %s', async (Username) => {
    const there = await bench({ UsernameConfiguration: { CaseSensitive: true } });
    const { client, UserPoolId } = there;
    await expectRefusal(
      client.send(new AdminGetUserCommand({ UserPoolId, Username })),
      'UserNotFoundException',
      'User does not exist.',
    );
    await create(there, { Username });
    const found = await client.send(new AdminGetUserCommand({ UserPoolId, Username }));
    expect(found.Username).toBe(Username);
  });

  test('who signs in by e-mail has a UUID as username, and no email unless it was sent', async () => {
    const there = await bench(BY_EMAIL);
    const { client, UserPoolId } = there;
    const made = await create(there, { Username: 'Anna@example.com' });
    const sub = made.User?.Attributes?.[0]?.Value;
    expect(made.User).toMatchObject({ Username: sub, Attributes: [{ Name: 'sub' }] });
    const found = await client.send(
      new AdminGetUserCommand({ UserPoolId, Username: 'anna@example.com' }),
    );
    expect(found.Username).toBe(sub);
    await expectRefusal(
      create(there, { Username: 'anna@EXAMPLE.com', ...attribute('email', 'anna@example.com') }),
      'UsernameExistsException',
      'User account already exists',
    );
  });

  test('without a password in a passwordless pool is CONFIRMED at once', async () => {
    const there = await bench(PASSWORDLESS);
    const made = await create(there, {
      TemporaryPassword: undefined,
      ...attribute('email', 'anna@example.com'),
    });
    expect(made.User?.UserStatus).toBe('CONFIRMED');
    await expectRefusal(
      create(there, { MessageAction: 'RESEND' }),
      'UnsupportedUserStateException',
      'Resend not possible. anna status is not FORCE_CHANGE_PASSWORD',
    );
  });
});

describe('an alias', () => {
  const verified: Input = {
    UserAttributes: [
      { Name: 'email', Value: 'anna@example.com' },
      { Name: 'email_verified', Value: 'true' },
    ],
  };

  test('is refused while another user has it, and moves where that is forced', async () => {
    const there = await bench(EMAIL_ALIAS);
    const { client, UserPoolId } = there;
    await create(there, verified);
    await expectRefusal(
      create(there, { Username: 'berta', ...verified }),
      'AliasExistsException',
      'An account with the given email already exists.',
    );
    await create(there, { Username: 'berta', ForceAliasCreation: true, ...verified });
    const found = await client.send(
      new AdminGetUserCommand({ UserPoolId, Username: 'ANNA@example.com' }),
    );
    expect(found.Username).toBe('berta');
    expect([...there.pool.users()][0]?.attributes['email_verified']).toBe('false');
  });

  test('counts only once it is verified, and duplicates are allowed until then', async () => {
    const there = await bench(EMAIL_ALIAS);
    const { client, UserPoolId } = there;
    await create(there, attribute('email', 'anna@example.com'));
    await create(there, { Username: 'berta', ...attribute('email', 'anna@example.com') });
    const Username = 'anna@example.com';
    await expectRefusal(
      client.send(new AdminGetUserCommand({ UserPoolId, Username })),
      'UserNotFoundException',
      'User does not exist.',
    );
    const flag = [{ Name: 'email_verified', Value: 'true' }];
    const verify = (name: string) =>
      client.send(
        new AdminUpdateUserAttributesCommand({ UserPoolId, Username: name, UserAttributes: flag }),
      );
    await verify('berta');
    expect((await client.send(new AdminGetUserCommand({ UserPoolId, Username }))).Username).toBe(
      'berta',
    );
    await expectRefusal(verify('anna'), 'AliasExistsException', 'email already exists');
  });
});

describe('an invitation', () => {
  const invited: Input = {
    MessageAction: undefined,
    DesiredDeliveryMediums: ['EMAIL'],
    ...attribute('email', 'anna@example.com'),
  };

  test('is delivered with the temporary password, and again with a new one', async () => {
    const there = await bench();
    const { client, UserPoolId, pool } = there;
    await create(there, { ...invited, TemporaryPassword: undefined });
    await create(there, { ...invited, MessageAction: 'RESEND', TemporaryPassword: undefined });
    const [first, second] = pool.messages;
    expect(first).toMatchObject({
      kind: 'invitation',
      medium: 'EMAIL',
      destination: 'anna@example.com',
    });
    expect(second?.code).not.toBe(first?.code);
    const signIn = (PASSWORD = '') =>
      client.send(
        new AdminInitiateAuthCommand({
          UserPoolId,
          ClientId: pool.clients[0]?.ClientId,
          AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: 'anna', PASSWORD },
        }),
      );
    await expectRefusal(signIn(first?.code), 'NotAuthorizedException', 'Incorrect username');
    expect((await signIn(second?.code)).ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
  });

  test('is not resent to who is CONFIRMED', async () => {
    const there = await bench();
    const { client, UserPoolId } = there;
    await create(there, invited);
    await client.send(
      new AdminSetUserPasswordCommand({
        UserPoolId,
        Username: 'anna',
        Password: GOOD_PASSWORD,
        Permanent: true,
      }),
    );
    await expectRefusal(
      create(there, { ...invited, MessageAction: 'RESEND' }),
      'UnsupportedUserStateException',
      'FORCE_CHANGE_PASSWORD',
    );
  });

  test('that cannot be delivered leaves the user there', async () => {
    const there = await bench({}, { rest: { Local: { UndeliverableTo: '@example\\.com$' } } });
    await expectRefusal(
      create(there, invited),
      'CodeDeliveryFailureException',
      'Unable to deliver',
    );
    expect(there.pool.userCount).toBe(1);
    expect(there.pool.messages).toEqual([]);
  });

  test('is one of 50 e-mails a day, which come back at 09:00 UTC', async () => {
    const there = await bench();
    const invite = (number: number) => create(there, { ...invited, Username: `user${number}` });
    for (let number = 0; number < 50; number += 1) await invite(number);
    await expectRefusal(invite(50), 'LimitExceededException', 'Exceeded daily email limit');
    expect(there.pool.userCount).toBe(51);
    there.clock.now = Date.UTC(2026, 5, 2, 8, 59);
    await expectRefusal(invite(51), 'LimitExceededException', 'Exceeded daily email limit');
    there.clock.now = Date.UTC(2026, 5, 2, 9);
    await invite(52);
    expect(there.pool.messages).toHaveLength(51);
  });

  test('by SES has no daily limit of Cognito’s', async () => {
    const there = await bench({ EmailConfiguration: { EmailSendingAccount: 'DEVELOPER' } });
    for (let number = 0; number < 51; number += 1) {
      await create(there, { ...invited, Username: `user${number}` });
    }
    expect(there.pool.messages).toHaveLength(51);
  });

  test('by text message needs a role that works', async () => {
    const there = await bench({ SmsConfigurationFailure: 'InvalidSmsRoleAccessPolicyException' });
    await expectRefusal(
      create(there, { MessageAction: undefined, ...attribute('phone_number', '+4930123456') }),
      'InvalidSmsRoleAccessPolicyException',
      'role',
    );
  });
});

test('users that are not there: the same refusal from every operation', async () => {
  const { client, UserPoolId } = await bench();
  const Username = 'nobody';
  for (const command of [
    new AdminGetUserCommand({ UserPoolId, Username }),
    new AdminDisableUserCommand({ UserPoolId, Username }),
  ]) {
    await expectRefusal(
      client.send(command as AdminGetUserCommand),
      'UserNotFoundException',
      'User does not exist.',
    );
  }
});
