import { randomUUID } from 'node:crypto';

import { checkVerifiedFlags, claimAliases } from './aliases.js';
import { valueOf } from './attribute-list.js';
import { checkedAttributes, isEmail, isPhoneNumber } from './attribute-values.js';
import type { AttributeType } from './attribute-values.js';
import { invalidParameter, ServiceError, userNotFound } from './errors.js';
import { checkPolicy, generatedPassword, putPassword, temporaryUntil } from './passwords.js';
import type { Pool } from './pool.js';
import { described } from './user-shape.js';
import { newUser } from './user-store.js';
import type { StoredUser } from './user-store.js';

interface CreateUserInput {
  readonly UserPoolId: string;
  readonly Username: string;
  readonly UserAttributes?: readonly AttributeType[];
  readonly TemporaryPassword?: string;
  readonly ForceAliasCreation?: boolean;
  readonly MessageAction?: 'RESEND' | 'SUPPRESS';
  readonly DesiredDeliveryMediums?: readonly Medium[];
}

type Medium = 'EMAIL' | 'SMS';

export function adminCreateUser(pool: Pool, input: CreateUserInput): object {
  pool.check(input.UserPoolId);
  if (input.MessageAction === 'RESEND') return resend(pool, input);
  const { Username: username } = input;
  const attributes = creationAttributes(pool, input);
  checkUsername(pool, username, attributes);
  checkVerifiedFlags(attributes);
  const mediums = mediumsOf(input);
  checkMediums(mediums, attributes);
  pool.runTrigger('PreSignUp', username);
  if (pool.users.find(username) !== undefined) throw usernameExists();
  const password = firstPassword(pool, input.TemporaryPassword, attributes);

  const user = addUser(pool, username, attributes, input.ForceAliasCreation === true);
  if (password !== undefined) {
    putPassword(pool.policy, user, password, temporaryUntil(pool.policy, pool.now()));
  } else {
    // [ADMINCREATE] a passwordless user is CONFIRMED from the start.
    user.status = 'CONFIRMED';
  }
  pool.save(user);
  // The user is there even when the message can't be sent (boto3#3524, aws/aws-sdk#438). Whether it
  // is when the day's e-mails are used up is UNCONFIRMED: it is here, so that a client has to look.
  if (input.MessageAction === undefined) invite(pool, user, mediums, password ?? '');
  return { User: described(user) };
}

/**
 * [MODEL] RESEND sets a new temporary password and a new validity; the earlier one stops working.
 */
function resend(pool: Pool, input: CreateUserInput): object {
  const user = pool.users.find(input.Username);
  // aws-sdk-js#1357: RESEND for a user who isn't there.
  if (user === undefined) throw userNotFound();
  if (user.status !== 'FORCE_CHANGE_PASSWORD') {
    throw new ServiceError(
      'UnsupportedUserStateException',
      `Resend not possible. ${user.username} status is not FORCE_CHANGE_PASSWORD`,
    );
  }
  const mediums = mediumsOf(input);
  checkMediums(mediums, user.attributes);
  const password = input.TemporaryPassword ?? generatedPassword(pool.policy, pool.parts.random);
  checkPolicy(pool.policy, password);
  putPassword(pool.policy, user, password, temporaryUntil(pool.policy, pool.now()));
  pool.save(user);
  invite(pool, user, mediums, password);
  return { User: described(user) };
}

function creationAttributes(pool: Pool, input: CreateUserInput): string[] {
  const attributes = checkedAttributes(pool.settings.schema, input.UserAttributes ?? []);
  for (let at = 1; at < attributes.length; at += 2) {
    // What a blank value does at creation is UNCONFIRMED (it deletes in an update [MODEL]): refused.
    if (attributes[at] === '') {
      throw invalidParameter(
        `Attributes did not conform to the schema: ${attributes[at - 1]}: The value is empty.\n`,
      );
    }
  }
  // [ATTR] a preferred_username alias "can't be provided during registration"; what AdminCreateUser
  // does with it is UNCONFIRMED: refused.
  if (
    pool.settings.aliasAttributes.includes('preferred_username') &&
    valueOf(attributes, 'preferred_username') !== undefined
  ) {
    throw invalidParameter('preferred_username can not be provided when the user is created.');
  }
  return attributes;
}

