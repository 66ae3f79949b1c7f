import {
  AdminCreateUserCommand,
  AdminDeleteUserAttributesCommand,
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  AdminUpdateUserAttributesCommand,
  type AttributeType,
} from '@aws-sdk/client-cognito-identity-provider';
import { expect, test } from 'vitest';
import { bench, expectRefusal, type Bench, type PoolChanges } from './harness.js';

const INVALID = 'InvalidParameterException';

async function withUser(changes: PoolChanges = {}): Promise<Bench> {
  const there = await bench(changes);
  await make(there, 'anna', 'anna@example.com');
  return there;
}

function make({ client, UserPoolId }: Bench, name: string, email: string) {
  const bySignIn = name.includes('@');
  return client.send(
    new AdminCreateUserCommand({
      UserPoolId,
      Username: name,
      MessageAction: 'SUPPRESS',
      UserAttributes: [
        { Name: 'email', Value: email },
        { Name: 'email_verified', Value: 'true' },
        ...(bySignIn ? [] : [{ Name: 'name', Value: 'Anna' }]),
      ],
    }),
  );
}

function update({ client, UserPoolId }: Bench, ...UserAttributes: AttributeType[]) {
  return client.send(
    new AdminUpdateUserAttributesCommand({ UserPoolId, Username: 'anna', UserAttributes }),
  );
}

const attributes = ({ pool }: Bench) => [...pool.users()][0]?.attributes;

test('an update changes what it names, and a blank value deletes', async () => {
  const there = await withUser();
  const { client, UserPoolId } = there;
  await update(there, { Name: 'name', Value: '' }, { Name: 'nickname', Value: 'Ann' });
  expect(attributes(there)).toEqual({
    email: 'anna@example.com',
    email_verified: 'true',
    nickname: 'Ann',
  });
  await client.send(
    new AdminDeleteUserAttributesCommand({
      UserPoolId,
      Username: 'anna',
      UserAttributeNames: ['nickname'],
    }),
  );
  expect(attributes(there)).toEqual({ email: 'anna@example.com', email_verified: 'true' });
});

test.each<[what: string, change: AttributeType, message: string]>([
  ['sub', { Name: 'sub', Value: 'x' }, 'non-mutable attribute sub'],
  [
    'an immutable attribute',
    { Name: 'custom:employee_id', Value: 'x' },
    'user.custom:employee_id: Attribute cannot be updated.',
  ],
  [
    'an immutable attribute to blank',
    { Name: 'custom:employee_id', Value: '' },
    'Attribute cannot be updated.',
  ],
  [
    'an unknown attribute',
    { Name: 'custom:colour', Value: 'x' },
    'custom:colour: Attribute does not exist in the schema.',
  ],
  ['a value out of bounds', { Name: 'custom:cost_center', Value: '-1' }, 'must be at least 0'],
  [
    'phone_number_verified without a number',
    { Name: 'phone_number_verified', Value: 'true' },
    'without phone_number',
  ],
])('an update refuses %s', async (_what, change, message) => {
  const there = await withUser();
  await expectRefusal(update(there, change), INVALID, message);
});

test('an update refuses to blank what is required', async () => {
  const there = await withUser({
    SchemaAttributes: [{ Name: 'name', Required: true, Mutable: true }],
  });
  await expectRefusal(
    update(there, { Name: 'name', Value: '' }),
    INVALID,
    'name: The attribute is required',
  );
});

test('another e-mail is unverified unless the same call says otherwise', async () => {
  const there = await withUser();
  await update(there, { Name: 'email', Value: 'new@example.com' });
  expect(attributes(there)).toMatchObject({ email: 'new@example.com', email_verified: 'false' });
  await update(
    there,
    { Name: 'email', Value: 'b@example.com' },
    { Name: 'email_verified', Value: 'true' },
  );
  expect(attributes(there)).toMatchObject({ email: 'b@example.com', email_verified: 'true' });
  await update(there, { Name: 'email', Value: '' });
  expect(attributes(there)).toEqual({ name: 'Anna' });
});

test('another e-mail gets a code where the pool verifies by itself', async () => {
  const there = await withUser({ AutoVerifiedAttributes: ['email'] });
  await update(there, { Name: 'email', Value: 'new@example.com' });
  expect(there.pool.messages).toMatchObject([
    { kind: 'verification-code', destination: 'new@example.com' },
  ]);
});

test('where people sign in by e-mail it is unique even unverified, and moves with an update', async () => {
  const there = await bench({ UsernameAttributes: ['email'] });
  const { client, UserPoolId } = there;
  await make(there, 'anna@example.com', 'anna@example.com');
  await make(there, 'berta@example.com', 'berta@example.com');
  const change = (Value: string) =>
    client.send(
      new AdminUpdateUserAttributesCommand({
        UserPoolId,
        Username: 'anna@example.com',
        UserAttributes: [{ Name: 'email', Value }],
      }),
    );
  await expectRefusal(change('Berta@example.com'), 'AliasExistsException', 'email already exists');
  await change('clara@example.com');
  const find = (Username: string) => client.send(new AdminGetUserCommand({ UserPoolId, Username }));
  await expectRefusal(find('anna@example.com'), 'UserNotFoundException', 'User does not exist.');
  expect((await find('clara@example.com')).Username).toBe([...there.pool.users()][0]?.username);
});

test('a preferred_username alias is given by an update and belongs to one user', async () => {
  const there = await bench({ AliasAttributes: ['preferred_username'] });
  const { client, UserPoolId } = there;
  await make(there, 'anna', 'anna@example.com');
  await make(there, 'berta', 'berta@example.com');
  const call = (Username: string) =>
    client.send(
      new AdminUpdateUserAttributesCommand({
        UserPoolId,
        Username,
        UserAttributes: [{ Name: 'preferred_username', Value: 'ann' }],
      }),
    );
  await call('anna');
  await expectRefusal(call('berta'), 'AliasExistsException', 'preferred_username already exists');
  expect(
    (await client.send(new AdminGetUserCommand({ UserPoolId, Username: 'ANN' }))).Username,
  ).toBe('anna');
});

test('a deleted user is gone with its aliases, and a second deletion says so', async () => {
  const there = await withUser({ AliasAttributes: ['email'] });
  const { client, UserPoolId, pool } = there;
  const remove = (Username: string) =>
    client.send(new AdminDeleteUserCommand({ UserPoolId, Username }));
  await remove('anna@example.com');
  expect(pool.userCount).toBe(0);
  await expectRefusal(remove('anna'), 'UserNotFoundException', 'User does not exist.');
  await make(there, 'berta', 'anna@example.com');
});
