import type { PoolUser } from '../cognito/user-pool.js';
import { textHash } from './text-hash.js';

/** Two words, so that a change goes unseen once in 2^64. */
const seeds = [0x2545f491, 0x9e3779b9] as const;

/**
 * A hash over all attributes of a user, also those that no file holds: 16 hexadecimal digits that
 * change whenever an attribute does. `sub` never changes; a verified flag that is false says no more
 * than none, and whether the service lists it is not documented.
 */
export function attributesFingerprint({ attributes }: Pick<PoolUser, 'attributes'>): string {
  const [high, low] = attributeWords(attributes);
  return hex(high) + hex(low);
}

/** What a user looked like when a plan was made: the attributes, and whether they were enabled. */
export function userFingerprint(user: Pick<PoolUser, 'attributes' | 'enabled'>): string {
  return attributesFingerprint(user) + (user.enabled ? '+' : '-');
}

/** The two words of an `attributesFingerprint`, for where many are kept. */
export function attributeWords(attributes: PoolUser['attributes']): readonly [number, number] {
  let [high, low] = [0, 0];
  for (const { Name, Value } of attributes) {
    if (Name === 'sub' || (Value === 'false' && Name.endsWith('_verified'))) continue;
    // A sum, since the service lists attributes in an order of its own.
    high += textHash(Value, textHash(Name, seeds[0]));
    low += textHash(Value, textHash(Name, seeds[1]));
  }
  return [high >>> 0, low >>> 0];
}

/** The fingerprint of words that were kept. */
export function fingerprintFrom(high: number, low: number, enabled: boolean): string {
  return hex(high) + hex(low) + (enabled ? '+' : '-');
}

const hex = (word: number): string => word.toString(16).padStart(8, '0');
