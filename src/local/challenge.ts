import { checkSignInFree, claimAliases } from './aliases.js';
import { pairsOf, valueOf, withValue } from './attribute-list.js';
import { checkedAttributes } from './attribute-values.js';
import { invalidParameter, notAuthorized, ServiceError } from './errors.js';
import { checkHistory, checkPolicy, putPassword } from './passwords.js';
import type { PoolClient } from './pool-settings.js';
import type { Pool } from './pool.js';
import { checkSecretHash } from './secret-hash.js';
import { sessionUntil, signedIn } from './sign-in.js';
import type { StoredUser } from './user-store.js';

interface RespondInput {
  readonly UserPoolId: string;
  readonly ClientId: string;
  readonly ChallengeName: string;
  readonly ChallengeResponses?: Readonly<Record<string, string>>;
  readonly Session?: string;
}

const ATTRIBUTE_PREFIX = 'userAttributes.';

export function adminRespondToAuthChallenge(pool: Pool, input: RespondInput): object {
  pool.check(input.UserPoolId);
  const client = pool.client(input.ClientId);
  const responses = new Map(Object.entries(input.ChallengeResponses ?? {}));
  const username = responses.get('USERNAME');
  if (username === undefined || username === '') {
    throw invalidParameter('Missing required parameter USERNAME');
  }
  if (input.Session === undefined) throw invalidParameter('Missing required parameter Session');
  // The session is used up by any answer. Whether a refused new password leaves it open is
  // UNCONFIRMED: it doesn't here.
  const session = pool.parts.sessions.take(input.Session);
  if (session?.clientId !== input.ClientId || session.user.index < 0) {
    throw notAuthorized('Invalid session for the user, session is expired.');
  }
  const { user } = session;
  // [MODEL] "You must use the username and not an alias", and aws-sdk-android#2265: the service
  // makes the hash with the internal username, so an e-mail's hash does not match.
  checkSecretHash(client, user.username, responses.get('SECRET_HASH'));
  if (pool.users.byUsername(username) !== user) {
    throw notAuthorized('Invalid session for the user.');
  }
  if (session.challenge !== input.ChallengeName) {
    throw notAuthorized('Invalid session for the user.');
  }
  if (!user.enabled) throw notAuthorized('User is disabled.');
  if (session.challenge === 'MFA_SETUP') {
    // Software tokens can't be associated here, so the set-up is never complete.
    throw new ServiceError(
      'SoftwareTokenMFANotFoundException',
      'Software Token MFA has not been enabled by the user.',
    );
  }
  completeNewPassword(pool, client, user, responses);
  return signedIn(pool, input.ClientId, user, sessionUntil(pool, client));
}

function completeNewPassword(
  pool: Pool,
  client: PoolClient,
  user: StoredUser,
  responses: ReadonlyMap<string, string>,
): void {
  const password = responses.get('NEW_PASSWORD');
  if (password === undefined || password === '') {
    throw invalidParameter('Missing required parameter NEW_PASSWORD');
  }
  const given = [...responses]
    .filter(([name]) => name.startsWith(ATTRIBUTE_PREFIX))
    .map(([name, Value]) => ({ Name: name.slice(ATTRIBUTE_PREFIX.length), Value }));
  const changes = checkedAttributes(pool.settings.schema, given);
  checkChanges(pool, client, user, changes);
  let after = user.attributes;
  for (const [name, value] of pairsOf(changes)) after = withValue(after, name, value);
  for (const { name } of pool.settings.schema.required) {
    if (valueOf(after, name) === undefined) {
      throw invalidParameter(`Invalid attributes given, ${name} is missing`);
    }
  }
  checkPolicy(pool.policy, password);
  checkHistory(pool.policy, user, password);
  checkSignInFree(pool, user, after);
  claimAliases(pool, user, after, false);
  putPassword(pool.policy, user, password, 0);
  user.status = 'CONFIRMED';
  pool.users.replaceAttributes(user, after);
  pool.save(user);
}

function checkChanges(
  pool: Pool,
  client: PoolClient,
  user: StoredUser,
  changes: readonly string[],
): void {
  const writable = client.settings.WriteAttributes;
  for (const [name] of pairsOf(changes)) {
    const rule = pool.settings.schema.rules.get(name);
    // aws-sdk-js#3603, aws-cdk#7607: no client can be given the right to write the verified flags. That
    // this error comes rather than "Cannot modify the non-mutable attribute" (aws-sdk-ios#2203) is
    // UNCONFIRMED; both end the attempt.
    const flag = name === 'email_verified' || name === 'phone_number_verified';
    // [MODEL] required attributes are always writable.
    const refused = writable !== undefined && !writable.includes(name) && rule?.required !== true;
    if (flag || refused || name.startsWith('dev:')) {
      throw notAuthorized('A client attempted to write unauthorized attribute');
    }
    // [MODEL] "you can't modify a required attribute that already has a value"; the wording is
    // aws-saas-factory-bootcamp#67's, which has it for an e-mail whether required or not.
    const guarded = rule?.required === true || name === 'email' || name === 'phone_number';
    if (guarded && valueOf(user.attributes, name) !== undefined) {
      throw notAuthorized(`Cannot modify an already provided ${name}`);
    }
    // [ATTR] immutable attributes are written at creation only.
    if (rule?.mutable !== true) {
      throw invalidParameter(`Cannot modify the non-mutable attribute ${name}`);
    }
  }
}
