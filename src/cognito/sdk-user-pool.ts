import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  CognitoIdentityProviderClient,
  CognitoIdentityProviderServiceException,
  CreateGroupCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  GetProvisionedLimitCommand,
  ListGroupsCommand,
  ListUsersCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { AttributeType, UserType } from '@aws-sdk/client-cognito-identity-provider';

import type { GroupSettings, UserPoolClientSettings, UserPoolSettings } from './description.js';
import { PoolError } from './errors.js';
import type { Operation } from './quotas.js';
import { scrub } from './scrub.js';
import type { Replacement } from './scrub.js';
import type {
  CreateUserRequest,
  Page,
  PoolAttribute,
  PoolUser,
  UserFilter,
  UserPool,
} from './user-pool.js';

/** How to reach a pool; what is absent comes from the AWS SDK's own chain. */
export interface ConnectOptions {
  readonly userPoolId: string;
  readonly region?: string;
  readonly profile?: string;
  readonly endpointUrl?: string;
  /** For a local pool, which takes any; everything else has the SDK's chain. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Milliseconds that one call may take before its answer counts as lost. */
  readonly timeoutMs: number;
  /** The most calls at once; each needs a connection. */
  readonly maxConnections: number;
}

/** What of DescribeUserPool's answer is kept: nothing that is not needed to judge a user. */
const settingsMembers = [
  'Name',
  'SchemaAttributes',
  'Policies',
  'UsernameAttributes',
  'AliasAttributes',
  'UsernameConfiguration',
  'AutoVerifiedAttributes',
  'MfaConfiguration',
  'EmailConfiguration',
  'SmsConfigurationFailure',
  'EmailConfigurationFailure',
  'UserAttributeUpdateSettings',
  'UserPoolTier',
  'EstimatedNumberOfUsers',
  'LambdaConfig',
] as const satisfies readonly (keyof UserPoolSettings)[];

/** The largest page that the service gives. */
const pageSize = 60;

/** The region, and a name of the pool's own [MODEL]. */
const userPoolIdForm = /^([\w-]+)_[0-9a-zA-Z]+$/;

/** Opens a pool through the AWS SDK. Sends nothing yet. Rejects with a `PoolError`. */
export async function connect(options: ConnectOptions): Promise<UserPool> {
  const { userPoolId } = options;
  const regionOfId = userPoolIdForm.exec(userPoolId)?.[1];
  if (regionOfId === undefined) {
    const message = `"${userPoolId}" is not a user pool's ID, which looks like us-east-1_AbCdEf123`;
    throw new PoolError('DescribeUserPool', 'InvalidParameterException', message);
  }
  const client = createClient(options);
  try {
    return new SdkUserPool(client, userPoolId, await client.config.region());
  } catch {
    // The chain has no region; the pool's ID says it.
    client.destroy();
    return new SdkUserPool(
      createClient({ ...options, region: regionOfId }),
      userPoolId,
      regionOfId,
    );
  }
}

/**
 * `maxAttempts: 1`: the SDK's own retries would send AdminCreateUser again after a lost answer and
 * report our own user as UsernameExistsException. `cacheMiddleware` is a quarter of the call's CPU
 * time, and holds only as long as no `send` has options of its own.
 */
function createClient(options: ConnectOptions): CognitoIdentityProviderClient {
  const agent = { keepAlive: true, maxSockets: options.maxConnections };
  return new CognitoIdentityProviderClient({
    maxAttempts: 1,
    cacheMiddleware: true,
    requestHandler: {
      connectionTimeout: Math.min(options.timeoutMs, 5_000),
      requestTimeout: options.timeoutMs,
      throwOnRequestTimeout: true,
      // The request time-out ends with the headers; this one bounds a body that never comes.
      socketTimeout: options.timeoutMs,
      httpAgent: agent,
      httpsAgent: agent,
    },
    ...(options.region !== undefined && { region: options.region }),
    ...(options.profile !== undefined && { profile: options.profile }),
    ...(options.endpointUrl !== undefined && { endpoint: options.endpointUrl }),
    ...(options.credentials !== undefined && { credentials: options.credentials }),
  });
}

class SdkUserPool implements UserPool {
  readonly userPoolId: string;
  readonly region: string;
  readonly #client: CognitoIdentityProviderClient;
  #clockOffsetMs = 0;

  constructor(client: CognitoIdentityProviderClient, userPoolId: string, region: string) {
    this.#client = client;
    this.userPoolId = userPoolId;
    this.region = region;
    client.middlewareStack.add(
      (next) => async (args) => {
        const output = await next(args);
        this.#readClock(output.response);
        return output;
      },
      { step: 'deserialize', priority: 'low', name: 'readServiceClock' },
    );
  }

