import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';

import { connect } from '../../src/cognito/connect.js';
import { PoolError } from '../../src/cognito/errors.js';
import type { UserPool } from '../../src/cognito/user-pool.js';

/** How a server answers; it may look on until the connection is closed. */
type Answer = (response: ServerResponse) => void;

interface Answering {
  readonly pool: UserPool;
  /** Resolves when a connection of the client is closed. */
  readonly closed: Promise<void>;
}

/** A server that answers every request in one way, and the pool that talks to it. */
async function poolAt(answer: Answer, timeoutMs = 10_000): Promise<Answering> {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      answer(response);
    });
  });
  const closed = new Promise<void>((resolve) => {
    server.on('connection', (socket) => socket.once('close', resolve));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const pool = await connect({
    userPoolId: 'eu-west-1_Test12345',
    region: 'eu-west-1',
    endpointUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'AKIDTEST', secretAccessKey: 'secret' },
    timeoutMs,
    maxConnections: 4,
  });
  onTestFinished(() => {
    pool.close();
    server.closeAllConnections();
    server.close();
  });
  return { pool, closed };
}

const type = { 'content-type': 'application/x-amz-json-1.1' };

const json =
  (body: unknown, status = 200): Answer =>
  (response) => {
    response.writeHead(status, type);
    response.end(JSON.stringify(body));
  };

/** Writes a piece of a body again and again. */
const dripping =
  (status: number, piece: string): Answer =>
  (response) => {
    response.writeHead(status, type);
    const timer = setInterval(() => response.write(piece), 20);
    response.once('close', () => {
      clearInterval(timer);
    });
  };

/** Writes a body without end as fast as it is read. */
const pouring =
  (status: number): Answer =>
  (response) => {
    response.writeHead(status, type);
    const fill = (): void => {
      while (!response.destroyed && response.write(' '.repeat(65_536)));
    };
    response.on('drain', fill);
    fill();
  };

/** What a call ends with. */
async function failureOf(call: Promise<unknown>): Promise<PoolError> {
  const error: unknown = await call.then(
    (answer) => answer ?? 'nothing',
    (reason: unknown) => reason,
  );
  expect(error, 'the call did not fail').toBeInstanceOf(PoolError);
  return error as PoolError;
}

const sub = { Name: 'sub', Value: '1-2' };
const signIn = { clientId: 'c', username: 'ada', password: 'Passw0rd!' };

const calls: Readonly<Record<string, (pool: UserPool) => Promise<unknown>>> = {
  DescribeUserPool: (pool) => pool.describeUserPool(),
  DescribeUserPoolClient: (pool) => pool.describeUserPoolClient('c'),
  'DescribeUserPoolClient for its secrets': (pool) => pool.clientSecrets('c'),
  ListGroups: (pool) => pool.listGroups(),
  ListUsers: (pool) => pool.listUsers({}),
  ListUsersInGroup: (pool) => pool.listUsersInGroup('staff'),
  GetProvisionedLimit: (pool) => pool.getProvisionedLimit('UserCreation'),
  AdminCreateUser: (pool) => pool.adminCreateUser({ username: 'ada', attributes: [] }),
  AdminGetUser: (pool) => pool.adminGetUser('ada'),
  AdminListGroupsForUser: (pool) => pool.adminListGroupsForUser('ada'),
  CreateGroup: (pool) => pool.createGroup('staff'),
  AdminInitiateAuth: (pool) =>
    pool.adminInitiateAuth({ ...signIn, flow: 'ADMIN_USER_PASSWORD_AUTH' }),
  AdminRespondToAuthChallenge: (pool) =>
    pool.adminRespondToAuthChallenge({
      clientId: 'c',
      session: 'session',
      username: 'ada',
      newPassword: 'Passw0rd!',
      attributes: [],
    }),
  GetUserAttributeVerificationCode: (pool) =>
    pool.getUserAttributeVerificationCode('token', 'email'),
};

