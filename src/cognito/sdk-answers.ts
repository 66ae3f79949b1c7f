import type {
  AttributeType,
  AuthenticationResultType,
  GroupType,
  UserPoolType,
  UserType,
} from '@aws-sdk/client-cognito-identity-provider';

import { AnswerError } from './answer-error.js';
import type { GroupSettings, UserPoolSettings } from './description.js';
import type { PoolUser, SignInAnswer } from './user-pool.js';

/** A member that the service always gives: without it the answer tells nothing. */
export function given<T>(member: T | null | undefined, name: string): T {
  if (member !== undefined && member !== null) return member;
  throw lacking(name);
}

/** A list that the service always gives: one that is not there is not an empty one. */
function listed<T>(list: readonly T[] | undefined, name: string): readonly T[] {
  if (Array.isArray(list)) return list as readonly T[];
  throw lacking(name);
}

/** A text that the service always gives. */
function named(text: string | undefined, name: string): string {
  if (typeof text === 'string' && text !== '') return text;
  throw lacking(name);
}

function lacking(name: string): AnswerError {
  return new AnswerError('AnswerIncomplete', `the answer has no ${name}`);
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

/** A pool as DescribeUserPool has it, with what is kept of it. */
export function toSettings(pool: UserPoolType, userPoolId: string): UserPoolSettings {
  const kept = settingsMembers.flatMap((name) => {
    const value: unknown = pool[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(kept), Id: userPoolId } as UserPoolSettings;
}

/** A page of groups as ListGroups and AdminListGroupsForUser give them. */
export function toGroups(groups: readonly GroupType[] | undefined): GroupSettings[] {
  return listed(groups, 'Groups').map((group) => ({
    ...(group as GroupSettings),
    GroupName: named(group.GroupName, 'GroupName'),
  }));
}

/** A user as an answer of the service has them, in the port's form. */
export function toPoolUser(
  user: Omit<UserType, 'Attributes'>,
  attributes: readonly AttributeType[] | undefined,
): PoolUser {
  const all = listed(attributes, 'attributes of the user').map(({ Name, Value }) => ({
    Name: Name ?? '',
    Value: Value ?? '',
  }));
  return {
    username: named(user.Username, 'username'),
    sub: named(all.find(({ Name }) => Name === 'sub')?.Value, 'sub'),
    attributes: all,
    enabled: user.Enabled ?? true,
    status: user.UserStatus ?? 'UNKNOWN',
    createdAt: user.UserCreateDate?.getTime() ?? 0,
    modifiedAt: user.UserLastModifiedDate?.getTime() ?? 0,
  };
}

/** A page of users as ListUsers and ListUsersInGroup give them. */
export function toPoolUsers(users: readonly UserType[] | undefined): PoolUser[] {
  return listed(users, 'Users').map((user) => toPoolUser(user, user.Attributes));
}

/** What AdminInitiateAuth and AdminRespondToAuthChallenge answer. */
interface AuthAnswer {
  readonly AuthenticationResult?: AuthenticationResultType | undefined;
  readonly ChallengeName?: string | undefined;
  readonly Session?: string | undefined;
  readonly ChallengeParameters?: Record<string, string> | undefined;
}

/** An answer to a sign-in, in the port's form. */
export function toSignInAnswer(answer: AuthAnswer): SignInAnswer {
  const accessToken = answer.AuthenticationResult?.AccessToken;
  if (accessToken === undefined && answer.ChallengeName === undefined) {
    throw lacking('tokens and no challenge');
  }
  const parameters = new Map(Object.entries(answer.ChallengeParameters ?? {}));
  const userIdForSrp = parameters.get('USER_ID_FOR_SRP');
  return {
    ...(accessToken !== undefined && { accessToken, ...subOf(accessToken) }),
    ...(answer.ChallengeName !== undefined && { challenge: answer.ChallengeName }),
    ...(answer.Session !== undefined && { session: answer.Session }),
    ...(userIdForSrp !== undefined && { userIdForSrp }),
    requiredAttributes: requiredNames(parameters.get('requiredAttributes')),
  };
}

/** The `sub` in an access token, which is a JWT; nothing depends on that it is one. */
function subOf(token: string): { sub?: string } {
  const [, payload = ''] = token.split('.');
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const isKnown = typeof claims === 'object' && claims !== null && 'sub' in claims;
    return isKnown && typeof claims.sub === 'string' ? { sub: claims.sub } : {};
  } catch {
    return {};
  }
}

/** A JSON list in a string: `["userAttributes.given_name"]`. */
function requiredNames(json: string | undefined): string[] {
  if (json === undefined) return [];
  const names: unknown = JSON.parse(json);
  if (!Array.isArray(names)) return [];
  return names.map((name) => String(name).replace(/^userAttributes\./, ''));
}
