import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  GetUserAttributeVerificationCodeCommand,
  VerifyUserAttributeCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { expect, test } from 'vitest';
import { bench, expectRefusal, GOOD_PASSWORD, type Bench, type PoolChanges } from './harness.js';

async function signedIn(changes: PoolChanges = {}): Promise<Bench & { AccessToken: string }> {
  const there = await bench({
    EmailConfiguration: { EmailSendingAccount: 'DEVELOPER' },
    ...changes,
  });
  const { client, UserPoolId, pool } = there;
  const AccessToken = await makeUser(there, 'anna');
  expect(pool.messages).toEqual([]);
  return { ...there, client, UserPoolId, AccessToken };
}

async function makeUser({ client, UserPoolId, pool }: Bench, Username: string): Promise<string> {
  const UserAttributes = [{ Name: 'email', Value: 'anna@example.com' }];
  await client.send(
    new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: 'SUPPRESS', UserAttributes }),
  );
  await client.send(
    new AdminSetUserPasswordCommand({
      UserPoolId,
      Username,
      Password: GOOD_PASSWORD,
      Permanent: true,
    }),
  );
  const answer = await client.send(
    new AdminInitiateAuthCommand({
      UserPoolId,
      ClientId: pool.clients[0]?.ClientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: Username, PASSWORD: GOOD_PASSWORD },
    }),
  );
  return answer.AuthenticationResult?.AccessToken ?? '';
}

function ask(
  { client, AccessToken }: { client: Bench['client']; AccessToken: string },
  AttributeName = 'email',
) {
  return client.send(new GetUserAttributeVerificationCodeCommand({ AccessToken, AttributeName }));
}

function handIn(
  { client, AccessToken }: { client: Bench['client']; AccessToken: string },
  Code: string,
) {
  return client.send(new VerifyUserAttributeCommand({ AccessToken, AttributeName: 'email', Code }));
}

const attributes = ({ pool }: Bench) => [...pool.users()][0]?.attributes;

test('a code is delivered, shown masked, and verifies the address once', async () => {
  const there = await signedIn();
  const answer = await ask(there);
  expect(answer.CodeDeliveryDetails).toEqual({
    AttributeName: 'email',
    DeliveryMedium: 'EMAIL',
    Destination: 'a***@e***',
  });
  const code = there.pool.messages[0]?.code ?? '';
  expect(code).toMatch(/^[0-9]{6}$/);
  await expectRefusal(
    handIn(there, code === '000000' ? '1' : '000000'),
    'CodeMismatchException',
    'Invalid verification code',
  );
  await handIn(there, code);
  expect(attributes(there)).toMatchObject({ email_verified: 'true' });
  await expectRefusal(handIn(there, code), 'ExpiredCodeException', 'request a code again');
});

test('a code runs out after 24 hours', async () => {
  const there = await signedIn();
  there.clock.now -= 23 * 3_600_000 + 1;
  await ask(there);
  there.clock.now += 24 * 3_600_000 + 1;
  // The token of an hour has run out as well by then, so a new one is needed.
  const { client, UserPoolId, pool } = there;
  const answer = await client.send(
    new AdminInitiateAuthCommand({
      UserPoolId,
      ClientId: pool.clients[0]?.ClientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'anna', PASSWORD: GOOD_PASSWORD },
    }),
  );
  const AccessToken = answer.AuthenticationResult?.AccessToken ?? '';
  const code = pool.messages[0]?.code ?? '';
  await expectRefusal(
    handIn({ client, AccessToken }, code),
    'ExpiredCodeException',
    'Invalid code provided',
  );
});

test('five codes and fifteen tries an hour for each user', async () => {
  const there = await signedIn();
  for (let n = 0; n < 5; n += 1) await ask(there);
  await expectRefusal(ask(there), 'LimitExceededException', 'Attempt limit exceeded');
  for (let n = 0; n < 15; n += 1)
    await expectRefusal(handIn(there, 'x'), 'CodeMismatchException', 'Invalid');
  await expectRefusal(
    handIn(there, there.pool.messages[4]?.code ?? ''),
    'LimitExceededException',
    'Attempt limit exceeded, please try after some time.',
  );
});

test.each([
  [
    'an attribute that is no address',
    'name',
    'InvalidParameterException',
    'name can not be verified',
  ],
  [
    'an address that is not there',
    'phone_number',
    'InvalidParameterException',
    'User has no phone_number',
  ],
])('no code for %s', async (_what, name, error, message) => {
  await expectRefusal(ask(await signedIn(), name), error, message);
});

test.each(['nonsense', 'a.b.c'])('no code for the token %s', async (AccessToken) => {
  const { client } = await signedIn();
  await expectRefusal(
    ask({ client, AccessToken }),
    'NotAuthorizedException',
    'Invalid Access Token',
  );
});

test('no code with a token that has run out or was revoked', async () => {
  const there = await signedIn();
  const { client, UserPoolId, clock } = there;
  await client.send(new AdminDisableUserCommand({ UserPoolId, Username: 'anna' }));
  await expectRefusal(ask(there), 'NotAuthorizedException', 'User is disabled.');
  clock.now += 3_600_001;
  await expectRefusal(ask(there), 'NotAuthorizedException', 'Invalid Access Token');
});

test('an address that somebody else verified first', async () => {
  const there = await signedIn({ AliasAttributes: ['email'] });
  const { client } = there;
  const AccessToken = await makeUser(there, 'berta');
  await ask(there);
  await ask({ client, AccessToken });
  const [first, second] = there.pool.messages;
  await handIn(there, first?.code ?? '');
  await expectRefusal(
    handIn({ client, AccessToken }, second?.code ?? ''),
    'AliasExistsException',
    'An account with the given email already exists.',
  );
});

test('a change that has to be verified first waits for its code', async () => {
  const there = await signedIn({
    UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
  });
  const { client, UserPoolId } = there;
  const change = (...more: { Name: string; Value: string }[]) =>
    client.send(
      new AdminUpdateUserAttributesCommand({
        UserPoolId,
        Username: 'anna',
        UserAttributes: [{ Name: 'email', Value: 'new@example.com' }, ...more],
      }),
    );
  await change();
  expect(attributes(there)).toEqual({ email: 'anna@example.com' });
  const code = there.pool.messages[0];
  expect(code).toMatchObject({ destination: 'new@example.com', kind: 'verification-code' });
  await handIn(there, code?.code ?? '');
  expect(attributes(there)).toEqual({ email: 'new@example.com', email_verified: 'true' });
  await change({ Name: 'email_verified', Value: 'true' });
  expect(there.pool.messages).toHaveLength(1);
});