/** Calls whose good answer is empty. */
const silent: typeof calls = {
  AdminSetUserPassword: (pool) => pool.adminSetUserPassword('ada', 'Passw0rd!', true),
  AdminUpdateUserAttributes: (pool) => pool.adminUpdateUserAttributes('ada', [sub]),
  AdminAddUserToGroup: (pool) => pool.adminAddUserToGroup('ada', 'staff'),
  AdminRemoveUserFromGroup: (pool) => pool.adminRemoveUserFromGroup('ada', 'staff'),
  VerifyUserAttribute: (pool) => pool.verifyUserAttribute('token', 'email', '123456'),
  AdminEnableUser: (pool) => pool.adminEnableUser('ada'),
  AdminDisableUser: (pool) => pool.adminDisableUser('ada'),
  AdminDeleteUser: (pool) => pool.adminDeleteUser('ada'),
};

describe('a body without end', () => {
  it.each([
    [200, ' '],
    [400, '{"__type":'],
  ])('that trickles (%i, %j) is lost after the time-out', async (status, piece) => {
    const { pool, closed } = await poolAt(dripping(status, piece), 1_000);
    const started = performance.now();
    const error = await failureOf(pool.adminCreateUser({ username: 'ada', attributes: [] }));
    expect(error).toMatchObject({ code: 'TimeoutError', kind: 'lost', answered: false });
    expect(error.message).toBe('the answer did not end within 1000 ms');
    expect(performance.now() - started).toBeGreaterThanOrEqual(999);
    await closed;
  });

  it('has what the headers left of the time-out, not a time-out of its own', async () => {
    const { pool } = await poolAt((response) => {
      setTimeout(() => {
        dripping(200, ' ')(response);
      }, 900);
    }, 1_000);
    const started = performance.now();
    await failureOf(pool.describeUserPool());
    // With a time-out of its own: 1,900 ms at the least.
    expect(performance.now() - started).toBeLessThan(1_850);
  });

  it.each([200, 400])('that is poured out (%i) is lost, and not kept', async (status) => {
    const { pool, closed } = await poolAt(pouring(status));
    const error = await failureOf(pool.adminGetUser('ada'));
    expect(error).toMatchObject({ code: 'AnswerTooLong', kind: 'lost', answered: false });
    expect(error.message).toBe('the answer has over 1048576 bytes');
    await closed;
  });

  it('has room for a page of users that is far longer than any other answer', async () => {
    const user = {
      Username: 'ada',
      Attributes: [sub, { Name: 'custom:notes', Value: 'ü'.repeat(60_000) }],
    };
    const page = await poolAt(json({ Users: Array.from({ length: 60 }, () => user) }));
    expect((await page.pool.listUsers({})).items).toHaveLength(60);
    const endless = await poolAt(pouring(200));
    const error = await failureOf(endless.pool.listUsers({}));
    expect(error.message).toBe('the answer has over 16777216 bytes');
    const lookUp = endless.pool.listUsers({ filter: { attribute: 'username', value: 'ada' } });
    expect((await failureOf(lookUp)).message).toBe('the answer has over 1048576 bytes');
  });

  it('leaves a connection in use that ends as it should', async () => {
    const { pool, closed } = await poolAt(json({ Users: [] }), 500);
    let isClosed = false;
    void closed.then(() => (isClosed = true));
    await pool.listUsers({});
    await new Promise((resolve) => setTimeout(resolve, 600));
    await pool.listUsers({});
    expect(isClosed).toBe(false);
  });
});

