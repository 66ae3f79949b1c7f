import { checkSignInFree, checkVerifiedFlags, claimAliases } from './aliases.js';
import { pairsOf, valueOf, withValue } from './attribute-list.js';
import { checkedAttributes } from './attribute-values.js';
import type { AttributeType } from './attribute-values.js';
import { sendCode } from './codes.js';
import { invalidParameter } from './errors.js';
import type { Pool } from './pool.js';
import type { StoredUser } from './user-store.js';

interface UpdateInput {
  readonly UserPoolId: string;
  readonly Username: string;
  readonly UserAttributes: readonly AttributeType[];
}

export function adminUpdateUserAttributes(pool: Pool, input: UpdateInput): object {
  pool.check(input.UserPoolId);
  const user = pool.user(input.Username);
  changeAttributes(pool, user, checkedAttributes(pool.settings.schema, input.UserAttributes));
  return {};
}

interface DeleteInput {
  readonly UserPoolId: string;
  readonly Username: string;
  readonly UserAttributeNames: readonly string[];
}

export function adminDeleteUserAttributes(pool: Pool, input: DeleteInput): object {
  pool.check(input.UserPoolId);
  const user = pool.user(input.Username);
  // Deleting is writing a blank value [MODEL], with the same refusals.
  const blanks = input.UserAttributeNames.map((Name) => ({ Name }));
  changeAttributes(pool, user, checkedAttributes(pool.settings.schema, blanks));
  return {};
}

/** Applies changes (a flat list of name, value) under the rules of an update by an administrator. */
function changeAttributes(pool: Pool, user: StoredUser, changes: readonly string[]): void {
  checkWritable(pool, changes);
  const settings = pool.settings.pool;
  const guarded =
    settings.UserAttributeUpdateSettings?.AttributesRequireVerificationBeforeUpdate ?? [];
  const toVerify: { name: string; value: string; pending: boolean }[] = [];
  let after: readonly string[] = user.attributes;
  for (const [name, value] of pairsOf(changes)) {
    const verifiable = name === 'email' || name === 'phone_number';
    if (verifiable && valueOf(changes, `${name}_verified`) !== 'true') {
      const pending = value !== '' && guarded.includes(name);
      const sends = pending || (settings.AutoVerifiedAttributes ?? []).includes(name);
      if (value !== '' && sends) toVerify.push({ name, value, pending });
      // [MODEL] with AttributesRequireVerificationBeforeUpdate the old value stays until the code comes.
      if (pending) continue;
      // amazon-cognito-identity-js#322: without the flag in the same call it becomes unverified. Whether
      // the same value again does so too is UNCONFIRMED: it does here.
      const flag = value === '' ? '' : 'false';
      after = withValue(after, `${name}_verified`, flag);
    }
    after = withValue(after, name, value);
  }
  checkVerifiedFlags(after);
  checkSignInFree(pool, user, after);
  claimAliases(pool, user, after, false);
  pool.users.replaceAttributes(user, after);
  pool.save(user);
  for (const { name, value, pending } of toVerify) {
    sendCode(pool, user, name, value, pending);
  }
}

function checkWritable(pool: Pool, changes: readonly string[]): void {
  for (const [name, value] of pairsOf(changes)) {
    const rule = pool.settings.schema.rules.get(name);
    // [ATTR] an immutable attribute is written at creation only, also by an administrator.
    if (rule?.mutable !== true || name === 'identities') {
      throw invalidParameter(`user.${name}: Attribute cannot be updated.\n`);
    }
    if (rule.required && value === '') {
      throw invalidParameter(
        `Attributes did not conform to the schema: ${name}: The attribute is required\n`,
      );
    }
  }
}
