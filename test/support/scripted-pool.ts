import type { Clock } from '../../src/apply/clock.js';
import type {
  GroupSettings,
  UserPoolClientSettings,
  UserPoolSettings,
} from '../../src/cognito/description.js';
import { PoolError } from '../../src/cognito/errors.js';
import type { Operation } from '../../src/cognito/quotas.js';
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
} from '../../src/cognito/user-pool.js';

/** How a call ends: well, or with an error; `done` says that it had its effect all the same. */
export type Fate = 'ok' | { readonly code: string; readonly done?: boolean };

/** No answer came, and the call was not done, or was. */
export const lost: Fate = { code: 'ECONNRESET' };
export const lostButDone: Fate = { code: 'ECONNRESET', done: true };

export interface SeenCall {
  readonly operation: Operation;
  /** When it was sent, by the monotonic clock. */
  readonly at: number;
  readonly args: readonly unknown[];
}

interface StoredUser {
  readonly username: string;
  readonly sub: string;
  attributes: PoolAttribute[];
  enabled: boolean;
  status: string;
  readonly createdAt: number;
  readonly groups: Set<string>;
  password?: string;
}

export interface ScriptedPoolOptions {
  /** Milliseconds from a call to its answer. */
  readonly latencyMs?: number;
  /** Milliseconds until ListUsers shows a new user. */
  readonly listLagMs?: number;
  /** The service's clock less ours. */
  readonly clockOffsetMs?: number;
  /** People sign in by email: the username is then the sub. */
  readonly byEmail?: boolean;
}

/** A user pool in memory that answers as it is told to. */
export class ScriptedPool implements UserPool {
  readonly userPoolId = 'eu-west-1_Scripted';
  readonly region = 'eu-west-1';
  readonly host = 'scripted';
  readonly clockOffsetMs: number;
  readonly seen: SeenCall[] = [];
  readonly users: StoredUser[] = [];
  /** How many people got an invitation. */
  invited: string[] = [];
  groups: string[] = [];
  /** What NEW_PASSWORD_REQUIRED asks for. */
  requiredAttributes: string[] = [];
  /** What GetProvisionedLimit says of a category. */
  limit: (category: string) => number = () => 50;
  /** Called when a call arrives, before its fate; what it returns is waited for. */
  onCall: (call: SeenCall) => unknown = () => undefined;
  readonly #clock: Clock;
  readonly #options: ScriptedPoolOptions;
  readonly #script = new Map<Operation, Fate[]>();
  readonly #always = new Map<Operation, Fate>();
  /** How many users there ever were: a `sub` is never given again. */
  #subs = 0;

  constructor(clock: Clock, options: ScriptedPoolOptions = {}) {
    this.#clock = clock;
    this.#options = options;
    this.clockOffsetMs = options.clockOffsetMs ?? 0;
  }

  /** How the next calls of an operation end; later ones end well. */
  next(operation: Operation, ...fates: readonly Fate[]): this {
    this.#script.set(operation, [...(this.#script.get(operation) ?? []), ...fates]);
    return this;
  }

  /** How every call of an operation ends that has no fate of its own. */
  always(operation: Operation, fate: Fate): this {
    this.#always.set(operation, fate);
    return this;
  }

  /** How often an operation was called. */
  count(operation: Operation): number {
    return this.seen.filter((call) => call.operation === operation).length;
  }

  /** The operations in the order in which they were called. */
  get operations(): Operation[] {
    return this.seen.map(({ operation }) => operation);
  }

  /** Puts a user in who was there before. */
  put(
    username: string,
    attributes: Readonly<Record<string, string>> = {},
    more: Partial<Pick<StoredUser, 'createdAt' | 'enabled' | 'status' | 'groups'>> = {},
  ): StoredUser {
    const user: StoredUser = {
      username,
      sub: `sub-${++this.#subs}`,
      attributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
      enabled: true,
      status: 'CONFIRMED',
      createdAt: this.#clock.wall() + this.clockOffsetMs - 86_400_000,
      groups: new Set(),
      ...more,
    };
    this.users.push(user);
    return user;
  }

  describeUserPool(): Promise<UserPoolSettings> {
    return this.#call('DescribeUserPool', [], () => ({ Id: this.userPoolId }));
  }

