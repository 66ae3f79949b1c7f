import { adminRespondToAuthChallenge } from './challenge.js';
import { getUserAttributeVerificationCode, verifyUserAttribute } from './codes.js';
import { adminCreateUser } from './create-user.js';
import {
  describeUserPool,
  describeUserPoolClient,
  getCsvHeader,
  getProvisionedLimit,
  getUserPoolMfaConfig,
  listUserPoolClients,
  listUserPoolClientSecrets,
} from './describing.js';
import {
  adminAddUserToGroup,
  adminListGroupsForUser,
  adminRemoveUserFromGroup,
  createGroup,
  deleteGroup,
  getGroup,
  listGroups,
} from './groups.js';
import { listUsers, listUsersInGroup } from './listing.js';
import type { Pool } from './pool.js';
import * as model from './request-model.js';
import { adminResetUserPassword, adminSetUserPassword } from './set-password.js';
import { adminInitiateAuth } from './sign-in.js';
import { adminDeleteUserAttributes, adminUpdateUserAttributes } from './user-attributes.js';
import {
  adminDeleteUser,
  adminDisableUser,
  adminEnableUser,
  adminGetUser,
  adminUserGlobalSignOut,
} from './users.js';

/** One operation of the service as the pool offers it. */
export interface Operation {
  /** The quota category its calls count in [QUOTAS]. */
  readonly category: string;
  /** Whether the request must be signed; the access-token operations need no IAM [MODEL]. */
  readonly signed: boolean;
  readonly members: model.Members;
  readonly run: (pool: Pool, input: never) => object;
}

function signed(category: string, members: model.Members, run: Operation['run']): Operation {
  return { category, signed: true, members, run };
}

function byToken(category: string, members: model.Members, run: Operation['run']): Operation {
  return { category, signed: false, members, run };
}

/** The categories are the table of the quotas page [QUOTAS]. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  Object.entries({
    AdminCreateUser: signed('UserCreation', model.adminCreateUser, adminCreateUser),
    AdminGetUser: signed('UserRead', model.poolAndUser, adminGetUser),
    AdminUpdateUserAttributes: signed(
      'UserUpdate',
      model.adminUpdateUserAttributes,
      adminUpdateUserAttributes,
    ),
    AdminDeleteUserAttributes: signed(
      'UserUpdate',
      model.adminDeleteUserAttributes,
      adminDeleteUserAttributes,
    ),
    AdminEnableUser: signed('UserUpdate', model.poolAndUser, adminEnableUser),
    AdminDisableUser: signed('UserUpdate', model.poolAndUser, adminDisableUser),
    AdminDeleteUser: signed('UserUpdate', model.poolAndUser, adminDeleteUser),
    AdminUserGlobalSignOut: signed('UserUpdate', model.poolAndUser, adminUserGlobalSignOut),
    AdminSetUserPassword: signed(
      'UserAccountRecovery',
      model.adminSetUserPassword,
      adminSetUserPassword,
    ),
    AdminResetUserPassword: signed(
      'UserAccountRecovery',
      model.adminResetUserPassword,
      adminResetUserPassword,
    ),
    AdminInitiateAuth: signed('UserAuthentication', model.adminInitiateAuth, adminInitiateAuth),
    AdminRespondToAuthChallenge: signed(
      'UserAuthentication',
      model.adminRespondToAuthChallenge,
      adminRespondToAuthChallenge,
    ),
    GetUserAttributeVerificationCode: byToken(
      'UserResourceRead',
      model.getUserAttributeVerificationCode,
      getUserAttributeVerificationCode,
    ),
    VerifyUserAttribute: byToken('UserUpdate', model.verifyUserAttribute, verifyUserAttribute),
    AdminAddUserToGroup: signed('UserUpdate', model.poolUserGroup, adminAddUserToGroup),
    AdminRemoveUserFromGroup: signed('UserUpdate', model.poolUserGroup, adminRemoveUserFromGroup),
    AdminListGroupsForUser: signed(
      'UserResourceRead',
      model.adminListGroupsForUser,
      adminListGroupsForUser,
    ),
    ListUsers: signed('UserList', model.listUsers, listUsers),
    ListUsersInGroup: signed('UserList', model.listUsersInGroup, listUsersInGroup),
    ListGroups: signed('UserPoolResourceRead', model.listGroups, listGroups),
    GetGroup: signed('UserPoolResourceRead', model.poolAndGroup, getGroup),
    GetCSVHeader: signed('UserPoolResourceRead', model.poolOnly, getCsvHeader),
    GetUserPoolMfaConfig: signed('UserPoolResourceRead', model.poolOnly, getUserPoolMfaConfig),
    CreateGroup: signed('UserPoolResourceUpdate', model.createGroup, createGroup),
    DeleteGroup: signed('UserPoolResourceUpdate', model.poolAndGroup, deleteGroup),
    DescribeUserPool: signed('UserPoolRead', model.poolOnly, describeUserPool),
    DescribeUserPoolClient: signed(
      'UserPoolClientRead',
      model.poolAndClient,
      describeUserPoolClient,
    ),
    ListUserPoolClients: signed(
      'UserPoolClientRead',
      model.listUserPoolClients,
      listUserPoolClients,
    ),
    // Its category is UNCONFIRMED: with the other reads of clients, the slower choice.
    ListUserPoolClientSecrets: signed(
      'UserPoolClientRead',
      model.listUserPoolClientSecrets,
      listUserPoolClientSecrets,
    ),
    GetProvisionedLimit: signed('LimitManagement', model.getProvisionedLimit, getProvisionedLimit),
  }),
);
