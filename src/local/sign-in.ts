import { pairsOf, valueOf } from './attribute-list.js';
import { invalidParameter, notAuthorized, ServiceError, userNotFound } from './errors.js';
import { passwordHash } from './passwords.js';
import type { PoolClient } from './pool-settings.js';
import type { Pool } from './pool.js';
import { checkSecretHash } from './secret-hash.js';
import type { AuthSession } from './sessions.js';
import { dropExtras } from './user-store.js';
import type { StoredUser } from './user-store.js';

/** [OLD authentication-flow.md] after 5 failures locked for 1 s, doubling, up to about 15 minutes. */
const FREE_FAILURES = 5;
const LONGEST_LOCK_MS = 900_000;

interface InitiateAuthInput {
  readonly UserPoolId: string;
  readonly ClientId: string;
  readonly AuthFlow: string;
  readonly AuthParameters?: Readonly<Record<string, string>>;
}

export function adminInitiateAuth(pool: Pool, input: InitiateAuthInput): object {
  pool.check(input.UserPoolId);
  const client = pool.client(input.ClientId);
  const parameters = new Map(Object.entries(input.AuthParameters ?? {}));
  switch (input.AuthFlow) {
    case 'ADMIN_USER_PASSWORD_AUTH':
    case 'ADMIN_NO_SRP_AUTH':
      checkFlow(client, ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ADMIN_NO_SRP_AUTH']);
      return passwordSignIn(pool, client, parameters);
    case 'REFRESH_TOKEN':
    case 'REFRESH_TOKEN_AUTH':
      checkFlow(client, ['ALLOW_REFRESH_TOKEN_AUTH']);
      return refresh(pool, client, parameters);
    default:
      // Flows that no administrator's import needs: as if the client did not allow them.
      throw flowNotEnabled();
  }
}

/** [MODEL] either name of the flow works, whichever of the two the client has. */
function checkFlow(client: PoolClient, names: readonly string[]): void {
  if (!names.some((name) => client.flows.has(name))) throw flowNotEnabled();
}

function flowNotEnabled(): ServiceError {
  return invalidParameter('Auth flow not enabled for this client');
}

function passwordSignIn(
  pool: Pool,
  client: PoolClient,
  parameters: ReadonlyMap<string, string>,
): object {
  const username = parameters.get('USERNAME');
  const password = parameters.get('PASSWORD');
  if (username === undefined || username === '') {
    throw invalidParameter('Missing required parameter USERNAME');
  }
  if (password === undefined || password === '') {
    throw invalidParameter('Missing required parameter PASSWORD');
  }
  // [SIGNUP] the hash is made with the value that is sent as USERNAME.
  checkSecretHash(client, username, parameters.get('SECRET_HASH'));
  pool.runTrigger('PreAuthentication', username);
  const user = pool.users.find(username);
  if (user === undefined) throw masks(client) ? wrongPassword() : userNotFound();
  checkMaySignIn(pool, client, user);
  if (user.passwordHash !== passwordHash(user, password)) {
    countFailure(pool, user);
    throw wrongPassword();
  }
  return user.temporaryUntil > 0
    ? firstSignIn(pool, client, user)
    : signedIn(pool, client.settings.ClientId, user, sessionUntil(pool, client));
}

/** [EXIST] also the admin flow hides whether a user exists, where the client is told to. */
function masks(client: PoolClient): boolean {
  return client.settings.PreventUserExistenceErrors === 'ENABLED';
}

function checkMaySignIn(pool: Pool, client: PoolClient, user: StoredUser): void {
  if (!user.enabled) throw notAuthorized('User is disabled.');
  if ((user.extras?.lockedUntil ?? 0) > pool.now()) {
    throw notAuthorized('Password attempts exceeded');
  }
  if (user.status === 'RESET_REQUIRED') {
    // Under PreventUserExistenceErrors it is hidden as well (cognito-facts, section 7).
    if (masks(client)) throw wrongPassword();
    throw new ServiceError(
      'PasswordResetRequiredException',
      'Password reset required for the user',
    );
  }
  if (user.status === 'UNCONFIRMED') {
    throw new ServiceError('UserNotConfirmedException', 'User is not confirmed.');
  }
}

function wrongPassword(): ServiceError {
  return notAuthorized('Incorrect username or password.');
}

function countFailure(pool: Pool, user: StoredUser): void {
  const failures = (user.extras?.failures ?? 0) + 1;
  const over = failures - FREE_FAILURES;
  const lockMs = over < 0 ? 0 : Math.min(LONGEST_LOCK_MS, 1000 * 2 ** over);
  user.extras = {
    ...user.extras,
    failures,
    ...(lockMs > 0 && { lockedUntil: pool.now() + lockMs }),
  };
  pool.parts.log?.putUser(user);
}

/** [MODEL] NEW_PASSWORD_REQUIRED comes for users who have a temporary password, and for nobody else. */
function firstSignIn(pool: Pool, client: PoolClient, user: StoredUser): object {
  if (user.temporaryUntil * 1000 < pool.now()) {
    throw notAuthorized('Temporary password has expired and must be reset by an administrator.');
  }
  // [MODEL] a temporary password "is valid only once"; amplify-js#13802: a second try is refused.
  if (user.extras?.temporaryUsed === true) throw wrongPassword();
  dropExtras(user, ['failures', 'lockedUntil']);
  user.extras = { ...user.extras, temporaryUsed: true };
  pool.parts.log?.putUser(user);
  const missing = pool.settings.schema.required
    .map(({ name }) => name)
    .filter((name) => valueOf(user.attributes, name) === undefined);
  return challenge(pool, sessionUntil(pool, client), user, client.settings.ClientId, {
    name: 'NEW_PASSWORD_REQUIRED',
    parameters: {
      requiredAttributes: JSON.stringify(missing.map((name) => `userAttributes.${name}`)),
      // `sub` is not among the attributes that the challenge shows.
      userAttributes: JSON.stringify(Object.fromEntries(pairsOf(user.attributes))),
    },
  });
}

/** [QUOTAS] AuthSessionValidity in minutes, 3 unless set. In milliseconds since 1970. */
export function sessionUntil(pool: Pool, client: PoolClient): number {
  return pool.now() + (client.settings.AuthSessionValidity ?? 3) * 60_000;
}

/** Tokens, or in a pool where MFA is on the set-up that comes before them (amplify-js#6461, moto#8027). */
export function signedIn(pool: Pool, clientId: string, user: StoredUser, until: number): object {
  if (user.extras?.failures !== undefined) {
    dropExtras(user, ['failures', 'lockedUntil']);
    pool.parts.log?.putUser(user);
  }
  if (pool.settings.pool.MfaConfiguration === 'ON') {
    return challenge(pool, until, user, clientId, {
      name: 'MFA_SETUP',
      parameters: { MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]' },
    });
  }
  return {
    AuthenticationResult: pool.parts.tokens.authenticationResult(user, clientId, true),
    ChallengeParameters: {},
  };
}

function challenge(
  pool: Pool,
  until: number,
  user: StoredUser,
  clientId: string,
  asked: { readonly name: AuthSession['challenge']; readonly parameters: Record<string, string> },
): object {
  return {
    ChallengeName: asked.name,
    Session: pool.parts.sessions.open({ user, clientId, challenge: asked.name, until }),
    ChallengeParameters: { USER_ID_FOR_SRP: user.username, ...asked.parameters },
  };
}

function refresh(pool: Pool, client: PoolClient, parameters: ReadonlyMap<string, string>): object {
  const claims = pool.parts.tokens.read(parameters.get('REFRESH_TOKEN') ?? '', 'refresh');
  const user = claims === undefined ? undefined : pool.users.byUsername(claims.username);
  if (
    claims === undefined ||
    user?.sub !== claims.sub ||
    claims.client_id !== client.settings.ClientId
  ) {
    throw notAuthorized('Invalid Refresh Token');
  }
  checkSecretHash(client, user.username, parameters.get('SECRET_HASH'));
  if (!user.enabled) throw notAuthorized('User is disabled.');
  if ((user.extras?.signedOutAt ?? -1) >= claims.issued_ms) {
    throw notAuthorized('Refresh Token has been revoked');
  }
  return {
    AuthenticationResult: pool.parts.tokens.authenticationResult(
      user,
      client.settings.ClientId,
      false,
    ),
    ChallengeParameters: {},
  };
}
