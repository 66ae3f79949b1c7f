import {
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, test } from 'vitest';
import { bench, expectRefusal, GOOD_PASSWORD } from './harness.js';
import { attribute, create, type Input } from './create.js';

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
