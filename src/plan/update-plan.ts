import type { UserPoolSettings } from '../cognito/description.js';
import type { PoolUser } from '../cognito/user-pool.js';
import type { User } from '../record/user.js';
import type { Step } from './steps.js';

/** Why something was not done, as a row's result says it. */
export interface Problem {
  /** Kebab-case, or the service's own. */
  readonly code: string;
  readonly message: string;
}

/** What an existing user lacks of what the row says, and what of it can't be given. */
export interface Update {
  readonly steps: readonly Step[];
  /** Attributes that differ, but are writable only at creation. */
  readonly immutable: readonly string[];
}

/**
 * The steps that bring an existing user to what the row says. Only what differs is sent, since a
 * write bills a monthly active user. Passwords are left alone: the people in question sign in with them.
 */
export function planUpdate(
  user: User,
  existing: PoolUser,
  groups: readonly string[],
  { SchemaAttributes = [] }: Pick<UserPoolSettings, 'SchemaAttributes'>,
): Update {
  const mutable = new Map(SchemaAttributes.map(({ Name, Mutable }) => [Name, Mutable]));
  const isMutable = (name: string): boolean => mutable.get(name) ?? true;
  const current = new Map(existing.attributes.map(({ Name, Value }) => [Name, Value]));
  const wanted = new Map(user.attributes.map(({ Name, Value }) => [Name, Value]));
  // A verified flag that is not listed is false.
  const has = (name: string): string | undefined =>
    current.get(name) ?? (name.endsWith('_verified') ? 'false' : undefined);
  const differs = (name: string): boolean => wanted.has(name) && has(name) !== wanted.get(name);

  const differing = user.attributes.filter(({ Name }) => differs(Name));
  const attributes = user.attributes.filter(({ Name }) => {
    const address = addressOf(Name);
    // A flag is about the row's address, not about another that has to stay.
    const mayChange = isMutable(Name) && (!differs(address) || isMutable(address));
    return mayChange && (differs(Name) || differs(address));
  });
  const missing = user.groups.filter((group) => !groups.includes(group));

  const steps: Step[] = [];
  if (attributes.length > 0) {
    steps.push({ name: 'attributes', attributes });
  }
  if (missing.length > 0) steps.push({ name: 'groups', add: missing });
  if (user.enabled === true && !existing.enabled) steps.push({ name: 'enable' });
  if (user.enabled === false && existing.enabled) steps.push({ name: 'disable' });
  return {
    steps,
    immutable: differing.filter(({ Name }) => !isMutable(Name)).map(({ Name }) => Name),
  };
}

/** What is said of attributes that differ and can't be changed. */
export function immutableNote(names: readonly string[]): Problem | undefined {
  if (names.length === 0) return undefined;
  return {
    code: 'immutable-attribute',
    message: `${names.join(', ')} can only be set when a user is made, and was left as it is`,
  };
}

/** What is said of a user whose attributes are not the pool's to change. */
export const externalUser: Problem = {
  code: 'external-user',
  message: 'an identity provider owns this user, so nothing was changed',
};

/**
 * The address that a verified flag is about. The flag is sent with every change of its address: a
 * new email without it becomes unverified (amazon-cognito-identity-js#322).
 */
function addressOf(name: string): string {
  return name.endsWith('_verified') ? name.slice(0, -'_verified'.length) : name;
}