describe('an answer that lacks what it promises', () => {
  it.each(Object.keys(calls))('is lost: {} to %s', async (name) => {
    const { pool } = await poolAt(json({}));
    const error = await failureOf(calls[name]?.(pool) ?? Promise.resolve());
    expect(error).toMatchObject({ code: 'AnswerIncomplete', kind: 'lost', answered: false });
    expect(error.message).toMatch(/^the answer has no /);
  });

  const ada = { Username: 'ada', Attributes: [sub], UserAttributes: [sub] };
  it.each<[string, unknown]>([
    ['AdminCreateUser', { User: {} }],
    ['AdminCreateUser', { User: null }],
    ['AdminCreateUser', { User: { ...ada, Username: '' } }],
    ['AdminCreateUser', { User: { ...ada, Username: 42 } }],
    ['AdminCreateUser', { User: { ...ada, Attributes: [] } }],
    ['AdminCreateUser', { User: { ...ada, Attributes: 'no' } }],
    ['AdminCreateUser', { User: { ...ada, UserCreateDate: 'never' } }],
    ['AdminGetUser', { ...ada, UserAttributes: [{ Name: 'sub' }] }],
    ['AdminGetUser', { UserAttributes: [sub] }],
    ['ListUsers', { Users: null }],
    ['ListUsers', { Users: [ada, {}] }],
    ['ListUsers', { Users: [null] }],
    ['ListGroups', { Groups: [{}] }],
    ['AdminListGroupsForUser', { Groups: [{}] }],
    ['AdminInitiateAuth', { AuthenticationResult: {} }],
    ['AdminInitiateAuth', { ChallengeName: 'X', ChallengeParameters: { requiredAttributes: '[' } }],
  ])('is lost: %s %j', async (name, body) => {
    const { pool } = await poolAt(json(body));
    expect(await failureOf(calls[name]?.(pool) ?? Promise.resolve())).toMatchObject({
      kind: 'lost',
      answered: false,
    });
  });

  it('is none where a list is empty', async () => {
    const { pool } = await poolAt(json({ Users: [], Groups: [] }));
    const nobody = { items: [], next: undefined };
    expect(await pool.listUsers({})).toEqual(nobody);
    expect(await pool.listUsersInGroup('staff')).toEqual(nobody);
    expect(await pool.listGroups()).toEqual(nobody);
    expect(await pool.adminListGroupsForUser('ada')).toEqual(nobody);
  });
});

describe('an answer without a body', () => {
  it.each([...Object.keys(calls), ...Object.keys(silent)])(
    'is lost where the connection ends and no length was said: %s',
    async (name) => {
      const { pool } = await poolAt(({ socket }) => {
        socket?.end('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n');
      });
      const call = calls[name] ?? silent[name];
      const error = await failureOf(call?.(pool) ?? Promise.resolve());
      expect(error).toMatchObject({ code: 'AnswerIncomplete', kind: 'lost', answered: false });
    },
  );

  it.each(Object.keys(silent))('is good to %s where it says its length', async (name) => {
    const answers: Answer[] = [
      (response) => response.writeHead(200, { ...type, 'content-length': '0' }).end(),
      (response) => response.writeHead(200, { 'transfer-encoding': 'chunked' }).end(),
      json({}),
    ];
    for (const answer of answers) {
      const { pool } = await poolAt(answer);
      expect(await silent[name]?.(pool)).toBeUndefined();
    }
  });

  it('is no answer of a list, whatever its length', async () => {
    const { pool } = await poolAt((response) =>
      response.writeHead(200, { ...type, 'content-length': '0' }).end(),
    );
    expect(await failureOf(pool.listUsers({}))).toMatchObject({ kind: 'lost' });
  });
});

describe('the body of an error', () => {
  it.each<[unknown]>([[{ a: 1 }], [['x']], [5], [true], [null], ['']])(
    'has its name where the message is %j',
    async (message) => {
      const { pool } = await poolAt(json({ __type: 'UsernameExistsException', message }, 400));
      const error = await failureOf(pool.adminCreateUser({ username: 'ada', attributes: [] }));
      expect(error).toMatchObject({ code: 'UsernameExistsException', kind: 'exists' });
      expect(typeof error.message).toBe('string');
      expect(error.message).not.toBe('');
    },
  );

  it.each<[unknown]>([
    [{}],
    [{ message: 'no' }],
    [{ __type: ['x'] }],
    [{ __type: {} }],
    [5],
    ['x'],
  ])('that names nothing is no answer: %j', async (body) => {
    const { pool } = await poolAt(json(body, 400));
    const error = await failureOf(pool.adminCreateUser({ username: 'ada', attributes: [] }));
    expect(error).toMatchObject({ kind: 'lost', answered: false });
  });

  it('brings nothing to a terminal but letters, and nothing that the SDK says to its users', async () => {
    const escaping = await poolAt(json({ __type: 'A\u001b[31mB', message: 'x' }, 400));
    expect((await failureOf(escaping.pool.listGroups())).code).toBe('A [31mB');
    const slow = await poolAt(() => undefined, 100);
    expect((await failureOf(slow.pool.listGroups())).message).not.toMatch(/smithy/);
    const page = await poolAt((response) => response.writeHead(200, type).end('<html>'));
    expect((await failureOf(page.pool.listGroups())).message).not.toMatch(/Deserialization|\$resp/);
  });
});
