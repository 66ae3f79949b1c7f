import {
  AdminDisableUserCommand,
  AdminResetUserPasswordCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  AdminUserGlobalSignOutCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, test } from 'vitest';
import { bench, expectRefusal, GOOD_PASSWORD } from './harness.js';
import { ClientId, NEW_PASSWORD, PLAIN, setPassword, signIn, withUser } from './sign-in.js';

const DENIED = 'NotAuthorizedException';
const INVALID = 'InvalidParameterException';

describe('AdminInitiateAuth refuses', () => {
  test.each([
    ['a wrong password', { PASSWORD: 'Wr0ng-one!' }, 'Incorrect username or password.'],
    ['nobody, where existence is hidden', { USERNAME: 'berta' }, 'Incorrect username or password.'],
    [
      'a hash for a client without a secret',
      { SECRET_HASH: 'x' },
      `Unable to verify secret hash for client ${ClientId}`,
    ],
  ])('%s', async (_what, parameters, message) => {
    const there = await withUser({}, { PreventUserExistenceErrors: 'ENABLED' });
    await expectRefusal(signIn(there, parameters), DENIED, message);
  });

  test('nobody by name, where existence is not hidden', async () => {
    const there = await withUser({}, { PreventUserExistenceErrors: 'LEGACY' });
    await expectRefusal(
      signIn(there, { USERNAME: 'berta' }),
      'UserNotFoundException',
      'User does not exist.',
    );
  });

  test.each(['USERNAME', 'PASSWORD'])('a request without %s', async (name) => {
    const there = await withUser();
    await expectRefusal(
      signIn(there, { [name]: '' }),
      INVALID,
      `Missing required parameter ${name}`,
    );
  });

  test('a flow that the client does not have', async () => {
    const there = await withUser({}, { ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'] });
    await expectRefusal(signIn(there), INVALID, 'Auth flow not enabled for this client');
    await expectRefusal(signIn(there, {}, 'USER_SRP_AUTH'), INVALID, 'Auth flow not enabled');
  });

  test('an unknown client', async () => {
    const there = await bench();
    await expectRefusal(
      signIn(there),
      'ResourceNotFoundException',
      `User pool client ${ClientId} does not exist.`,
    );
  });

  test('who is disabled', async () => {
    const there = await withUser();
    const { client, UserPoolId } = there;
    await client.send(new AdminDisableUserCommand({ UserPoolId, Username: 'anna' }));
    await expectRefusal(signIn(there), DENIED, 'User is disabled.');
  });

  test('whom the trigger refuses', async () => {
    const there = await bench(
      {},
      {
        rest: {
          UserPoolClients: [PLAIN],
          Local: { Triggers: { PreAuthentication: { RefuseUsernames: '.' } } },
        },
      },
    );
    await expectRefusal(
      signIn(there),
      'UserLambdaValidationException',
      'PreAuthentication failed with error',
    );
  });

  test.each([
    ['LEGACY', 'PasswordResetRequiredException', 'Password reset required'],
    ['ENABLED', DENIED, 'Incorrect username or password.'],
  ] as const)(
    'who must reset the password (%s)',
    async (PreventUserExistenceErrors, error, message) => {
      const there = await withUser(
        {},
        { PreventUserExistenceErrors },
        {
          UserAttributes: [
            { Name: 'email', Value: 'anna@example.com' },
            { Name: 'email_verified', Value: 'true' },
          ],
        },
      );
      const { client, UserPoolId } = there;
      const reset = () =>
        client.send(new AdminResetUserPasswordCommand({ UserPoolId, Username: 'anna' }));
      await expectRefusal(reset(), DENIED, 'User password cannot be reset in the current state.');
      await setPassword(there, GOOD_PASSWORD);
      await reset();
      expect(there.pool.messages[0]).toMatchObject({ kind: 'reset-code', medium: 'EMAIL' });
      await expectRefusal(signIn(there), error, message);
    },
  );

  test('more tries after five failures, for one second and then twice as long', async () => {
    const there = await withUser();
    const wrong = () => signIn(there, { PASSWORD: 'Wr0ng-one!' });
    for (let n = 0; n < 5; n += 1) await expectRefusal(wrong(), DENIED, 'Incorrect');
    await expectRefusal(signIn(there), DENIED, 'Password attempts exceeded');
    there.clock.now += 1001;
    await expectRefusal(wrong(), DENIED, 'Incorrect');
    there.clock.now += 1001;
    await expectRefusal(signIn(there), DENIED, 'Password attempts exceeded');
    there.clock.now += 1001;
    expect((await signIn(there)).ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
  });
});

describe('AdminSetUserPassword', () => {
  test.each([
    ['Sh0rt!', 'Password not long enough'],
    ['passw0rd!', 'Password must have uppercase characters'],
    ['PASSW0RD!', 'Password must have lowercase characters'],
    ['Password!', 'Password must have numeric characters'],
    ['Passw0rdd', 'Password must have symbol characters'],
  ])('refuses %s', async (Password, message) => {
    const there = await withUser();
    await expectRefusal(
      setPassword(there, Password),
      'InvalidPasswordException',
      `Password did not conform with policy: ${message}`,
    );
  });

  test('permanent confirms, temporary asks again', async () => {
    const there = await withUser();
    const status = () => [...there.pool.users()][0]?.status;
    await setPassword(there, NEW_PASSWORD);
    expect(status()).toBe('CONFIRMED');
    const { client, UserPoolId } = there;
    await client.send(
      new AdminSetUserPasswordCommand({ UserPoolId, Username: 'anna', Password: GOOD_PASSWORD }),
    );
    expect(status()).toBe('FORCE_CHANGE_PASSWORD');
    expect((await signIn(there)).ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
  });
});

test('a refresh token brings new tokens until the user is signed out', async () => {
  const there = await withUser();
  await setPassword(there, GOOD_PASSWORD);
  const { AuthenticationResult } = await signIn(there);
  const parameters = { REFRESH_TOKEN: AuthenticationResult?.RefreshToken ?? '' };
  const refreshed = await signIn(there, parameters, 'REFRESH_TOKEN_AUTH');
  expect(refreshed.AuthenticationResult?.AccessToken).toBeDefined();
  const { client, UserPoolId } = there;
  await client.send(new AdminUserGlobalSignOutCommand({ UserPoolId, Username: 'anna' }));
  await expectRefusal(signIn(there, parameters, 'REFRESH_TOKEN_AUTH'), DENIED, 'revoked');
});

test('an administrator can set what the challenge may not', async () => {
  const there = await withUser(
    {},
    {},
    { UserAttributes: [{ Name: 'email', Value: 'anna@example.com' }] },
  );
  const { client, UserPoolId } = there;
  await client.send(
    new AdminUpdateUserAttributesCommand({
      UserPoolId,
      Username: 'anna',
      UserAttributes: [{ Name: 'email_verified', Value: 'true' }],
    }),
  );
  expect([...there.pool.users()][0]?.attributes).toMatchObject({ email_verified: 'true' });
});
