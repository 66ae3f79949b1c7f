import { checkSignInFree, claimAliases } from './aliases.js';
import { valueOf, withValue } from './attribute-list.js';
import { masked } from './delivery.js';
import { invalidParameter, notAuthorized, ServiceError, userNotFound } from './errors.js';
import type { Pool } from './pool.js';
import type { StoredUser } from './user-store.js';

const HOUR_MS = 3_600_000;
/** [QUOTAS] an attribute verification code is valid for 24 hours. */
const CODE_VALID_MS = 24 * HOUR_MS;
/** [QUOTAS] for each user and hour, not adjustable. */
const REQUESTS_AN_HOUR = 5;
const ATTEMPTS_AN_HOUR = 15;

interface CodeInput {
  readonly AccessToken: string;
  readonly AttributeName: string;
}

export function getUserAttributeVerificationCode(pool: Pool, input: CodeInput): object {
  const user = signedIn(pool, input.AccessToken);
  const name = verifiable(input.AttributeName);
  const value = valueOf(user.attributes, name);
  if (value === undefined) throw invalidParameter(`User has no ${name} to verify.`);
  const requests = withinHour(pool, user.extras?.codeRequests, REQUESTS_AN_HOUR);
  user.extras = { ...user.extras, codeRequests: requests };
  const medium = sendCode(pool, user, name, value, false);
  return {
    CodeDeliveryDetails: {
      AttributeName: name,
      DeliveryMedium: medium,
      Destination: masked(medium, value),
    },
  };
}

/** Makes a code, keeps it, and delivers it. The code is kept even when it can't be delivered. */
export function sendCode(
  pool: Pool,
  user: StoredUser,
  name: string,
  value: string,
  pending: boolean,
): 'EMAIL' | 'SMS' {
  const code = String(Math.floor(pool.parts.random() * 1_000_000)).padStart(6, '0');
  const now = pool.now();
  const kept = { code, until: now + CODE_VALID_MS, ...(pending && { pending: value }) };
  user.extras = { ...user.extras, codes: { ...user.extras?.codes, [name]: kept } };
  pool.save(user);
  const medium = name === 'email' ? 'EMAIL' : 'SMS';
  pool.parts.delivery.send(user, {
    kind: 'verification-code',
    medium,
    destination: value,
    attribute: name,
    code,
    sentAt: now,
  });
  return medium;
}

interface VerifyInput extends CodeInput {
  readonly Code: string;
}

export function verifyUserAttribute(pool: Pool, input: VerifyInput): object {
  const user = signedIn(pool, input.AccessToken);
  const name = verifiable(input.AttributeName);
  const attempts = withinHour(pool, user.extras?.codeAttempts, ATTEMPTS_AN_HOUR);
  user.extras = { ...user.extras, codeAttempts: attempts };
  const kept = user.extras.codes?.[name];
  if (kept === undefined || kept.until < pool.now()) {
    pool.save(user);
    throw new ServiceError(
      'ExpiredCodeException',
      'Invalid code provided, please request a code again.',
    );
  }
  if (kept.code !== input.Code) {
    pool.save(user);
    throw new ServiceError(
      'CodeMismatchException',
      'Invalid verification code provided, please try again.',
    );
  }
  const updated =
    kept.pending === undefined ? user.attributes : withValue(user.attributes, name, kept.pending);
  const after = withValue(updated, `${name}_verified`, 'true');
  checkSignInFree(pool, user, after);
  // [MODEL] VerifyUserAttribute gives AliasExistsException where somebody else has it verified.
  claimAliases(pool, user, after, false);
  const others = Object.entries(user.extras.codes ?? {}).filter(([other]) => other !== name);
  user.extras = { ...user.extras, codes: Object.fromEntries(others) };
  pool.users.replaceAttributes(user, after);
  pool.save(user);
  return {};
}

/** The user of an access token. [MODEL] these two operations need no IAM and no secret hash. */
function signedIn(pool: Pool, token: string): StoredUser {
  const claims = pool.parts.tokens.read(token, 'access');
  if (claims === undefined) throw notAuthorized('Invalid Access Token');
  const user = pool.users.byUsername(claims.username);
  if (user?.sub !== claims.sub) throw userNotFound();
  if (!user.enabled) throw notAuthorized('User is disabled.');
  // [MODEL] signing out and disabling revoke all access tokens.
  if ((user.extras?.signedOutAt ?? -1) >= claims.issued_ms) {
    throw notAuthorized('Access Token has been revoked');
  }
  return user;
}

function verifiable(name: string): string {
  if (name !== 'email' && name !== 'phone_number') {
    throw invalidParameter(`${name} can not be verified.`);
  }
  return name;
}

/** The last hour's times with now added, or LimitExceededException where there are too many. */
function withinHour(pool: Pool, times: readonly number[] | undefined, most: number): number[] {
  const now = pool.now();
  const recent = (times ?? []).filter((at) => at > now - HOUR_MS);
  if (recent.length >= most) {
    throw new ServiceError(
      'LimitExceededException',
      'Attempt limit exceeded, please try after some time.',
    );
  }
  return [...recent, now];
}
