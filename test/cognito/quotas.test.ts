import { describe, expect, it } from 'vitest';
import {
  categories,
  categoryOf,
  defaultLimit,
  isAdjustable,
  isCategory,
} from '../../src/cognito/quotas.js';

describe('quotas', () => {
  // cognito-facts.md section 1. Footnote 3 bounds one operation on one pool to 5 a second.
  it('are those that AWS publishes', () => {
    expect(
      Object.fromEntries(
        categories.map((name) => [name, [defaultLimit(name), isAdjustable(name)]]),
      ),
    ).toEqual({
      UserCreation: [50, true],
      UserAuthentication: [120, true],
      UserAccountRecovery: [30, false],
      UserRead: [120, true],
      UserUpdate: [25, false],
      UserResourceRead: [50, true],
      UserList: [30, false],
      UserPoolRead: [15, false],
      UserPoolResourceRead: [5, false],
      UserPoolResourceUpdate: [5, false],
      UserPoolClientRead: [5, false],
      LimitManagement: [1, false],
    });
  });

  it.each([
    ['AdminCreateUser', 'UserCreation'],
    ['AdminGetUser', 'UserRead'],
    ['AdminSetUserPassword', 'UserAccountRecovery'],
    ['AdminUpdateUserAttributes', 'UserUpdate'],
    ['AdminAddUserToGroup', 'UserUpdate'],
    ['AdminRemoveUserFromGroup', 'UserUpdate'],
    ['AdminDeleteUser', 'UserUpdate'],
    ['ListUsersInGroup', 'UserList'],
    ['AdminEnableUser', 'UserUpdate'],
    ['AdminDisableUser', 'UserUpdate'],
    ['AdminListGroupsForUser', 'UserResourceRead'],
    ['AdminInitiateAuth', 'UserAuthentication'],
    // Footnote 1: NEW_PASSWORD_REQUIRED, all that this tool answers, counts here.
    ['AdminRespondToAuthChallenge', 'UserAccountRecovery'],
    ['GetUserAttributeVerificationCode', 'UserResourceRead'],
    ['VerifyUserAttribute', 'UserUpdate'],
    ['ListUsers', 'UserList'],
    ['ListGroups', 'UserPoolResourceRead'],
    ['CreateGroup', 'UserPoolResourceUpdate'],
    ['DescribeUserPool', 'UserPoolRead'],
    ['DescribeUserPoolClient', 'UserPoolClientRead'],
    ['GetProvisionedLimit', 'LimitManagement'],
  ] as const)('count %s in %s', (operation, category) => {
    expect(categoryOf(operation)).toBe(category);
  });

  it('know their names and no others', () => {
    expect(isCategory('UserCreation')).toBe(true);
    expect(['usercreation', 'toString', '__proto__', ''].filter(isCategory)).toEqual([]);
  });
});
