import type { GroupSettings, UserPoolClientSettings, UserPoolSettings } from './description.js';

/** A name and its value, as every attribute is sent: values are always strings. */
export interface PoolAttribute {
  readonly Name: string;
  readonly Value: string;
}

/** A user as the pool holds them. */
export interface PoolUser {
  /** The pool's own key: in a pool with UsernameAttributes a UUID, not the email. */
  readonly username: string;
  readonly sub: string | undefined;
  readonly attributes: readonly PoolAttribute[];
  readonly enabled: boolean;
  readonly status: string;
  /** Milliseconds since 1970, by the service's clock. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** One page of a list; `next` is absent on the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

export interface CreateUserRequest {
  readonly username: string;
  readonly attributes: readonly PoolAttribute[];
  readonly temporaryPassword?: string;
  /** Absent: nobody is messaged (MessageAction SUPPRESS). */
  readonly invite?: 'EMAIL' | 'SMS';
  /** Invites an existing user again, and changes nothing else (MessageAction RESEND). */
  readonly resend?: boolean;
}

/** How a sign-in call ended: with tokens, or with a challenge. */
export interface SignInAnswer {
  readonly accessToken?: string;
  /** The user's `sub`, where tokens came that tell it. */
  readonly sub?: string;
  /** `NEW_PASSWORD_REQUIRED`, `MFA_SETUP`, `SMS_MFA`, … */
  readonly challenge?: string;
  /** For the answer to the challenge; good for a few minutes, and once. */
  readonly session?: string;
  /** The pool's own name for the user, which the answer has to use. */
  readonly userIdForSrp?: string;
  /** Names of attributes that the answer has to give, without `userAttributes.`. */
  readonly requiredAttributes: readonly string[];
}

/** An app client as a sign-in needs it. */
export interface SignInClient {
  readonly clientId: string;
  readonly flow: 'ADMIN_USER_PASSWORD_AUTH' | 'ADMIN_NO_SRP_AUTH';
}

export interface SignInRequest extends SignInClient {
  readonly username: string;
  readonly password: string;
  /** Absent for a client without a secret. */
  readonly secretHash?: string;
}

export interface NewPasswordRequest {
  readonly clientId: string;
  readonly session: string;
  /** `userIdForSrp` of the sign-in. */
  readonly username: string;
  readonly newPassword: string;
  readonly secretHash?: string;
  /** Values for the required attributes. */
  readonly attributes: readonly PoolAttribute[];
}

/** The calls that change nothing and bill nobody: all that a check or a dry run may use. */
export interface ReadableUserPool {
  readonly userPoolId: string;
  readonly region: string;
  /** The service's clock less ours in milliseconds, good to a second; 0 before the first answer. */
  readonly clockOffsetMs: number;
  /** Host and port that answer for the pool; empty before the first answer. */
  readonly host: string;
  describeUserPool(): Promise<UserPoolSettings>;
  describeUserPoolClient(clientId: string): Promise<UserPoolClientSettings>;
  /** The client's secrets, the one in use first; empty where it has none. To be kept in memory only. */
  clientSecrets(clientId: string): Promise<readonly string[]>;
  /** Pages of at most 60. */
  listGroups(next?: string): Promise<Page<GroupSettings>>;
  /** Pages of at most 60. Eventually consistent: a user made a moment ago may be missing. */
  listUsers(request: { filter?: UserFilter; next?: string }): Promise<Page<PoolUser>>;
  /** Pages of at most 60, of the group's members. Rejects with ResourceNotFoundException for no such group. */
  listUsersInGroup(group: string, next?: string): Promise<Page<PoolUser>>;
  /** Requests a second that the account has in a category now. */
  getProvisionedLimit(category: string): Promise<number>;
}

/** The one form of filter that ListUsers has: an attribute equals a value. */
export interface UserFilter {
  readonly attribute: 'username' | 'email' | 'phone_number' | 'preferred_username' | 'sub';
  readonly value: string;
}

/**
 * A user pool as the import sees it: one method for each operation, one request for each call.
 * Every rejection is a `PoolError`. No method retries.
 */
export interface UserPool extends ReadableUserPool {
  adminCreateUser(request: CreateUserRequest): Promise<PoolUser>;
  /** Exact where ListUsers lags, and bills a monthly active user. */
  adminGetUser(username: string): Promise<PoolUser>;
  adminSetUserPassword(username: string, password: string, permanent: boolean): Promise<void>;
  adminUpdateUserAttributes(username: string, attributes: readonly PoolAttribute[]): Promise<void>;
  adminListGroupsForUser(username: string, next?: string): Promise<Page<string>>;
  adminAddUserToGroup(username: string, group: string): Promise<void>;
  adminRemoveUserFromGroup(username: string, group: string): Promise<void>;
  createGroup(group: string): Promise<void>;
  adminInitiateAuth(request: SignInRequest): Promise<SignInAnswer>;
  /** Answers NEW_PASSWORD_REQUIRED. */
  adminRespondToAuthChallenge(request: NewPasswordRequest): Promise<SignInAnswer>;
  /** Sends a code to the user's address. Resolves with the address as the service masks it. */
  getUserAttributeVerificationCode(accessToken: string, attribute: string): Promise<string>;
  verifyUserAttribute(accessToken: string, attribute: string, code: string): Promise<void>;
  adminEnableUser(username: string): Promise<void>;
  adminDisableUser(username: string): Promise<void>;
  adminDeleteUser(username: string): Promise<void>;
  /** Releases the connections. */
  close(): void;
}
