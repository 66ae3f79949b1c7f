import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { startLocalPool } from '../../src/local/index.js';
import { bench, closeLater } from './harness.js';

const SIGNED =
  'AWS4-HMAC-SHA256 Credential=AKIDLOCAL/20260601/eu-central-1/cognito-idp/aws4_request, SignedHeaders=host, Signature=00';

async function call(
  operation: string,
  body: string,
  headers: Record<string, string> = { authorization: SIGNED },
): Promise<{ response: Response; text: string }> {
  const { pool } = await bench();
  const response = await fetch(pool.endpoint, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
      ...headers,
    },
  });
  return { response, text: await response.text() };
}

const DESCRIBE = '{"UserPoolId":"eu-central-1_LocalPool"}';

test('an answer has the headers of the service', async () => {
  const { response } = await call('DescribeUserPool', DESCRIBE);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.1');
  expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  expect(response.headers.get('date')).toBeTruthy();
});

test.each<
  [what: string, operation: string, body: string, headers: Record<string, string>, type: string]
>([
  [
    'an unknown operation',
    'AdminCreateUsers',
    '{}',
    { authorization: SIGNED },
    'UnknownOperationException',
  ],
  [
    'a name from the prototype',
    'constructor',
    '{}',
    { authorization: SIGNED },
    'UnknownOperationException',
  ],
  ['no signature', 'DescribeUserPool', DESCRIBE, {}, 'MissingAuthenticationTokenException'],
  [
    'another kind of signature',
    'DescribeUserPool',
    DESCRIBE,
    { authorization: 'Bearer x' },
    'IncompleteSignatureException',
  ],
  [
    'a signature for another service',
    'DescribeUserPool',
    DESCRIBE,
    { authorization: SIGNED.replace('cognito-idp', 's3') },
    'InvalidSignatureException',
  ],
  ['no JSON', 'DescribeUserPool', '{', { authorization: SIGNED }, 'SerializationException'],
  ['a list', 'DescribeUserPool', '[]', { authorization: SIGNED }, 'SerializationException'],
  [
    'a number for a text',
    'DescribeUserPool',
    '{"UserPoolId":3}',
    { authorization: SIGNED },
    'SerializationException',
  ],
  [
    'a text for a list',
    'ListUsers',
    '{"UserPoolId":"a_b","AttributesToGet":"email"}',
    { authorization: SIGNED },
    'SerializationException',
  ],
  [
    'what is required left out',
    'DescribeUserPool',
    '{}',
    { authorization: SIGNED },
    'InvalidParameterException',
  ],
  [
    'no token, which needs no signature',
    'VerifyUserAttribute',
    '{}',
    {},
    'InvalidParameterException',
  ],
])('%s is refused', async (_what, operation, body, headers, type) => {
  const { response, text } = await call(operation, body, headers);
  expect(response.status).toBe(400);
  expect(response.headers.get('x-amzn-errortype')).toBe(`${type}:`);
  expect(JSON.parse(text)).toMatchObject({ __type: type });
});

test('what is required and left out is named', async () => {
  const { text } = await call('AdminSetUserPassword', '{}');
  expect(text).toContain("3 validation errors detected: Value null at 'userPoolId' failed");
  expect(text).toContain(
    "Value null at 'password' failed to satisfy constraint: Member must not be null",
  );
});

test('dates are seconds with a fraction', async () => {
  const { pool, clock } = await bench();
  clock.now += 123;
  const response = await fetch(pool.endpoint, {
    method: 'POST',
    body: '{"UserPoolId":"eu-central-1_LocalPool","Username":"anna","MessageAction":"SUPPRESS"}',
    headers: {
      'x-amz-target': 'AWSCognitoIdentityProviderService.AdminCreateUser',
      authorization: SIGNED,
    },
  });
  const { User } = (await response.json()) as { User: { UserCreateDate: number } };
  expect(User.UserCreateDate).toBe(clock.now / 1000);
});

test('a page that is asked for with a browser says what this is', async () => {
  const { pool } = await bench();
  const response = await fetch(pool.endpoint);
  expect(response.status).toBe(404);
  expect(await response.text()).toContain('local user pool');
});

test('a port that is taken is one sentence', async () => {
  const { pool } = await bench();
  const port = Number(new URL(pool.endpoint).port);
  await expect(startLocalPool({ port })).rejects.toThrow(
    `Port ${port} is in use already; choose another or leave it out.`,
  );
});

test('closing ends connections that are open', async () => {
  const pool = await startLocalPool();
  const socket = connect(Number(new URL(pool.endpoint).port), '127.0.0.1');
  closeLater({
    close: () => {
      socket.destroy();
    },
  });
  await new Promise((resolve) => socket.once('connect', resolve));
  const ended = new Promise((resolve) => socket.once('close', resolve));
  socket.resume();
  await pool.close();
  await ended;
});
