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
  $Command,
  AttributeType,
  CognitoIdentityProviderClient,
  CognitoIdentityProviderClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes,
  UserPoolClientType,
} from '@aws-sdk/client-cognito-identity-provider';

import type { GroupSettings, UserPoolClientSettings, UserPoolSettings } from './description.js';
import type { Operation } from './quotas.js';
import type { Replacement } from './scrub.js';
import { toPoolUser, toSignInAnswer } from './sdk-answers.js';
import { asPoolError } from './sdk-errors.js';
import { ServiceFacts } from './service-facts.js';
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
  readonly #facts = new ServiceFacts();

  constructor(client: CognitoIdentityProviderClient, userPoolId: string, region: string) {
    this.#client = client;
    this.userPoolId = userPoolId;
    this.region = region;
    this.#facts.readFrom(client);
  }

  get clockOffsetMs(): number {
    return this.#facts.clockOffsetMs;
  }

  get host(): string {
    return this.#facts.host;
  }

  async describeUserPool(): Promise<UserPoolSettings> {
    const { UserPool } = await this.#send(
      'DescribeUserPool',
      new DescribeUserPoolCommand({ UserPoolId: this.userPoolId }),
    );
    const described = settingsMembers.flatMap((name) => {
      const value: unknown = UserPool?.[name];
      return value === undefined ? [] : [[name, value]];
    });
    return { ...Object.fromEntries(described), Id: this.userPoolId } as UserPoolSettings;
  }

  async describeUserPoolClient(clientId: string): Promise<UserPoolClientSettings> {
    const { ClientSecret, ...settings } = await this.#describeClient(clientId);
    return {
      ...settings,
      ClientId: clientId,
      HasSecret: ClientSecret !== undefined,
    } as UserPoolClientSettings;
  }

  async clientSecrets(clientId: string): Promise<readonly string[]> {
    const { ClientSecret: first } = await this.#describeClient(clientId);
    if (first === undefined) return [];
    try {
      const { ClientSecrets } = await this.#send(
        'ListUserPoolClientSecrets',
        new ListUserPoolClientSecretsCommand({ UserPoolId: this.userPoolId, ClientId: clientId }),
      );
      const others = (ClientSecrets ?? []).flatMap((it) => it.ClientSecretValue ?? []);
      return [...new Set([first, ...others])];
    } catch {
      // A second secret, in the days of a rotation, is a help and not a need.
      return [first];
    }
  }

  async listGroups(next?: string): Promise<Page<GroupSettings>> {
    const page = await this.#send(
      'ListGroups',
      new ListGroupsCommand({ UserPoolId: this.userPoolId, Limit: pageSize, NextToken: next }),
    );
    return { items: (page.Groups ?? []) as GroupSettings[], next: page.NextToken };
  }

  async listUsers(request: { filter?: UserFilter; next?: string }): Promise<Page<PoolUser>> {
    const { filter, next } = request;
    const page = await this.#send(
      'ListUsers',
      new ListUsersCommand({
        UserPoolId: this.userPoolId,
        Limit: pageSize,
        PaginationToken: next,
        Filter: filter && `${filter.attribute} = "${filter.value.replace(/["\\]/g, '\\$&')}"`,
      }),
      filter && [named(filter.value, filter.attribute)],
    );
    return {
      items: (page.Users ?? []).map((user) => toPoolUser(user, user.Attributes)),
      next: page.PaginationToken,
    };
  }

  async listUsersInGroup(group: string, next?: string): Promise<Page<PoolUser>> {
    const page = await this.#send(
      'ListUsersInGroup',
      new ListUsersInGroupCommand({
        UserPoolId: this.userPoolId,
        GroupName: group,
        Limit: pageSize,
        NextToken: next,
      }),
    );
    return {
      items: (page.Users ?? []).map((user) => toPoolUser(user, user.Attributes)),
      next: page.NextToken,
    };
  }

  async getProvisionedLimit(category: string): Promise<number> {
    const { Limit } = await this.#send(
      'GetProvisionedLimit',
      new GetProvisionedLimitCommand({
        LimitDefinition: { LimitClass: 'API_CATEGORY', Attributes: { Category: category } },
      }),
    );
    return Limit?.ProvisionedLimitValue ?? 0;
  }

  async adminCreateUser(request: CreateUserRequest): Promise<PoolUser> {
    const { username, attributes, temporaryPassword, invite } = request;
    const { User } = await this.#send(
      'AdminCreateUser',
      new AdminCreateUserCommand({
        ...this.#user(username),
        UserAttributes: attributes as AttributeType[],
        TemporaryPassword: temporaryPassword,
        MessageAction: messageAction(request),
        // Always said: the service's own default is SMS.
        DesiredDeliveryMediums: invite && [invite],
      }),
      [
        ...(temporaryPassword === undefined ? [] : [secret(temporaryPassword)]),
        ...namesOf(username, attributes),
      ],
    );
    return toPoolUser(User ?? {}, User?.Attributes);
  }

  async adminGetUser(username: string): Promise<PoolUser> {
    const user = await this.#send(
      'AdminGetUser',
      new AdminGetUserCommand(this.#user(username)),
      namesOf(username),
    );
    return toPoolUser(user, user.UserAttributes);
  }

  async adminSetUserPassword(
    username: string,
    password: string,
    permanent: boolean,
  ): Promise<void> {
    await this.#send(
      'AdminSetUserPassword',
      new AdminSetUserPasswordCommand({
        ...this.#user(username),
        Password: password,
        Permanent: permanent,
      }),
      [secret(password), ...namesOf(username)],
    );
  }

  async adminUpdateUserAttributes(
    username: string,
    attributes: readonly PoolAttribute[],
  ): Promise<void> {
    await this.#send(
      'AdminUpdateUserAttributes',
      new AdminUpdateUserAttributesCommand({
        ...this.#user(username),
        UserAttributes: attributes as AttributeType[],
      }),
      namesOf(username, attributes),
    );
  }

  async adminListGroupsForUser(username: string, next?: string): Promise<Page<string>> {
    const page = await this.#send(
      'AdminListGroupsForUser',
      new AdminListGroupsForUserCommand({
        ...this.#user(username),
        Limit: pageSize,
        NextToken: next,
      }),
      namesOf(username),
    );
    return {
      items: (page.Groups ?? []).map((group) => group.GroupName ?? ''),
      next: page.NextToken,
    };
  }

  async adminAddUserToGroup(username: string, group: string): Promise<void> {
    await this.#send(
      'AdminAddUserToGroup',
      new AdminAddUserToGroupCommand({ ...this.#user(username), GroupName: group }),
      namesOf(username),
    );
  }

  async adminRemoveUserFromGroup(username: string, group: string): Promise<void> {
    await this.#send(
      'AdminRemoveUserFromGroup',
      new AdminRemoveUserFromGroupCommand({ ...this.#user(username), GroupName: group }),
      namesOf(username),
    );
  }

  async createGroup(group: string): Promise<void> {
    await this.#send(
      'CreateGroup',
      new CreateGroupCommand({ UserPoolId: this.userPoolId, GroupName: group }),
    );
  }

  async adminInitiateAuth(request: SignInRequest): Promise<SignInAnswer> {
    const { username, password, secretHash } = request;
    const answer = await this.#send(
      'AdminInitiateAuth',
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
      [secret(password), ...namesOf(username)],
    );
    return toSignInAnswer(answer);
  }

  async adminRespondToAuthChallenge(request: NewPasswordRequest): Promise<SignInAnswer> {
    const { username, newPassword, secretHash, session, attributes } = request;
    const answer = await this.#send(
      'AdminRespondToAuthChallenge',
      new AdminRespondToAuthChallengeCommand({
        UserPoolId: this.userPoolId,
        ClientId: request.clientId,
        ChallengeName: 'NEW_PASSWORD_REQUIRED',
        Session: session,
        ChallengeResponses: {
          USERNAME: username,
          NEW_PASSWORD: newPassword,
          ...(secretHash !== undefined && { SECRET_HASH: secretHash }),
          ...Object.fromEntries(
            attributes.map(({ Name, Value }) => [`userAttributes.${Name}`, Value]),
          ),
        },
      }),
      [secret(newPassword), secret(session), ...namesOf(username, attributes)],
    );
    return toSignInAnswer(answer);
  }

  async getUserAttributeVerificationCode(accessToken: string, attribute: string): Promise<string> {
    const { CodeDeliveryDetails } = await this.#send(
      'GetUserAttributeVerificationCode',
      new GetUserAttributeVerificationCodeCommand({
        AccessToken: accessToken,
        AttributeName: attribute,
      }),
      [secret(accessToken)],
    );
    return CodeDeliveryDetails?.Destination ?? '';
  }

  async verifyUserAttribute(accessToken: string, attribute: string, code: string): Promise<void> {
    await this.#send(
      'VerifyUserAttribute',
      new VerifyUserAttributeCommand({
        AccessToken: accessToken,
        AttributeName: attribute,
        Code: code,
      }),
      [secret(accessToken), secret(code)],
    );
  }

  async adminEnableUser(username: string): Promise<void> {
    await this.#send(
      'AdminEnableUser',
      new AdminEnableUserCommand(this.#user(username)),
      namesOf(username),
    );
  }

  async adminDisableUser(username: string): Promise<void> {
    await this.#send(
      'AdminDisableUser',
      new AdminDisableUserCommand(this.#user(username)),
      namesOf(username),
    );
  }

  async adminDeleteUser(username: string): Promise<void> {
    await this.#send(
      'AdminDeleteUser',
      new AdminDeleteUserCommand(this.#user(username)),
      namesOf(username),
    );
  }

  close(): void {
    this.#client.destroy();
  }

  async #describeClient(clientId: string): Promise<UserPoolClientType> {
    const { UserPoolClient } = await this.#send(
      'DescribeUserPoolClient',
      new DescribeUserPoolClientCommand({ UserPoolId: this.userPoolId, ClientId: clientId }),
    );
    return UserPoolClient ?? {};
  }

  #user(username: string): { UserPoolId: string; Username: string } {
    return { UserPoolId: this.userPoolId, Username: username };
  }

  /** `sent`: what must not be in the message of an error. */
  #send<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
    operation: Operation,
    command: $Command<Input, Output, CognitoIdentityProviderClientResolvedConfig>,
    sent: readonly Replacement[] = [],
  ): Promise<Output> {
    return asPoolError(operation, sent, () => this.#client.send(command));
  }
}

function messageAction(request: CreateUserRequest): 'RESEND' | 'SUPPRESS' | undefined {
  if (request.resend === true) return 'RESEND';
  return request.invite === undefined ? 'SUPPRESS' : undefined;
}

const named = (value: string, name: string): Replacement => ({ value, by: `(the ${name})` });
const secret = (value: string): Replacement => ({ value, by: '(the password)' });

function namesOf(username: string, attributes: readonly PoolAttribute[] = []): Replacement[] {
  return [named(username, 'username'), ...attributes.map(({ Name, Value }) => named(Value, Name))];
}
