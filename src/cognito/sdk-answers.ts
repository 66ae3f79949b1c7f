import type {
  AttributeType,
  AuthenticationResultType,
  UserType,
} from '@aws-sdk/client-cognito-identity-provider';

import type { PoolUser, SignInAnswer } from './user-pool.js';

/** A user as an answer of the service has them, in the port's form. */
export function toPoolUser(
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
