import { valueOf } from './attribute-list.js';
import type { PreparedSettings } from './pool-settings.js';

/** Those of UserType [MODEL]. */
export const USER_STATUSES = [
  'UNCONFIRMED',
  'CONFIRMED',
  'ARCHIVED',
  'COMPROMISED',
  'UNKNOWN',
  'RESET_REQUIRED',
  'FORCE_CHANGE_PASSWORD',
  'EXTERNAL_PROVIDER',
] as const;

export type UserStatus = (typeof USER_STATUSES)[number];

export interface StoredGroup {
  readonly name: string;
  readonly description: string | undefined;
  readonly precedence: number | undefined;
  readonly roleArn: string | undefined;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  members: number;
}

/** A code that was delivered and waits to be handed in. */
interface StoredCode {
  readonly code: string;
  /** Milliseconds since 1970. */
  readonly until: number;
  /** The value that takes effect with the code, where the old one stays until then. */
  readonly pending?: string;
}

/** What only a few users have, so that a million others don't pay for it. */
export interface UserExtras {
  /** The e-mail or phone number given as Username where people sign in by it. */
  signInName?: string;
  /** The temporary password has been used for a sign-in. */
  temporaryUsed?: boolean;
  /** Hashes of earlier passwords, newest first. */
  history?: readonly string[];
  failures?: number;
  /** Milliseconds since 1970. */
  lockedUntil?: number;
  /** Tokens issued before are revoked; milliseconds since 1970. */
  signedOutAt?: number;
  codes?: Readonly<Record<string, StoredCode>>;
  /** When codes were asked for and handed in within the last hour. */
  codeRequests?: readonly number[];
  codeAttempts?: readonly number[];
}

/** One user. A plain object of fixed shape; attributes are a flat list of name, value. */
export interface StoredUser {
  /** Place in the order of creation; -1 once deleted. */
  index: number;
  readonly username: string;
  readonly sub: string;
  status: UserStatus;
  enabled: boolean;
  attributes: readonly string[];
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  modifiedAt: number;
  /** Undefined for a passwordless user. */
  passwordHash: string | undefined;
  /** Seconds since 1970 at which a temporary password stops working; 0 where it is not temporary. */
  temporaryUntil: number;
  groups: readonly StoredGroup[];
  extras: UserExtras | undefined;
}

const NO_GROUPS: readonly StoredGroup[] = [];

/** A user as the service makes one, before a password is set. */
export function newUser(username: string, sub: string, attributes: readonly string[], now: number) {
  const user: StoredUser = {
    index: -1,
    username,
    sub,
    status: 'FORCE_CHANGE_PASSWORD',
    enabled: true,
    attributes,
    createdAt: now,
    modifiedAt: now,
    passwordHash: undefined,
    temporaryUntil: 0,
    groups: NO_GROUPS,
    extras: undefined,
  };
  return user;
}

/** Takes members out of what only a few users have. */
export function dropExtras(user: StoredUser, names: readonly (keyof UserExtras)[]): void {
  if (user.extras === undefined) return;
  const rest = { ...user.extras };
  for (const name of names) Reflect.deleteProperty(rest, name);
  user.extras = rest;
}

/**
 * Users by name, by sign-in attribute and in order of creation. Maps throughout, so that a user
 * called `__proto__` is a user like any other.
 */
export class UserStore {
  readonly #settings: PreparedSettings;
  readonly #byName = new Map<string, StoredUser>();
  readonly #bySignIn = new Map<string, Map<string, StoredUser>>();
  readonly #order: (StoredUser | undefined)[] = [];

  constructor(settings: PreparedSettings) {
    this.#settings = settings;
    for (const name of [...settings.usernameAttributes, ...settings.aliasAttributes]) {
      this.#bySignIn.set(name, new Map());
    }
  }

  get size(): number {
    return this.#byName.size;
  }

  /** One more than the highest index in use. */
  get end(): number {
    return this.#order.length;
  }

  at(index: number): StoredUser | undefined {
    return this.#order[index];
  }

  *[Symbol.iterator](): Generator<StoredUser> {
    for (const user of this.#order) if (user !== undefined) yield user;
  }

  byUsername(username: string): StoredUser | undefined {
    return this.#byName.get(this.fold(username));
  }

  /**
   * [ATTR] all operations except ListUsers take a sign-in attribute's value in place of the
   * username. An alias counts only once it is verified.
   */
  find(name: string): StoredUser | undefined {
    const user = this.byUsername(name);
    if (user !== undefined) return user;
    for (const [attribute, users] of this.#bySignIn) {
      const found = users.get(this.#foldValue(attribute, name));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Who signs in with this value of an attribute. */
  owner(attribute: string, value: string): StoredUser | undefined {
    return this.#bySignIn.get(attribute)?.get(this.#foldValue(attribute, value));
  }

  add(user: StoredUser): void {
    user.index = this.#order.length;
    this.#order.push(user);
    this.#byName.set(this.fold(user.username), user);
    this.#index(user);
  }

  /** Changes what a user signs in with, and keeps the index in step. */
  replaceAttributes(user: StoredUser, attributes: readonly string[]): void {
    this.#unindex(user);
    user.attributes = attributes;
    this.#index(user);
  }

  remove(user: StoredUser): void {
    this.#unindex(user);
    this.#byName.delete(this.fold(user.username));
    this.#order[user.index] = undefined;
    user.index = -1;
  }

  /** [MODEL] CaseSensitive=false covers usernames and the e-mail and preferred_username aliases. */
  fold(name: string): string {
    return this.#settings.caseSensitive ? name : name.toLowerCase();
  }

  #foldValue(attribute: string, value: string): string {
    return attribute === 'phone_number' ? value : this.fold(value);
  }

  /** What this user signs in with: attribute and value. */
  *#signIns(user: StoredUser): Generator<[Map<string, StoredUser>, string]> {
    for (const [attribute, users] of this.#bySignIn) {
      const value = valueOf(user.attributes, attribute);
      if (value === undefined || !this.#counts(user, attribute)) continue;
      yield [users, this.#foldValue(attribute, value)];
    }
    const name = user.extras?.signInName;
    if (name !== undefined) {
      const attribute = name.includes('@') ? 'email' : 'phone_number';
      const users = this.#bySignIn.get(attribute);
      // An attribute that came later takes its place.
      const replaced = valueOf(user.attributes, attribute) !== undefined;
      if (users !== undefined && !replaced) yield [users, this.#foldValue(attribute, name)];
    }
  }

  #counts(user: StoredUser, attribute: string): boolean {
    // [ATTR] in place of a username, an e-mail or phone number is unique even unverified.
    if (this.#settings.usernameAttributes.length > 0) return true;
    // [ATTR] preferred_username has no verified flag.
    if (attribute === 'preferred_username') return true;
    return valueOf(user.attributes, `${attribute}_verified`) === 'true';
  }

  #index(user: StoredUser): void {
    if (this.#bySignIn.size === 0) return;
    for (const [users, key] of this.#signIns(user)) users.set(key, user);
  }

  #unindex(user: StoredUser): void {
    if (this.#bySignIn.size === 0) return;
    for (const [users, key] of this.#signIns(user)) {
      if (users.get(key) === user) users.delete(key);
    }
  }
}
