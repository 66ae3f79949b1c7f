import { randomUUID } from 'node:crypto';

import type { Calls } from '../../apply/calls.js';
import { PoolError } from '../../cognito/errors.js';
import type { Operation } from '../../cognito/quotas.js';
import type { UserPool } from '../../cognito/user-pool.js';
import { permissionOf } from './permission.js';
import type { Permissions } from './permission.js';

/**
 * Tries operations in a way that can't change anything: for a user, a group and an app client who do
 * not exist. CreateGroup has no such way, and ListUserPoolClientSecrets shows secrets.
 */
export async function tryOperations(pool: UserPool, calls: Calls): Promise<Permissions> {
  const permissions: Permissions = {};
  for (const [name, send] of Object.entries(harmless(pool))) {
    const operation = name as Operation;
    try {
      await calls.ask(operation, send);
      permissions[operation] = 'allowed';
    } catch (error) {
      if (!(error instanceof PoolError)) throw error;
      permissions[operation] = permissionOf(error);
    }
  }
  return permissions;
}

function harmless(pool: UserPool): Partial<Record<Operation, () => Promise<unknown>>> {
  // Nobody has this name, so that nothing is done and nobody is billed.
  const nobody = `cognito-bulk-doctor-${randomUUID()}@example.invalid`;
  const group = `cognito-bulk-doctor-${randomUUID()}`;
  const password = `Aa1!${randomUUID()}`;
  // Of a real one the triggers might run, for a user who is not there too.
  const clientId = randomUUID().replaceAll('-', '');
  const flow = 'ADMIN_USER_PASSWORD_AUTH';
  const answer = { clientId, session: randomUUID(), username: nobody, newPassword: password };
  return {
    ListUsers: () => pool.listUsers({ filter: { attribute: 'sub', value: randomUUID() } }),
    ListGroups: () => pool.listGroups(),
    ListUsersInGroup: () => pool.listUsersInGroup(group),
    // To invite again never makes anybody.
    AdminCreateUser: () =>
      pool.adminCreateUser({ username: nobody, attributes: [], invite: 'EMAIL', resend: true }),
    AdminGetUser: () => pool.adminGetUser(nobody),
    AdminUpdateUserAttributes: () =>
      pool.adminUpdateUserAttributes(nobody, [{ Name: 'name', Value: 'nobody' }]),
    AdminListGroupsForUser: () => pool.adminListGroupsForUser(nobody),
    AdminAddUserToGroup: () => pool.adminAddUserToGroup(nobody, group),
    AdminRemoveUserFromGroup: () => pool.adminRemoveUserFromGroup(nobody, group),
    AdminEnableUser: () => pool.adminEnableUser(nobody),
    AdminDisableUser: () => pool.adminDisableUser(nobody),
    AdminDeleteUser: () => pool.adminDeleteUser(nobody),
    AdminSetUserPassword: () => pool.adminSetUserPassword(nobody, password, true),
    DescribeUserPoolClient: () => pool.describeUserPoolClient(clientId),
    AdminInitiateAuth: () => pool.adminInitiateAuth({ clientId, flow, username: nobody, password }),
    AdminRespondToAuthChallenge: () =>
      pool.adminRespondToAuthChallenge({ ...answer, attributes: [] }),
  };
}
