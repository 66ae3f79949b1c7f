/** Every operation that cognito-bulk can call. */
export type Operation = keyof typeof categoryOfOperation;

/** A request-rate quota category; its limit is shared by all pools of an account in a Region. */
export type Category = keyof typeof quotas;

interface Quota {
  /** Requests a second that AWS publishes as the default. */
  readonly limit: number;
  /** Whether an account can have more; only then is GetProvisionedLimit worth a call. */
  readonly adjustable: boolean;
}

/**
 * Default quotas, from "Quotas in Amazon Cognito" (docs.aws.amazon.com/cognito/latest/developerguide/quotas.html).
 * The resource and client categories allow more in all, but each single operation only 5 a second
 * for one pool (its footnote 3), and this tool works on one pool with one operation of each at a time.
 */
const quotas = {
  UserCreation: { limit: 50, adjustable: true },
  UserAuthentication: { limit: 120, adjustable: true },
  UserAccountRecovery: { limit: 30, adjustable: false },
  UserRead: { limit: 120, adjustable: true },
  UserUpdate: { limit: 25, adjustable: false },
  UserResourceRead: { limit: 50, adjustable: true },
  UserList: { limit: 30, adjustable: false },
  UserPoolRead: { limit: 15, adjustable: false },
  UserPoolResourceRead: { limit: 5, adjustable: false },
  UserPoolResourceUpdate: { limit: 5, adjustable: false },
  UserPoolClientRead: { limit: 5, adjustable: false },
  LimitManagement: { limit: 1, adjustable: false },
} as const satisfies Record<string, Quota>;

const categoryOfOperation = {
  AdminCreateUser: 'UserCreation',
  AdminGetUser: 'UserRead',
  AdminSetUserPassword: 'UserAccountRecovery',
  AdminUpdateUserAttributes: 'UserUpdate',
  AdminInitiateAuth: 'UserAuthentication',
  // All that this tool answers is NEW_PASSWORD_REQUIRED, which counts here (footnote 1).
  AdminRespondToAuthChallenge: 'UserAccountRecovery',
  GetUserAttributeVerificationCode: 'UserResourceRead',
  VerifyUserAttribute: 'UserUpdate',
  AdminListGroupsForUser: 'UserResourceRead',
  AdminAddUserToGroup: 'UserUpdate',
  AdminRemoveUserFromGroup: 'UserUpdate',
  CreateGroup: 'UserPoolResourceUpdate',
  AdminEnableUser: 'UserUpdate',
  AdminDisableUser: 'UserUpdate',
  AdminDeleteUser: 'UserUpdate',
  ListUsers: 'UserList',
  ListUsersInGroup: 'UserList',
  ListGroups: 'UserPoolResourceRead',
  DescribeUserPool: 'UserPoolRead',
  DescribeUserPoolClient: 'UserPoolClientRead',
  // Not documented; its neighbour's category.
  ListUserPoolClientSecrets: 'UserPoolClientRead',
  GetProvisionedLimit: 'LimitManagement',
} as const;

export function categoryOf(operation: Operation): Category {
  return categoryOfOperation[operation];
}

export const categories = Object.keys(quotas) as readonly Category[];

/** Requests a second that AWS publishes as the default of a category. */
export function defaultLimit(category: Category): number {
  return quotas[category].limit;
}

export function isAdjustable(category: Category): boolean {
  return quotas[category].adjustable;
}

export function isCategory(name: string): name is Category {
  return Object.hasOwn(quotas, name);
}
