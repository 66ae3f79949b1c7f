import { invalidParameter, ServiceError } from './errors.js';
import { pageOf, readToken, tokenAt } from './paging.js';
import type { Pool } from './pool.js';
import type { StoredGroup } from './user-store.js';

/** [QUOTAS] not adjustable. */
const GROUPS_A_USER = 100;
const GROUPS_A_POOL = 10_000;

interface MembershipInput {
  readonly UserPoolId: string;
  readonly Username: string;
  readonly GroupName: string;
}

/** Adding a member again models no error [MODEL]. */
export function adminAddUserToGroup(pool: Pool, input: MembershipInput): object {
  pool.check(input.UserPoolId);
  const user = pool.user(input.Username);
  const group = pool.group(input.GroupName);
  if (user.groups.includes(group)) return {};
  if (user.groups.length >= GROUPS_A_USER) {
    // The operation models no LimitExceededException [MODEL], so this is the nearest it can say.
    throw invalidParameter(`A user can be in at most ${GROUPS_A_USER} groups.`);
  }
  user.groups = [...user.groups, group];
  group.members += 1;
  pool.parts.lag.joined(user);
  pool.parts.log?.putUser(user);
  return {};
}

export function adminRemoveUserFromGroup(pool: Pool, input: MembershipInput): object {
  pool.check(input.UserPoolId);
  const user = pool.user(input.Username);
  const group = pool.group(input.GroupName);
  if (!user.groups.includes(group)) return {};
  user.groups = user.groups.filter((other) => other !== group);
  group.members -= 1;
  pool.parts.log?.putUser(user);
  return {};
}

interface ListInput {
  readonly UserPoolId: string;
  readonly Limit?: number;
  readonly NextToken?: string;
}

export function adminListGroupsForUser(
  pool: Pool,
  input: ListInput & { readonly Username: string },
): object {
  pool.check(input.UserPoolId);
  return groupPage(pool, pool.user(input.Username).groups, input);
}

export function listGroups(pool: Pool, input: ListInput): object {
  pool.check(input.UserPoolId);
  return groupPage(pool, [...pool.groups.values()], input);
}

function groupPage(pool: Pool, groups: readonly StoredGroup[], input: ListInput): object {
  const start = readToken(input.NextToken);
  const size = pageOf(input.Limit);
  const next = start + size;
  return {
    Groups: groups.slice(start, next).map((group) => wireGroup(pool, group)),
    ...(next < groups.length && { NextToken: tokenAt(next) }),
  };
}

interface GroupInput {
  readonly UserPoolId: string;
  readonly GroupName: string;
}

export function getGroup(pool: Pool, input: GroupInput): object {
  pool.check(input.UserPoolId);
  return { Group: wireGroup(pool, pool.group(input.GroupName)) };
}

interface CreateGroupInput extends GroupInput {
  readonly Description?: string;
  readonly Precedence?: number;
  readonly RoleArn?: string;
}

export function createGroup(pool: Pool, input: CreateGroupInput): object {
  pool.check(input.UserPoolId);
  if (pool.groups.has(input.GroupName)) {
    throw new ServiceError('GroupExistsException', 'A group with the name already exists.');
  }
  if (pool.groups.size >= GROUPS_A_POOL) {
    throw new ServiceError('LimitExceededException', 'The number of groups exceeds the limit.');
  }
  const group: StoredGroup = {
    name: input.GroupName,
    description: input.Description,
    precedence: input.Precedence,
    roleArn: input.RoleArn,
    createdAt: pool.now(),
    members: 0,
  };
  pool.groups.set(group.name, group);
  pool.parts.log?.putGroup(group);
  return { Group: wireGroup(pool, group) };
}

export function deleteGroup(pool: Pool, input: GroupInput): object {
  pool.check(input.UserPoolId);
  const group = pool.group(input.GroupName);
  if (group.members > 0) {
    for (const user of pool.users) {
      if (user.groups.includes(group)) {
        user.groups = user.groups.filter((other) => other !== group);
      }
    }
  }
  pool.groups.delete(group.name);
  pool.parts.log?.dropGroup(group);
  return {};
}

function wireGroup(pool: Pool, group: StoredGroup): object {
  return {
    GroupName: group.name,
    UserPoolId: pool.settings.pool.Id,
    ...(group.description !== undefined && { Description: group.description }),
    ...(group.precedence !== undefined && { Precedence: group.precedence }),
    ...(group.roleArn !== undefined && { RoleArn: group.roleArn }),
    CreationDate: group.createdAt / 1000,
    LastModifiedDate: group.createdAt / 1000,
  };
}