  get clockOffsetMs(): number {
    return this.#clockOffsetMs;
  }

  #readClock(response: unknown): void {
    const date = (response as { headers?: Record<string, string> }).headers?.['date'];
    const time = date === undefined ? NaN : Date.parse(date);
    if (!Number.isNaN(time)) this.#clockOffsetMs = time - Date.now();
  }

  async describeUserPool(): Promise<UserPoolSettings> {
    const { UserPool } = await asPoolError('DescribeUserPool', [], () =>
      this.#client.send(new DescribeUserPoolCommand({ UserPoolId: this.userPoolId })),
    );
    const described = settingsMembers.flatMap((name) => {
      const value: unknown = UserPool?.[name];
      return value === undefined ? [] : [[name, value]];
    });
    return { ...Object.fromEntries(described), Id: this.userPoolId } as UserPoolSettings;
  }

  async describeUserPoolClient(clientId: string): Promise<UserPoolClientSettings> {
    const { UserPoolClient } = await asPoolError('DescribeUserPoolClient', [], () =>
      this.#client.send(
        new DescribeUserPoolClientCommand({ UserPoolId: this.userPoolId, ClientId: clientId }),
      ),
    );
    const { ClientSecret, ...settings } = UserPoolClient ?? {};
    return {
      ...settings,
      ClientId: clientId,
      HasSecret: ClientSecret !== undefined,
    } as UserPoolClientSettings;
  }

  async listGroups(next?: string): Promise<Page<GroupSettings>> {
    const page = await asPoolError('ListGroups', [], () =>
      this.#client.send(
        new ListGroupsCommand({ UserPoolId: this.userPoolId, Limit: pageSize, NextToken: next }),
      ),
    );
    return { items: (page.Groups ?? []) as GroupSettings[], next: page.NextToken };
  }

  async listUsers(request: { filter?: UserFilter; next?: string }): Promise<Page<PoolUser>> {
    const { filter, next } = request;
    const page = await asPoolError('ListUsers', filter ? [hidden(filter)] : [], () =>
      this.#client.send(
        new ListUsersCommand({
          UserPoolId: this.userPoolId,
          Limit: pageSize,
          PaginationToken: next,
          Filter: filter && `${filter.attribute} = "${filter.value.replace(/["\\]/g, '\\$&')}"`,
        }),
      ),
    );
    return {
      items: (page.Users ?? []).map((user) => toPoolUser(user, user.Attributes)),
      next: page.PaginationToken,
    };
  }

  async getProvisionedLimit(category: string): Promise<number> {
    const { Limit } = await asPoolError('GetProvisionedLimit', [], () =>
      this.#client.send(
        new GetProvisionedLimitCommand({
          LimitDefinition: { LimitClass: 'API_CATEGORY', Attributes: { Category: category } },
        }),
      ),
    );
    return Limit?.ProvisionedLimitValue ?? 0;
  }

  async adminCreateUser(request: CreateUserRequest): Promise<PoolUser> {
    const secrets =
      request.temporaryPassword === undefined ? [] : [secret(request.temporaryPassword)];
    const { User } = await asPoolError(
      'AdminCreateUser',
      [...secrets, named(request.username, 'username'), ...request.attributes.map(hiddenAttribute)],
      () =>
        this.#client.send(
          new AdminCreateUserCommand({
            UserPoolId: this.userPoolId,
            Username: request.username,
            UserAttributes: request.attributes as AttributeType[],
            TemporaryPassword: request.temporaryPassword,
            MessageAction: messageAction(request),
            // Always said: the service's own default is SMS.
            DesiredDeliveryMediums: request.invite && [request.invite],
          }),
        ),
    );
    return toPoolUser(User ?? {}, User?.Attributes);
  }

  async adminGetUser(username: string): Promise<PoolUser> {
    const user = await asPoolError('AdminGetUser', [named(username, 'username')], () =>
      this.#client.send(
        new AdminGetUserCommand({ UserPoolId: this.userPoolId, Username: username }),
      ),
    );
    return toPoolUser(user, user.UserAttributes);
  }

  async adminSetUserPassword(
    username: string,
    password: string,
    permanent: boolean,
  ): Promise<void> {
    await asPoolError('AdminSetUserPassword', [secret(password), named(username, 'username')], () =>
      this.#client.send(
        new AdminSetUserPasswordCommand({
          UserPoolId: this.userPoolId,
          Username: username,
          Password: password,
          Permanent: permanent,
        }),
      ),
    );
  }

  async adminUpdateUserAttributes(
    username: string,
    attributes: readonly PoolAttribute[],
  ): Promise<void> {
    await asPoolError(
      'AdminUpdateUserAttributes',
      [named(username, 'username'), ...attributes.map(hiddenAttribute)],
      () =>
        this.#client.send(
          new AdminUpdateUserAttributesCommand({
            UserPoolId: this.userPoolId,
            Username: username,
            UserAttributes: attributes as AttributeType[],
          }),
        ),
    );
  }

  async adminListGroupsForUser(username: string, next?: string): Promise<Page<string>> {
    const page = await asPoolError('AdminListGroupsForUser', [named(username, 'username')], () =>
      this.#client.send(
        new AdminListGroupsForUserCommand({
          UserPoolId: this.userPoolId,
          Username: username,
          Limit: pageSize,
          NextToken: next,
        }),
      ),
    );
    return {
      items: (page.Groups ?? []).map((group) => group.GroupName ?? ''),
      next: page.NextToken,
    };
  }

  async adminAddUserToGroup(username: string, group: string): Promise<void> {
    await asPoolError('AdminAddUserToGroup', [named(username, 'username')], () =>
      this.#client.send(
        new AdminAddUserToGroupCommand({
          UserPoolId: this.userPoolId,
          Username: username,
          GroupName: group,
        }),
      ),
    );
  }

  async createGroup(group: string): Promise<void> {
    await asPoolError('CreateGroup', [], () =>
      this.#client.send(new CreateGroupCommand({ UserPoolId: this.userPoolId, GroupName: group })),
    );
  }

  async adminEnableUser(username: string): Promise<void> {
    await asPoolError('AdminEnableUser', [named(username, 'username')], () =>
      this.#client.send(
        new AdminEnableUserCommand({ UserPoolId: this.userPoolId, Username: username }),
      ),
    );
  }

  async adminDisableUser(username: string): Promise<void> {
    await asPoolError('AdminDisableUser', [named(username, 'username')], () =>
      this.#client.send(
        new AdminDisableUserCommand({ UserPoolId: this.userPoolId, Username: username }),
      ),
    );
  }

  close(): void {
    this.#client.destroy();
  }
}

