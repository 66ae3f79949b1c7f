import { pairsOf } from './attribute-list.js';
import type { StoredUser } from './user-store.js';

interface WireAttribute {
  readonly Name: string;
  readonly Value: string;
}

/** A user as UserType has it [MODEL]: dates in seconds since 1970 with a fraction. */
export interface WireUser {
  readonly Username: string;
  readonly Attributes: readonly WireAttribute[];
  readonly UserCreateDate: number;
  readonly UserLastModifiedDate: number;
  readonly Enabled: boolean;
  readonly UserStatus: string;
}

export function described(user: StoredUser): WireUser {
  return {
    Username: user.username,
    Attributes: wireAttributes(user),
    UserCreateDate: user.createdAt / 1000,
    UserLastModifiedDate: user.modifiedAt / 1000,
    Enabled: user.enabled,
    UserStatus: user.status,
  };
}

function wireAttributes(user: StoredUser): WireAttribute[] {
  const wire: WireAttribute[] = [{ Name: 'sub', Value: user.sub }];
  for (const [Name, Value] of pairsOf(user.attributes)) wire.push({ Name, Value });
  return wire;
}