/** What a username may look like depends on the kind of pool (cognito-facts, Identity semantics). */
function checkUsername(pool: Pool, username: string, attributes: readonly string[]): void {
  const { usernameAttributes, aliasAttributes } = pool.settings;
  if (usernameAttributes.length > 0) {
    const asEmail = usernameAttributes.includes('email') && isEmail(username);
    const asPhone = usernameAttributes.includes('phone_number') && isPhoneNumber(username);
    // boto3#3836 has the wording.
    if (!asEmail && !asPhone) {
      const kinds = usernameAttributes.map((name) =>
        name === 'email' ? 'an email' : 'a phone number',
      );
      const either = kinds.length > 1 ? 'either ' : '';
      throw invalidParameter(`Username should be ${either}${kinds.join(' or ')}.`);
    }
    const name = asEmail ? 'email' : 'phone_number';
    const value = valueOf(attributes, name);
    // A username and an attribute that differ: UNCONFIRMED, refused.
    if (value !== undefined && pool.users.fold(value) !== pool.users.fold(username)) {
      throw invalidParameter(`Username and ${name} attribute should be the same.`);
    }
    return;
  }
  // [ATTR] "doesn't accept a username that matches a valid email address format"; amplify-ui#300.
  if (aliasAttributes.includes('email') && isEmail(username)) {
    throw invalidParameter(
      'Username cannot be of email format, since user pool is configured for email alias.',
    );
  }
  if (aliasAttributes.includes('phone_number') && isPhoneNumber(username)) {
    throw invalidParameter(
      'Username cannot be of phone number format, since user pool is configured for phone_number alias.',
    );
  }
}

/** [MODEL] the medium is SMS unless said; under SUPPRESS none is needed (cognito-local#274). */
function mediumsOf(input: CreateUserInput): readonly Medium[] {
  const given = input.DesiredDeliveryMediums ?? [];
  if (given.length > 0) return given;
  return input.MessageAction === 'SUPPRESS' ? [] : ['SMS'];
}

/**
 * Each medium that is named needs its attribute; rahulpsd18/cognito-backup-restore#25 has the wording,
 * and a case of EMAIL and SMS both named where only the number was there. Whether it is checked under
 * SUPPRESS too is UNCONFIRMED: it is here.
 */
function checkMediums(mediums: readonly Medium[], attributes: readonly string[]): void {
  for (const medium of mediums) {
    if (medium === 'EMAIL' && valueOf(attributes, 'email') === undefined) {
      throw invalidParameter('No email provided but desired delivery medium was Email');
    }
    if (medium === 'SMS' && valueOf(attributes, 'phone_number') === undefined) {
      throw invalidParameter('No phone number provided but desired delivery medium was SMS');
    }
  }
}

function firstPassword(
  pool: Pool,
  given: string | undefined,
  attributes: readonly string[],
): string | undefined {
  if (given !== undefined && given !== '') {
    checkPolicy(pool.policy, given);
    return given;
  }
  // [ADMINCREATE] "You can't autogenerate passwords when passwordless factors are available."
  if (!pool.settings.passwordless) return generatedPassword(pool.policy, pool.parts.random);
  const reachable =
    valueOf(attributes, 'email') !== undefined || valueOf(attributes, 'phone_number') !== undefined;
  if (!reachable) {
    throw invalidParameter('A user without a password must have an email or a phone number.');
  }
  // [MODEL] all required attributes must be present for a passwordless user. With a temporary
  // password they may be missing: they are asked for at the first sign-in.
  const missing = pool.settings.schema.required.filter(
    ({ name }) => valueOf(attributes, name) === undefined,
  );
  if (missing.length > 0) {
    const list = missing.map(({ name }) => `${name}: The attribute is required\n`).join('');
    throw invalidParameter(`Attributes did not conform to the schema: ${list}`);
  }
  return undefined;
}

function addUser(
  pool: Pool,
  given: string,
  attributes: readonly string[],
  forceAlias: boolean,
): StoredUser {
  const sub = randomUUID();
  const bySignIn = pool.settings.usernameAttributes.length > 0;
  // [ATTR], [MODEL] where people sign in by e-mail or phone, the username is made up and equals sub.
  const plain = pool.settings.storesLowerCase ? given.toLowerCase() : given;
  const user = newUser(bySignIn ? sub : plain, sub, attributes, pool.now());
  if (bySignIn) {
    for (const name of ['email', 'phone_number']) {
      const value = valueOf(attributes, name);
      if (value !== undefined && pool.users.owner(name, value) !== undefined)
        throw usernameExists();
    }
    // Whether AdminCreateUser fills in the attribute from Username is UNCONFIRMED: it doesn't here,
    // so a client that wants the attribute has to send it; the user is found by it all the same.
    if (valueOf(attributes, given.includes('@') ? 'email' : 'phone_number') === undefined) {
      user.extras = { signInName: given };
    }
  }
  claimAliases(pool, user, attributes, forceAlias);
  pool.users.add(user);
  return user;
}

function invite(pool: Pool, user: StoredUser, mediums: readonly Medium[], code: string): void {
  for (const medium of mediums) {
    const attribute = medium === 'EMAIL' ? 'email' : 'phone_number';
    pool.parts.delivery.send(user, {
      kind: 'invitation',
      medium,
      destination: valueOf(user.attributes, attribute) ?? '',
      code,
      sentAt: pool.now(),
    });
  }
}

function usernameExists(): ServiceError {
  return new ServiceError('UsernameExistsException', 'User account already exists');
}
