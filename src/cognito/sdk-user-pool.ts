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
import { hidden, namesOf, secret } from './scrub.js';
import type { Replacement } from './scrub.js';
import {
  given,
  toGroups,
  toPoolUser,
  toPoolUsers,
  toSettings,
  toSignInAnswer,
} from './sdk-answers.js';
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
    return this.#send(
      'DescribeUserPool',
      new DescribeUserPoolCommand({ UserPoolId: this.userPoolId }),
      ({ UserPool }) => toSettings(given(UserPool, 'UserPool'), this.userPoolId),
    );
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
      const others = await this.#send(
        'ListUserPoolClientSecrets',
        new ListUserPoolClientSecretsCommand({ UserPoolId: this.userPoolId, ClientId: clientId }),
        ({ ClientSecrets = [] }) => ClientSecrets.flatMap((it) => it.ClientSecretValue ?? []),
      );
      return [...new Set([first, ...others])];
    } catch {
      // A second secret, in the days of a rotation, is a help and not a need.
      return [first];
    }
  }

  async listGroups(next?: string): Promise<Page<GroupSettings>> {
    return this.#send(
      'ListGroups',
      new ListGroupsCommand({ UserPoolId: this.userPoolId, Limit: pageSize, NextToken: next }),
      (page) => ({ items: toGroups(page.Groups), next: page.NextToken }),
    );
  }

  async listUsers(request: { filter?: UserFilter; next?: string }): Promise<Page<PoolUser>> {
    const { filter, next } = request;
    return this.#send(
      'ListUsers',
      new ListUsersCommand({
        UserPoolId: this.userPoolId,
        Limit: pageSize,
        PaginationToken: next,
        Filter: filter && `${filter.attribute} = "${filter.value.replace(/["\\]/g, '\\$&')}"`,
      }),
      (page) => ({ items: toPoolUsers(page.Users), next: page.PaginationToken }),
      filter && [hidden(filter.value, filter.attribute)],
    );
  }

  async listUsersInGroup(group: string, next?: string): Promise<Page<PoolUser>> {
    return this.#send(
      'ListUsersInGroup',
      new ListUsersInGroupCommand({
        UserPoolId: this.userPoolId,
        GroupName: group,
        Limit: pageSize,
        NextToken: next,
      }),
      (page) => ({ items: toPoolUsers(page.Users), next: page.NextToken }),
    );
  }

  async getProvisionedLimit(category: string): Promise<number> {
    return this.#send(
      'GetProvisionedLimit',
      new GetProvisionedLimitCommand({
        LimitDefinition: { LimitClass: 'API_CATEGORY', Attributes: { Category: category } },
      }),
      ({ Limit }) => given(Limit, 'Limit').ProvisionedLimitValue ?? 0,
    );
  }

  async adminCreateUser(request: CreateUserRequest): Promise<PoolUser> {
    const { username, attributes, temporaryPassword, invite } = request;
    return this.#send(
      'AdminCreateUser',
      new AdminCreateUserCommand({
        ...this.#user(username),
        UserAttributes: attributes as AttributeType[],
        TemporaryPassword: temporaryPassword,
        MessageAction: messageAction(request),
        // Always said: the service's own default is SMS.
        DesiredDeliveryMediums: invite && [invite],
      }),
      ({ User }) => toPoolUser(given(User, 'User'), User?.Attributes),
      [
        ...(temporaryPassword === undefined ? [] : [secret(temporaryPassword)]),
        ...namesOf(username, attributes),
      ],
    );
  }

  async adminGetUser(username: string): Promise<PoolUser> {
    return this.#send(
      'AdminGetUser',
      new AdminGetUserCommand(this.#user(username)),
      (user) => toPoolUser(user, user.UserAttributes),
      namesOf(username),
    );
  }

  async adminSetUserPassword(
    username: string,
    password: string,
    permanent: boolean,
  ): Promise<void> {
    await this.#do(
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
    await this.#do(
      'AdminUpdateUserAttributes',
      new AdminUpdateUserAttributesCommand({
        ...this.#user(username),
        UserAttributes: attributes as AttributeType[],
      }),
      namesOf(username, attributes),
    );
  }

  async adminListGroupsForUser(username: string, next?: string): Promise<Page<string>> {
    return this.#send(
      'AdminListGroupsForUser',
      new AdminListGroupsForUserCommand({
        ...this.#user(username),
        Limit: pageSize,
        NextToken: next,
      }),
      (page) => ({
        items: toGroups(page.Groups).map(({ GroupName }) => GroupName),
        next: page.NextToken,
      }),
      namesOf(username),
    );
  }

  async adminAddUserToGroup(username: string, group: string): Promise<void> {
    await this.#do(
      'AdminAddUserToGroup',
      new AdminAddUserToGroupCommand({ ...this.#user(username), GroupName: group }),
      namesOf(username),
    );
  }

  async adminRemoveUserFromGroup(username: string, group: string): Promise<void> {
    await this.#do(
      'AdminRemoveUserFromGroup',
      new AdminRemoveUserFromGroupCommand({ ...this.#user(username), GroupName: group }),
      namesOf(username),
    );
  }

  async createGroup(group: string): Promise<void> {
    await this.#send(
      'CreateGroup',
      new CreateGroupCommand({ UserPoolId: this.userPoolId, GroupName: group }),
      ({ Group }) => given(Group, 'Group'),
    );
  }

  async adminInitiateAuth(request: SignInRequest): Promise<SignInAnswer> {
    const { username, password, secretHash } = request;
    return this.#send(
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
      toSignInAnswer,
      [secret(password), ...namesOf(username)],
    );
  }

  async adminRespondToAuthChallenge(request: NewPasswordRequest): Promise<SignInAnswer> {
    const { username, newPassword, secretHash, session, attributes } = request;
    return this.#send(
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
      toSignInAnswer,
      [secret(newPassword), secret(session), ...namesOf(username, attributes)],
    );
  }

  async getUserAttributeVerificationCode(accessToken: string, attribute: string): Promise<string> {
    return this.#send(
      'GetUserAttributeVerificationCode',
      new GetUserAttributeVerificationCodeCommand({
        AccessToken: accessToken,
        AttributeName: attribute,
      }),
      (answer) => given(answer.CodeDeliveryDetails, 'CodeDeliveryDetails').Destination ?? '',
      [secret(accessToken)],
    );
  }

  async verifyUserAttribute(accessToken: string, attribute: string, code: string): Promise<void> {
    await this.#do(
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
    await this.#do(
      'AdminEnableUser',
      new AdminEnableUserCommand(this.#user(username)),
      namesOf(username),
    );
  }

  async adminDisableUser(username: string): Promise<void> {
    await this.#do(
      'AdminDisableUser',
      new AdminDisableUserCommand(this.#user(username)),
      namesOf(username),
    );
  }

  async adminDeleteUser(username: string): Promise<void> {
    await this.#do(
      'AdminDeleteUser',
      new AdminDeleteUserCommand(this.#user(username)),
      namesOf(username),
    );
  }

  close(): void {
    this.#client.destroy();
  }

  async #describeClient(clientId: string): Promise<UserPoolClientType> {
    return this.#send(
      'DescribeUserPoolClient',
      new DescribeUserPoolClientCommand({ UserPoolId: this.userPoolId, ClientId: clientId }),
      ({ UserPoolClient }) => given(UserPoolClient, 'UserPoolClient'),
    );
  }

  #user(username: string): { UserPoolId: string; Username: string } {
    return { UserPoolId: this.userPoolId, Username: username };
  }

  /** Sends a call whose answer says no more than that it is done. */
  async #do<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
    operation: Operation,
    command: $Command<Input, Output, CognitoIdentityProviderClientResolvedConfig>,
    sent: readonly Replacement[],
  ): Promise<void> {
    await this.#send(operation, command, () => undefined, sent);
  }

  /**
   * Sends a call and reads its answer; one that lacks what `read` needs is no answer.
   * `sent`: what must not be in the message of an error.
   */
  #send<Input extends ServiceInputTypes, Output extends ServiceOutputTypes, T>(
    operation: Operation,
    command: $Command<Input, Output, CognitoIdentityProviderClientResolvedConfig>,
    read: (answer: Output) => T,
    sent: readonly Replacement[] = [],
  ): Promise<T> {
    return asPoolError(operation, sent, async () => read(await this.#client.send(command)));
  }
}

function messageAction(request: CreateUserRequest): 'RESEND' | 'SUPPRESS' | undefined {
  if (request.resend === true) return 'RESEND';
  return request.invite === undefined ? 'SUPPRESS' : undefined;
}
