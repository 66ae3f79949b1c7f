import { randomUUID } from 'node:crypto';

import { flag, list, oneOf, only, table, text } from '../cognito/json-shape.js';
import { checkedAttributes } from './attribute-values.js';
import { LocalPoolError, ServiceError } from './errors.js';
import type { Pool } from './pool.js';
import { newUser, USER_STATUSES } from './user-store.js';
import type { UserStatus } from './user-store.js';

/** A user that a local pool has from its start, in a state that no import can bring about. */
export interface SeedUser {
  readonly Username: string;
  /** Default CONFIRMED. EXTERNAL_PROVIDER is somebody who signs in with Google, SAML and the like. */
  readonly UserStatus?: UserStatus;
  /** Default true. */
  readonly Enabled?: boolean;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly Groups?: readonly string[];
}

/** One of `Local.Users` of a settings file. */
export const seedUserShape = only({
  'Username!': text,
  UserStatus: oneOf(...USER_STATUSES),
  Enabled: flag,
  Attributes: table(text),
  Groups: list(text),
});

/** Makes those of the users who aren't there yet. They have no password. */
export function seedUsers(pool: Pool, users: readonly SeedUser[]): void {
  users.forEach((seed, index) => {
    if (pool.users.byUsername(seed.Username) !== undefined) return;
    try {
      seedUser(pool, seed);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      throw new LocalPoolError(`Local.Users[${index}]: ${error.message.trim()}`);
    }
  });
}

function seedUser(pool: Pool, seed: SeedUser): void {
  const given = Object.entries(seed.Attributes ?? {}).map(([Name, Value]) => ({ Name, Value }));
  const attributes = checkedAttributes(pool.settings.schema, given);
  const groups = (seed.Groups ?? []).map((name) => pool.group(name));
  const sub = randomUUID();
  const user = newUser(seed.Username, sub, attributes, pool.now());
  user.status = seed.UserStatus ?? 'CONFIRMED';
  user.enabled = seed.Enabled ?? true;
  user.groups = groups;
  for (const group of groups) group.members += 1;
  pool.users.add(user);
  pool.parts.lag.wasThere(user);
  pool.save(user);
}
