import { describe, expect, test } from 'vitest';
import type { LocalClientSettings } from '../../src/local/index.js';
import { expectRefusal, GOOD_PASSWORD, type PoolChanges } from './harness.js';
import { ClientId, hash, NEW_PASSWORD, respond, setPassword, signIn, withUser } from './sign-in.js';

const DENIED = 'NotAuthorizedException';
const INVALID = 'InvalidParameterException';

describe('the first sign-in', () => {
  test('asks for a new password and what is required, and then gives tokens', async () => {
    const there = await withUser({
      SchemaAttributes: [{ Name: 'family_name', Required: true, Mutable: true }],
    });
    const asked = await signIn(there);
    expect(asked).toMatchObject({
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      ChallengeParameters: {
        USER_ID_FOR_SRP: 'anna',
        requiredAttributes: '["userAttributes.family_name"]',
        userAttributes: '{}',
      },
    });
    const answer = await respond(there, asked, { 'userAttributes.family_name': 'Ek' });
    expect(answer.AuthenticationResult).toMatchObject({ TokenType: 'Bearer', ExpiresIn: 3600 });
    expect([...there.pool.users()][0]).toMatchObject({
      status: 'CONFIRMED',
      attributes: { family_name: 'Ek' },
    });
    const again = await signIn(there, { PASSWORD: NEW_PASSWORD });
    expect(again.AuthenticationResult?.AccessToken).toMatch(/^[A-Za-z0-9-_=.]+$/);
  });

  test('has a name from before, and the client may have either', async () => {
    const there = await withUser({}, { ExplicitAuthFlows: ['ADMIN_NO_SRP_AUTH'] });
    expect((await signIn(there, {}, 'ADMIN_NO_SRP_AUTH')).ChallengeName).toBe(
      'NEW_PASSWORD_REQUIRED',
    );
  });

  test('works with a temporary password once only', async () => {
    const there = await withUser();
    await signIn(there);
    await expectRefusal(signIn(there), DENIED, 'Incorrect username or password.');
    await setPassword(there, NEW_PASSWORD, false);
    expect((await signIn(there, { PASSWORD: NEW_PASSWORD })).ChallengeName).toBe(
      'NEW_PASSWORD_REQUIRED',
    );
  });

  test('comes too late after the days of the policy; none in the policy means 7', async () => {
    const there = await withUser({
      Policies: { PasswordPolicy: { TemporaryPasswordValidityDays: 0 } },
    });
    there.clock.now += 7 * 86_400_000 + 1000;
    await expectRefusal(
      signIn(there),
      DENIED,
      'Temporary password has expired and must be reset by an administrator.',
    );
  });

  test('in a pool with MFA goes on to its set-up, the password being changed', async () => {
    const there = await withUser({ MfaConfiguration: 'ON' });
    const answer = await respond(there, await signIn(there));
    expect(answer).toMatchObject({
      ChallengeName: 'MFA_SETUP',
      ChallengeParameters: { MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]' },
    });
    expect(answer.AuthenticationResult).toBeUndefined();
    expect([...there.pool.users()][0]?.status).toBe('CONFIRMED');
    await expectRefusal(respond(there, answer), 'SoftwareTokenMFANotFoundException', 'MFA');
  });
});

describe('a client with secrets', () => {
  const secrets = { ClientSecret: 'first', SecondClientSecret: 'second' };
  const alias: PoolChanges = { UsernameAttributes: ['email'] };
  const byEmail = { Username: 'anna@example.com' };

  test('takes the hash of either, of the sign-in name first and of the internal one then', async () => {
    const there = await withUser(alias, secrets, byEmail);
    const USERNAME = 'anna@example.com';
    const asked = await signIn(there, { USERNAME, SECRET_HASH: hash('second', USERNAME) });
    const id = asked.ChallengeParameters?.['USER_ID_FOR_SRP'] ?? '';
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    const answer = await respond(there, asked, { SECRET_HASH: hash('first', id) });
    expect(answer.AuthenticationResult).toBeDefined();
  });

  test('refuses a request without a hash and with a wrong one', async () => {
    const there = await withUser({}, secrets);
    await expectRefusal(
      signIn(there),
      DENIED,
      'is configured with secret but SECRET_HASH was not received',
    );
    await expectRefusal(
      signIn(there, { SECRET_HASH: hash('third', 'anna') }),
      DENIED,
      `Unable to verify secret hash for client ${ClientId}`,
    );
  });

  test('refuses the e-mail and its hash in the answer to the challenge', async () => {
    const there = await withUser(alias, secrets, byEmail);
    const USERNAME = 'anna@example.com';
    const SECRET_HASH = hash('first', USERNAME);
    const asked = await signIn(there, { USERNAME, SECRET_HASH });
    await expectRefusal(
      respond(there, asked, { USERNAME, SECRET_HASH }),
      DENIED,
      'Unable to verify secret hash',
    );
  });
});

