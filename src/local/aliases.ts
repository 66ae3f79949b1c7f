import { valueOf, withValue } from './attribute-list.js';
import { invalidParameter, ServiceError } from './errors.js';
import type { Pool } from './pool.js';
import type { StoredUser } from './user-store.js';

/** [MODEL] email_verified needs an email, phone_number_verified a phone_number. */
export function checkVerifiedFlags(attributes: readonly string[]): void {
  for (const name of ['email', 'phone_number']) {
    const flag = valueOf(attributes, `${name}_verified`);
    if (flag === 'true' && valueOf(attributes, name) === undefined) {
      throw invalidParameter(`${name}_verified can not be true without ${name}.`);
    }
  }
}

/**
 * [MODEL] a verified e-mail, phone number or a preferred_username is the alias of one user. With
 * `force` it moves here and the earlier owner loses it; otherwise AliasExistsException.
 */
export function claimAliases(
  pool: Pool,
  user: StoredUser,
  attributes: readonly string[],
  force: boolean,
): void {
  const owners: [string, StoredUser][] = [];
  for (const name of pool.settings.aliasAttributes) {
    const value = valueOf(attributes, name);
    const isAlias =
      name === 'preferred_username' || valueOf(attributes, `${name}_verified`) === 'true';
    if (value === undefined || !isAlias) continue;
    const owner = pool.users.owner(name, value);
    if (owner === undefined || owner === user) continue;
    // Moving a preferred_username isn't described: never done.
    if (!force || name === 'preferred_username') throw aliasExists(name);
    owners.push([name, owner]);
  }
  for (const [name, owner] of owners) {
    pool.users.replaceAttributes(owner, withValue(owner.attributes, `${name}_verified`, 'false'));
    pool.save(owner);
  }
}

/** [ATTR] in place of a username, an e-mail or phone number is unique even unverified. */
export function checkSignInFree(pool: Pool, user: StoredUser, attributes: readonly string[]): void {
  for (const name of pool.settings.usernameAttributes) {
    const value = valueOf(attributes, name);
    if (value === undefined) continue;
    const owner = pool.users.owner(name, value);
    if (owner !== undefined && owner !== user) throw aliasExists(name);
  }
}

function aliasExists(name: string): ServiceError {
  return new ServiceError(
    'AliasExistsException',
    `An account with the given ${name} already exists.`,
  );
}