function messageAction(request: CreateUserRequest): 'RESEND' | 'SUPPRESS' | undefined {
  if (request.resend === true) return 'RESEND';
  return request.invite === undefined ? 'SUPPRESS' : undefined;
}

function toPoolUser(
  user: Omit<UserType, 'Attributes'>,
  attributes: readonly AttributeType[] | undefined,
): PoolUser {
  const all = (attributes ?? []).map(({ Name, Value }) => ({
    Name: Name ?? '',
    Value: Value ?? '',
  }));
  return {
    username: user.Username ?? '',
    sub: all.find(({ Name }) => Name === 'sub')?.Value,
    attributes: all,
    enabled: user.Enabled ?? true,
    status: user.UserStatus ?? 'UNKNOWN',
    createdAt: user.UserCreateDate?.getTime() ?? 0,
    modifiedAt: user.UserLastModifiedDate?.getTime() ?? 0,
  };
}

const named = (value: string, name: string): Replacement => ({ value, by: `(the ${name})` });
const secret = (value: string): Replacement => ({ value, by: '(the password)' });
const hidden = (filter: UserFilter): Replacement => named(filter.value, filter.attribute);
const hiddenAttribute = ({ Name, Value }: PoolAttribute): Replacement => named(Value, Name);

/** Runs a call and turns whatever it throws into a `PoolError` that holds no value sent. */
async function asPoolError<T>(
  operation: Operation,
  sent: readonly Replacement[],
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const { code, httpStatus } = answerOf(error);
    const text = error instanceof Error ? error.message : String(error);
    throw new PoolError(operation, code, scrub(text, sent) || code, httpStatus);
  }
}

/**
 * The service's own name for the error where it answered, else the network's. An answer that broke
 * off also carries an HTTP status, so only a parsed error body counts as an answer.
 */
function answerOf(error: unknown): { code: string; httpStatus?: number } {
  if (!(error instanceof Error)) return { code: 'UnknownError' };
  if (error instanceof CognitoIdentityProviderServiceException) {
    const { httpStatusCode = 400 } = error.$metadata;
    if (error.name.endsWith('UnknownError')) return { code: `HTTP ${httpStatusCode}` };
    return { code: error.name, httpStatus: httpStatusCode };
  }
  if ('code' in error && typeof error.code === 'string') return { code: error.code };
  return { code: error.name };
}
