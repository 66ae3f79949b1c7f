import type { Pool } from './pool.js';
import { described } from './user-shape.js';
import type { StoredUser } from './user-store.js';

interface UserInput {
  readonly UserPoolId: string;
  readonly Username: string;
}

export function adminGetUser(pool: Pool, input: UserInput): object {
  pool.check(input.UserPoolId);
  const { Attributes, ...rest } = described(pool.user(input.Username));
  return { ...rest, UserAttributes: Attributes };
}

/** Enabling an enabled user models no error [MODEL]. */
export function adminEnableUser(pool: Pool, input: UserInput): object {
  pool.check(input.UserPoolId);
  const user = pool.user(input.Username);
  user.enabled = true;
  pool.save(user);
  return {};
}

/** [MODEL] disabling a user revokes all access tokens. */
export function adminDisableUser(pool: Pool, input: UserInput): object {
  pool.check(input.UserPoolId);
  const user = pool.user(input.Username);
  user.enabled = false;
  signOut(pool, user);
  return {};
}

export function adminUserGlobalSignOut(pool: Pool, input: UserInput): object {
  pool.check(input.UserPoolId);
  signOut(pool, pool.user(input.Username));
  return {};
}

function signOut(pool: Pool, user: StoredUser): void {
  user.extras = { ...user.extras, signedOutAt: pool.now() };
  pool.save(user);
}

/** A second deletion gives UserNotFoundException (cognito-facts 3.2). */
export function adminDeleteUser(pool: Pool, input: UserInput): object {
  pool.check(input.UserPoolId);
  const user = pool.user(input.Username);
  for (const group of user.groups) group.members -= 1;
  pool.users.remove(user);
  pool.parts.log?.dropUser(user);
  return {};
}