  describeUserPoolClient(clientId: string): Promise<UserPoolClientSettings> {
    return this.#call('DescribeUserPoolClient', [clientId], () => ({ ClientId: clientId }));
  }

  clientSecrets(clientId: string): Promise<readonly string[]> {
    return this.#call('ListUserPoolClientSecrets', [clientId], () => []);
  }

  listGroups(next?: string): Promise<Page<GroupSettings>> {
    return this.#call('ListGroups', [next], () => ({
      items: this.groups.map((GroupName) => ({ GroupName })),
      next: undefined,
    }));
  }

  listUsers(request: { filter?: UserFilter; next?: string }): Promise<Page<PoolUser>> {
    return this.#call('ListUsers', [request], () => {
      const { filter } = request;
      const visibleFrom = this.#now() - (this.#options.listLagMs ?? 0);
      const items = this.users.filter(
        (user) =>
          user.createdAt <= visibleFrom &&
          (!filter ||
            (filter.attribute === 'username' ? user.username : valueOf(user, filter.attribute)) ===
              filter.value),
      );
      return { items: items.map(shown), next: undefined };
    });
  }

  getProvisionedLimit(category: string): Promise<number> {
    return this.#call('GetProvisionedLimit', [category], () => this.limit(category));
  }

  adminCreateUser(request: CreateUserRequest): Promise<PoolUser> {
    return this.#call('AdminCreateUser', [request], () => {
      const existing = this.#find(request.username);
      if (request.resend === true) {
        if (!existing) throw this.#error('AdminCreateUser', 'UserNotFoundException');
        this.invited.push(existing.username);
        return shown(existing);
      }
      if (existing) throw this.#error('AdminCreateUser', 'UsernameExistsException');
      const sub = `sub-${++this.#subs}`;
      const user: StoredUser = {
        username: this.#options.byEmail === true ? sub : request.username,
        sub,
        attributes: [...request.attributes],
        enabled: true,
        status: 'FORCE_CHANGE_PASSWORD',
        createdAt: this.#now(),
        groups: new Set(),
        ...(request.temporaryPassword !== undefined && { password: request.temporaryPassword }),
      };
      this.users.push(user);
      if (request.invite) this.invited.push(user.username);
      return shown(user);
    });
  }

  adminGetUser(username: string): Promise<PoolUser> {
    return this.#call('AdminGetUser', [username], () =>
      shown(this.#existing('AdminGetUser', username)),
    );
  }

  adminSetUserPassword(username: string, password: string, permanent: boolean): Promise<void> {
    return this.#call('AdminSetUserPassword', [username, password, permanent], () => {
      const user = this.#existing('AdminSetUserPassword', username);
      user.password = password;
      user.status = permanent ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD';
    });
  }

  adminUpdateUserAttributes(username: string, attributes: readonly PoolAttribute[]): Promise<void> {
    return this.#call('AdminUpdateUserAttributes', [username, attributes], () => {
      const user = this.#existing('AdminUpdateUserAttributes', username);
      const changed = new Set(attributes.map(({ Name }) => Name));
      user.attributes = [
        ...user.attributes.filter(({ Name }) => !changed.has(Name)),
        ...attributes,
      ];
    });
  }

  adminListGroupsForUser(username: string, next?: string): Promise<Page<string>> {
    return this.#call('AdminListGroupsForUser', [username, next], () => ({
      items: [...this.#existing('AdminListGroupsForUser', username).groups],
      next: undefined,
    }));
  }

  adminAddUserToGroup(username: string, group: string): Promise<void> {
    return this.#call('AdminAddUserToGroup', [username, group], () => {
      this.#existing('AdminAddUserToGroup', username).groups.add(group);
    });
  }

  adminRemoveUserFromGroup(username: string, group: string): Promise<void> {
    return this.#call('AdminRemoveUserFromGroup', [username, group], () => {
      this.#existing('AdminRemoveUserFromGroup', username).groups.delete(group);
    });
  }

  listUsersInGroup(group: string, next?: string): Promise<Page<PoolUser>> {
    return this.#call('ListUsersInGroup', [group, next], () => ({
      items: this.users.filter(({ groups }) => groups.has(group)).map(shown),
      next: undefined,
    }));
  }

  adminInitiateAuth(request: SignInRequest): Promise<SignInAnswer> {
    return this.#call('AdminInitiateAuth', [request], () => {
      const user = this.#existing('AdminInitiateAuth', request.username);
      if (user.password !== request.password) {
        throw this.#error('AdminInitiateAuth', 'NotAuthorizedException');
      }
      return user.status === 'CONFIRMED'
        ? { accessToken: user.username, requiredAttributes: [] }
        : {
            challenge: 'NEW_PASSWORD_REQUIRED',
            session: user.username,
            requiredAttributes: this.requiredAttributes,
          };
    });
  }

  adminRespondToAuthChallenge(request: NewPasswordRequest): Promise<SignInAnswer> {
    return this.#call('AdminRespondToAuthChallenge', [request], () => {
      const user = this.#existing('AdminRespondToAuthChallenge', request.username);
      user.password = request.newPassword;
      user.status = 'CONFIRMED';
      return { accessToken: user.username, requiredAttributes: [] };
    });
  }

  getUserAttributeVerificationCode(accessToken: string, attribute: string): Promise<string> {
    return this.#call('GetUserAttributeVerificationCode', [accessToken, attribute], () => 'a***');
  }

  verifyUserAttribute(accessToken: string, attribute: string, code: string): Promise<void> {
    return this.#call('VerifyUserAttribute', [accessToken, attribute, code], () => undefined);
  }

  createGroup(group: string): Promise<void> {
    return this.#call('CreateGroup', [group], () => {
      this.groups.push(group);
    });
  }

  adminEnableUser(username: string): Promise<void> {
    return this.#call('AdminEnableUser', [username], () => {
      this.#existing('AdminEnableUser', username).enabled = true;
    });
  }

  adminDisableUser(username: string): Promise<void> {
    return this.#call('AdminDisableUser', [username], () => {
      this.#existing('AdminDisableUser', username).enabled = false;
    });
  }

  adminDeleteUser(username: string): Promise<void> {
    return this.#call('AdminDeleteUser', [username], () => {
      this.users.splice(this.users.indexOf(this.#existing('AdminDeleteUser', username)), 1);
    });
  }

  close(): void {
    this.onCall = () => undefined;
  }

  #now(): number {
    return this.#clock.wall() + this.clockOffsetMs;
  }

  #find(username: string): StoredUser | undefined {
    return this.users.find(
      (user) =>
        user.username === username ||
        (this.#options.byEmail === true &&
          user.status !== 'EXTERNAL_PROVIDER' &&
          valueOf(user, 'email') === username),
    );
  }

  #existing(operation: Operation, username: string): StoredUser {
    const user = this.#find(username);
    if (!user) throw this.#error(operation, 'UserNotFoundException');
    return user;
  }

  #error(operation: Operation, code: string): PoolError {
    // What the service names is an answer of its own; a network's code is none.
    const status = code.startsWith('Internal') ? 500 : 400;
    const answered = code.endsWith('Exception');
    return new PoolError(operation, code, `the pool says ${code}`, answered ? status : undefined);
  }

  async #call<T>(operation: Operation, args: readonly unknown[], effect: () => T): Promise<T> {
    const call: SeenCall = { operation, at: this.#clock.monotonic(), args };
    this.seen.push(call);
    const fate = this.#script.get(operation)?.shift() ?? this.#always.get(operation) ?? 'ok';
    await this.onCall(call);
    if (this.#options.latencyMs !== undefined) await this.#clock.sleep(this.#options.latencyMs);
    if (fate === 'ok') return effect();
    if (fate.done === true) effect();
    throw this.#error(operation, fate.code);
  }
}

function valueOf(user: StoredUser, name: string): string | undefined {
  return name === 'sub' ? user.sub : user.attributes.find(({ Name }) => Name === name)?.Value;
}

function shown(user: StoredUser): PoolUser {
  return {
    username: user.username,
    sub: user.sub,
    attributes: [{ Name: 'sub', Value: user.sub }, ...user.attributes],
    enabled: user.enabled,
    status: user.status,
    createdAt: user.createdAt,
    modifiedAt: user.createdAt,
  };
}
