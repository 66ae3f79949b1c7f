import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  AdminListGroupsForUserCommand,
  AdminRemoveUserFromGroupCommand,
  AdminRespondToAuthChallengeCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  CreateGroupCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  GetProvisionedLimitCommand,
  GetUserAttributeVerificationCodeCommand,
  ListGroupsCommand,
  ListUserPoolClientSecretsCommand,
  ListUsersCommand,
  ListUsersInGroupCommand,
  VerifyUserAttributeCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type {
  AttributeType,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';

import type { GroupSettings, UserPoolClientSettings, UserPoolSettings } from './description.js';
import type { Operation } from './quotas.js';
import type { Replacement } from './scrub.js';
import { toPoolUser, toSignInAnswer } from './sdk-answers.js';
import { asPoolError } from './sdk-errors.js';
import type {
  CreateUserRequest,
  NewPasswordRequest,
  Page,
  PoolAttribute,
  PoolUser,
  SignInAnswer,
  SignInRequest,
  UserFilter,
  UserPool,
} from './user-pool.js';

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

/** A pool through the SDK client: each method is one request. */
export class SdkUserPool implements UserPool {
  readonly userPoolId: string;
  readonly region: string;
  readonly #client: CognitoIdentityProviderClient;
  /** The service's time less this machine's monotonic one: where somebody sets the clock, it stays. */
  #serviceOriginMs: number | undefined;
  #host = '';

  constructor(client: CognitoIdentityProviderClient, userPoolId: string, region: string) {
    this.#client = client;
    this.userPoolId = userPoolId;
    this.region = region;
    client.middlewareStack.add(
      (next) => async (args) => {
        const output = await next(args);
        this.#readClock(output.response);
        this.#readHost(args.request);
        return output;
      },
      { step: 'deserialize', priority: 'low', name: 'readServiceFacts' },
    );
  }

  get clockOffsetMs(): number {
    if (this.#serviceOriginMs === undefined) return 0;
    return this.#serviceOriginMs + performance.now() - Date.now();
  }

  get host(): string {
    return this.#host;
  }

  #readClock(response: unknown): void {
    const date = (response as { headers?: Record<string, string> }).headers?.['date'];
    const time = date === undefined ? NaN : Date.parse(date);
    if (!Number.isNaN(time)) this.#serviceOriginMs = time - performance.now();
  }

  #readHost(request: unknown): void {
    const { hostname, port } = request as { hostname: string; port?: number };
    this.#host = port === undefined ? hostname : `${hostname}:${port}`;
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

  async clientSecrets(clientId: string): Promise<readonly string[]> {
    const { UserPoolClient } = await asPoolError('DescribeUserPoolClient', [], () =>
      this.#client.send(
        new DescribeUserPoolClientCommand({ UserPoolId: this.userPoolId, ClientId: clientId }),
      ),
    );
    const first = UserPoolClient?.ClientSecret;
    if (first === undefined) return [];
    try {
      const { ClientSecrets } = await asPoolError('ListUserPoolClientSecrets', [], () =>
        this.#client.send(
          new ListUserPoolClientSecretsCommand({ UserPoolId: this.userPoolId, ClientId: clientId }),
        ),
      );
      const others = (ClientSecrets ?? []).flatMap((it) => it.ClientSecretValue ?? []);
      return [...new Set([first, ...others])];
    } catch {
      // A second secret, in the days of a rotation, is a help and not a need.
      return [first];
    }
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

  async listUsersInGroup(group: string, next?: string): Promise<Page<PoolUser>> {
    const page = await asPoolError('ListUsersInGroup', [], () =>
      this.#client.send(
        new ListUsersInGroupCommand({
          UserPoolId: this.userPoolId,
          GroupName: group,
          Limit: pageSize,
          NextToken: next,
        }),
      ),
    );
    return {
      items: (page.Users ?? []).map((user) => toPoolUser(user, user.Attributes)),
      next: page.NextToken,
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
    const user = await this.#withUser('AdminGetUser', username, (request) =>
      this.#client.send(new AdminGetUserCommand(request)),
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
    const page = await this.#withUser('AdminListGroupsForUser', username, (user) =>
      this.#client.send(
        new AdminListGroupsForUserCommand({ ...user, Limit: pageSize, NextToken: next }),
      ),
    );
    return {
      items: (page.Groups ?? []).map((group) => group.GroupName ?? ''),
      next: page.NextToken,
    };
  }

  async adminAddUserToGroup(username: string, group: string): Promise<void> {
    await this.#withUser('AdminAddUserToGroup', username, (user) =>
      this.#client.send(new AdminAddUserToGroupCommand({ ...user, GroupName: group })),
    );
  }

  async adminRemoveUserFromGroup(username: string, group: string): Promise<void> {
    await this.#withUser('AdminRemoveUserFromGroup', username, (user) =>
      this.#client.send(new AdminRemoveUserFromGroupCommand({ ...user, GroupName: group })),
    );
  }

  async createGroup(group: string): Promise<void> {
    await asPoolError('CreateGroup', [], () =>
      this.#client.send(new CreateGroupCommand({ UserPoolId: this.userPoolId, GroupName: group })),
    );
  }

  async adminInitiateAuth(request: SignInRequest): Promise<SignInAnswer> {
    const { username, password, secretHash } = request;
    const answer = await asPoolError(
      'AdminInitiateAuth',
      [secret(password), named(username, 'username')],
      () =>
        this.#client.send(
          new AdminInitiateAuthCommand({
            UserPoolId: this.userPoolId,
            ClientId: request.clientId,
            AuthFlow: request.flow,
            AuthParameters: {
              USERNAME: username,
              PASSWORD: password,
              ...(secretHash !== undefined && { SECRET_HASH: secretHash }),
            },
          }),
        ),
    );
    return toSignInAnswer(answer);
  }

  async adminRespondToAuthChallenge(request: NewPasswordRequest): Promise<SignInAnswer> {
    const { username, newPassword, secretHash, attributes } = request;
    const answer = await asPoolError(
      'AdminRespondToAuthChallenge',
      [
        secret(newPassword),
        secret(request.session),
        named(username, 'username'),
        ...attributes.map(hiddenAttribute),
      ],
      () =>
        this.#client.send(
          new AdminRespondToAuthChallengeCommand({
            UserPoolId: this.userPoolId,
            ClientId: request.clientId,
            ChallengeName: 'NEW_PASSWORD_REQUIRED',
            Session: request.session,
            ChallengeResponses: {
              USERNAME: username,
              NEW_PASSWORD: newPassword,
              ...(secretHash !== undefined && { SECRET_HASH: secretHash }),
              ...Object.fromEntries(
                attributes.map(({ Name, Value }) => [`userAttributes.${Name}`, Value]),
              ),
            },
          }),
        ),
    );
    return toSignInAnswer(answer);
  }

  async getUserAttributeVerificationCode(accessToken: string, attribute: string): Promise<string> {
    const { CodeDeliveryDetails } = await asPoolError(
      'GetUserAttributeVerificationCode',
      [secret(accessToken)],
      () =>
        this.#client.send(
          new GetUserAttributeVerificationCodeCommand({
            AccessToken: accessToken,
            AttributeName: attribute,
          }),
        ),
    );
    return CodeDeliveryDetails?.Destination ?? '';
  }

  async verifyUserAttribute(accessToken: string, attribute: string, code: string): Promise<void> {
    await asPoolError('VerifyUserAttribute', [secret(accessToken), secret(code)], () =>
      this.#client.send(
        new VerifyUserAttributeCommand({
          AccessToken: accessToken,
          AttributeName: attribute,
          Code: code,
        }),
      ),
    );
  }

  async adminEnableUser(username: string): Promise<void> {
    await this.#withUser('AdminEnableUser', username, (user) =>
      this.#client.send(new AdminEnableUserCommand(user)),
    );
  }

  async adminDisableUser(username: string): Promise<void> {
    await this.#withUser('AdminDisableUser', username, (user) =>
      this.#client.send(new AdminDisableUserCommand(user)),
    );
  }

  async adminDeleteUser(username: string): Promise<void> {
    await this.#withUser('AdminDeleteUser', username, (user) =>
      this.#client.send(new AdminDeleteUserCommand(user)),
    );
  }

  close(): void {
    this.#client.destroy();
  }

  /** Makes a call about one user, whose name stays out of the error. */
  #withUser<T>(
    operation: Operation,
    username: string,
    send: (user: { UserPoolId: string; Username: string }) => Promise<T>,
  ): Promise<T> {
    return asPoolError(operation, [named(username, 'username')], () =>
      send({ UserPoolId: this.userPoolId, Username: username }),
    );
  }
}

function messageAction(request: CreateUserRequest): 'RESEND' | 'SUPPRESS' | undefined {
  if (request.resend === true) return 'RESEND';
  return request.invite === undefined ? 'SUPPRESS' : undefined;
}

const named = (value: string, name: string): Replacement => ({ value, by: `(the ${name})` });
const secret = (value: string): Replacement => ({ value, by: '(the password)' });
const hidden = (filter: UserFilter): Replacement => named(filter.value, filter.attribute);
const hiddenAttribute = ({ Name, Value }: PoolAttribute): Replacement => named(Value, Name);
