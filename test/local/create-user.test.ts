import {
  AdminDisableUserCommand,
  AdminGetUserCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, test } from 'vitest';
import { bench, expectRefusal, type PoolChanges } from './harness.js';
import { attribute, create, type Input } from './create.js';

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
      "1 validation error detected: Value at 'temporaryPassword' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\S]+",
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
      'an e-mail named as the medium without an email, though nothing is sent',
      { DesiredDeliveryMediums: ['EMAIL'] },
      INVALID,
      'No email provided',
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