describe('AdminRespondToAuthChallenge refuses', () => {
  const required: PoolChanges = {
    SchemaAttributes: [
      { Name: 'family_name', Required: true, Mutable: true },
      { Name: 'custom:fixed', Mutable: false },
      { Name: 'custom:free', Mutable: true },
    ],
  };
  const given = {
    UserAttributes: [
      { Name: 'family_name', Value: 'Ek' },
      { Name: 'email', Value: 'anna@example.com' },
    ],
  };

  test.each<[string, Record<string, string>, string, string, Partial<LocalClientSettings>?]>([
    [
      'email_verified',
      { 'userAttributes.email_verified': 'true' },
      DENIED,
      'A client attempted to write unauthorized attribute',
    ],
    [
      'a required attribute that is there',
      { 'userAttributes.family_name': 'X' },
      DENIED,
      'Cannot modify an already provided family_name',
    ],
    [
      'the email again',
      { 'userAttributes.email': 'anna@example.com' },
      DENIED,
      'Cannot modify an already provided email',
    ],
    [
      'an immutable attribute',
      { 'userAttributes.custom:fixed': 'x' },
      INVALID,
      'Cannot modify the non-mutable attribute custom:fixed',
    ],
    [
      'what the client may not write',
      { 'userAttributes.custom:free': 'x' },
      DENIED,
      'unauthorized attribute',
      { WriteAttributes: ['name'] },
    ],
    [
      'an unknown attribute',
      { 'userAttributes.colour': 'x' },
      INVALID,
      'colour: Attribute does not exist',
    ],
    [
      'a weak password',
      { NEW_PASSWORD: 'weak' },
      'InvalidPasswordException',
      'Password not long enough',
    ],
    ['no password', { NEW_PASSWORD: '' }, INVALID, 'Missing required parameter NEW_PASSWORD'],
    ['no username', { USERNAME: '' }, INVALID, 'Missing required parameter USERNAME'],
    ['another user', { USERNAME: 'berta' }, DENIED, 'Invalid session for the user.'],
  ])('%s', async (_what, responses, error, message, app) => {
    const there = await withUser(required, app, given);
    await expectRefusal(respond(there, await signIn(there), responses), error, message);
    expect([...there.pool.users()][0]?.status).toBe('FORCE_CHANGE_PASSWORD');
  });

  test('a missing required attribute', async () => {
    const there = await withUser(required);
    await expectRefusal(respond(there, await signIn(there)), INVALID, 'family_name is missing');
  });

  test('a session that is used up', async () => {
    const there = await withUser();
    const asked = await signIn(there);
    await respond(there, asked);
    await expectRefusal(
      respond(there, asked),
      DENIED,
      'Invalid session for the user, session is expired.',
    );
  });

  test.each([
    [undefined, 3],
    [5, 5],
  ])('a session after its minutes (%s)', async (AuthSessionValidity, minutes) => {
    const there = await withUser(
      {},
      AuthSessionValidity === undefined ? {} : { AuthSessionValidity },
    );
    const asked = await signIn(there);
    there.clock.now += minutes * 60_000 + 1;
    await expectRefusal(respond(there, asked), DENIED, 'session is expired');
  });

  test('a session for another challenge', async () => {
    const there = await withUser();
    const asked = await signIn(there);
    await expectRefusal(
      respond(there, { ...asked, ChallengeName: 'SMS_MFA' }),
      DENIED,
      'Invalid session',
    );
  });

  test('an earlier password, where the pool remembers them', async () => {
    const there = await withUser({ Policies: { PasswordPolicy: { PasswordHistorySize: 2 } } });
    await expectRefusal(
      respond(there, await signIn(there), { NEW_PASSWORD: GOOD_PASSWORD }),
      'PasswordHistoryPolicyViolationException',
      'Password has previously been used',
    );
    await setPassword(there, 'Another-0ne');
    await expectRefusal(
      setPassword(there, GOOD_PASSWORD),
      'PasswordHistoryPolicyViolationException',
      'used',
    );
    await setPassword(there, 'A-third-0ne');
    await setPassword(there, GOOD_PASSWORD);
  });
});
