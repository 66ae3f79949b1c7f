import { READ_ONLY_ATTRIBUTES, STANDARD_ATTRIBUTES } from './attribute-names.js';
import type { PoolFacts } from './pool-facts.js';
import type { Attribute } from './user.js';

/** A user as `export` keeps them between reading and writing. */
export interface ExportedUser {
  /** The pool's own key. */
  readonly username: string;
  readonly sub: string | undefined;
  readonly enabled: boolean;
  readonly status: string;
  /** By name; without `sub`. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** @param user as the pool lists them */
export function exportedUser(
  user: Omit<ExportedUser, 'attributes'> & { readonly attributes: readonly Attribute[] },
): ExportedUser {
  const { username, sub, enabled, status } = user;
  const others = user.attributes.filter(({ Name }) => Name !== 'sub');
  const attributes = Object.fromEntries(others.map(({ Name, Value }) => [Name, Value]));
  return { username, sub, enabled, status, attributes };
}

/**
 * The columns of an export, in their order. Whatever the pool holds, they name the user as an import
 * wants it: by username, or by what people sign in with, since the username is made up there.
 *
 * @param found the attributes that some user has
 */
export function exportedColumns(
  found: ReadonlySet<string>,
  hasGroups: boolean,
  { signInWith }: PoolFacts,
): string[] {
  const names = new Set([...found, ...signInWith]);
  const standard = STANDARD_ATTRIBUTES.filter((name) => names.has(name));
  const others = [...names].filter(
    (name) => !STANDARD_ATTRIBUTES.includes(name) && !READ_ONLY_ATTRIBUTES.includes(name),
  );
  return [
    ...(signInWith.length === 0 ? ['username'] : []),
    ...standard,
    ...others.sort(),
    'enabled',
    ...(hasGroups ? ['groups'] : []),
    'sub',
    'cognito:user_status',
    ...(names.has('identities') ? ['identities'] : []),
  ];
}

/** The cells of one user, without the formula guard. */
export function exportedCells(
  user: ExportedUser,
  groups: readonly string[],
  columns: readonly string[],
): string[] {
  return columns.map((name) => {
    switch (name) {
      case 'username':
        return user.username;
      case 'enabled':
        return String(user.enabled);
      case 'groups':
        return groups.join(';');
      case 'sub':
        return user.sub ?? '';
      case 'cognito:user_status':
        return user.status;
      default:
        return attributeCell(user, name);
    }
  });
}

function attributeCell({ attributes }: ExportedUser, name: string): string {
  const value = Object.hasOwn(attributes, name) ? (attributes[name] ?? '') : '';
  const address = /^(email|phone_number)_verified$/.exec(name)?.[1];
  // A user can have the flag of an address that was taken away, and no file can say so.
  return address === undefined || attributes[address] ? value : '';
}
