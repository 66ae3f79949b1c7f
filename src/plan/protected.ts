import type { PoolUser } from '../cognito/user-pool.js';

/** What may stand for a user in a list of people: whichever of it is there protects them. */
const names = ['sub', 'email', 'phone_number', 'preferred_username'];

/** Whether a list of people, in lower case, names a user. */
export function isProtected(
  { username, attributes }: PoolUser,
  people: ReadonlySet<string>,
): boolean {
  if (people.size === 0) return false;
  if (people.has(username.toLowerCase())) return true;
  return attributes.some(
    ({ Name, Value }) => names.includes(Name) && people.has(Value.toLowerCase()),
  );
}
