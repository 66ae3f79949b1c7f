import {
  AdminGetUserCommand,
  AdminUpdateUserAttributesCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, test } from 'vitest';
import { bench, expectRefusal, type PoolChanges } from './harness.js';
import { attribute, create, type Input } from './create.js';

const BY_EMAIL: PoolChanges = { UsernameAttributes: ['email'] };
const EMAIL_ALIAS: PoolChanges = { AliasAttributes: ['email', 'phone_number'] };
const PASSWORDLESS: PoolChanges = {
  Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
};

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
    const change = { Name: 'email', Value: 'new@example.com' };
    await client.send(
      new AdminUpdateUserAttributesCommand({
        UserPoolId,
        Username: 'anna@example.com',
        UserAttributes: [change],
      }),
    );
    await expectRefusal(
      client.send(new AdminGetUserCommand({ UserPoolId, Username: 'anna@example.com' })),
      'UserNotFoundException',
      'User does not exist.',
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
