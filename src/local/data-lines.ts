import { newUser } from './user-store.js';
import type { StoredGroup, StoredUser, UserExtras, UserStatus, UserStore } from './user-store.js';

/** username, sub, status, enabled, created, modified, password, temporary until, attributes, groups, extras */
type UserLine = readonly [
  string,
  string,
  UserStatus,
  0 | 1,
  number,
  number,
  string | null,
  number,
  readonly string[],
  readonly string[],
  UserExtras?,
];

/** name, created, description, precedence, role */
type GroupLine = readonly [string, number, string | null, number | null, string | null];

/** One change, as a line of the data file has it. */
export type Line =
  | { readonly user: UserLine }
  | { readonly gone: string }
  | { readonly group: GroupLine }
  | { readonly groupGone: string };

/** Brings a change back; `shared` holds each attribute name once, for all users to share. */
export function applyLine(
  line: Line,
  users: UserStore,
  groups: Map<string, StoredGroup>,
  shared: Map<string, string>,
): void {
  if ('user' in line) {
    putUser(line.user, users, groups, shared);
  } else if ('gone' in line) {
    const user = users.byUsername(line.gone);
    if (user !== undefined) {
      leaveGroups(user);
      users.remove(user);
    }
  } else if ('group' in line) {
    const [name, createdAt, description, precedence, roleArn] = line.group;
    groups.set(name, {
      name,
      createdAt,
      description: description ?? undefined,
      precedence: precedence ?? undefined,
      roleArn: roleArn ?? undefined,
      members: 0,
    });
  } else {
    const group = groups.get(line.groupGone);
    groups.delete(line.groupGone);
    for (const user of group === undefined || group.members === 0 ? [] : users) {
      user.groups = user.groups.filter((other) => other !== group);
    }
  }
}

function putUser(
  line: UserLine,
  users: UserStore,
  groups: Map<string, StoredGroup>,
  shared: Map<string, string>,
): void {
  const [username, sub, status, enabled, createdAt, modifiedAt] = line;
  const [, , , , , , passwordHash, temporaryUntil, pairs, groupNames, extras] = line;
  const attributes = pairs.map((text, at) => (at % 2 === 0 ? sharedName(shared, text) : text));
  const joined = groupNames.map((name) => groups.get(name)).filter((group) => group !== undefined);
  const known = users.byUsername(username);
  const user = known ?? newUser(username, sub, [], createdAt);
  leaveGroups(user);
  user.extras = extras;
  user.status = status;
  user.enabled = enabled === 1;
  user.modifiedAt = modifiedAt;
  user.passwordHash = passwordHash ?? undefined;
  user.temporaryUntil = temporaryUntil;
  user.groups = joined;
  for (const group of joined) group.members += 1;
  if (known === undefined) {
    user.attributes = attributes;
    users.add(user);
  } else {
    users.replaceAttributes(user, attributes);
  }
}

function sharedName(shared: Map<string, string>, name: string): string {
  const known = shared.get(name);
  if (known === undefined) shared.set(name, name);
  return known ?? name;
}

function leaveGroups(user: StoredUser): void {
  for (const group of user.groups) group.members -= 1;
}

export function userLine(user: StoredUser): UserLine {
  return [
    user.username,
    user.sub,
    user.status,
    user.enabled ? 1 : 0,
    user.createdAt,
    user.modifiedAt,
    user.passwordHash ?? null,
    user.temporaryUntil,
    user.attributes,
    user.groups.map(({ name }) => name),
    ...(user.extras === undefined ? ([] as const) : ([user.extras] as const)),
  ];
}

export function groupLine(group: StoredGroup): GroupLine {
  return [
    group.name,
    group.createdAt,
    group.description ?? null,
    group.precedence ?? null,
    group.roleArn ?? null,
  ];
}
