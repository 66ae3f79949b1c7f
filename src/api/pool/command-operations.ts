import type { Operation } from '../../cognito/quotas.js';

/** Commands that reach a pool. */
export type PoolCommand =
  'validate' | 'import' | 'sync' | 'undo' | 'verify send' | 'verify confirm' | 'export' | 'pool';

/**
 * An operation that a command calls, and so needs the permission for; one that several things make
 * it call stands there once for each.
 */
export interface Use {
  readonly operation: Operation;
  /** Absent where every run may call it; else what makes it so, as options or a mishap. */
  readonly when?: string;
  /** The command goes on without it. */
  readonly optional?: true;
}

const named = 'the file or --groups names groups';
const update = '--on-existing update';
const resend = '--resend';
const enabled = 'the file has a column "enabled"';
const challenge = '--password-mode challenge';
/** Also where the run died before it came. */
const answerLost = 'an answer was lost';
const notListed = 'ListUsers does not show a user who is to be changed';

const describe: readonly Use[] = [{ operation: 'DescribeUserPool' }];
const rates: readonly Use[] = [
  {
    operation: 'GetProvisionedLimit',
    when: 'to know the rates of the account; else the published ones are taken',
    optional: true,
  },
];
const groupNames: readonly Use[] = [{ operation: 'ListGroups', when: named }];
const signIn: readonly Use[] = [
  { operation: 'DescribeUserPoolClient' },
  {
    operation: 'ListUserPoolClientSecrets',
    when: 'to know a second secret of the app client; else the first is taken',
    optional: true,
  },
  { operation: 'AdminInitiateAuth' },
];

const signInOfChallenge: readonly Use[] = signIn.map((use) => ({
  ...use,
  when: [challenge, use.when].filter((when) => when !== undefined).join(', '),
}));

const create: readonly Use[] = [
  { operation: 'AdminCreateUser' },
  { operation: 'AdminGetUser', when: answerLost },
  { operation: 'AdminGetUser', when: 'an invitation could not be sent' },
  { operation: 'AdminSetUserPassword', when: '--password-mode permanent' },
  { operation: 'AdminSetUserPassword', when: `${challenge}, and ${answerLost}` },
  ...signInOfChallenge,
  { operation: 'AdminRespondToAuthChallenge', when: challenge },
  { operation: 'CreateGroup', when: '--create-groups' },
  { operation: 'AdminAddUserToGroup', when: named },
  { operation: 'AdminDisableUser', when: enabled },
];

/**
 * What each command calls: the table that the permissions in docs/iam.md and the `doctor` command are
 * made from. `resume`, `apply` and `--dry-run` need those of the command that they go on with, carry
 * out or try.
 */
export const commandOperations: Readonly<Record<PoolCommand, readonly Use[]>> = {
  validate: [...describe, ...groupNames],
  import: [
    ...describe,
    ...rates,
    ...groupNames,
    ...create,
    { operation: 'ListUsers', when: '--dry-run' },
    { operation: 'ListUsers', when: update },
    { operation: 'ListUsers', when: resend },
    { operation: 'ListUsers', when: answerLost },
    // Whom the list does not show (yet) is asked for by name.
    { operation: 'AdminGetUser', when: `${update}, and ${notListed}` },
    {
      operation: 'AdminGetUser',
      when: `${resend}, and ListUsers does not show a user of the file`,
    },
    { operation: 'AdminUpdateUserAttributes', when: update },
    { operation: 'AdminListGroupsForUser', when: `${update}, and ${named}` },
    { operation: 'AdminEnableUser', when: `${update}, and ${enabled}` },
  ],
  sync: [
    ...describe,
    ...rates,
    ...groupNames,
    ...create,
    { operation: 'ListUsers' },
    { operation: 'ListUsersInGroup', when: named },
    { operation: 'ListUsersInGroup', when: '--scope group:NAME' },
    { operation: 'AdminGetUser', when: notListed },
    { operation: 'AdminUpdateUserAttributes' },
    { operation: 'AdminRemoveUserFromGroup', when: '--groups-mode exact' },
    { operation: 'AdminEnableUser', when: enabled },
    { operation: 'AdminDisableUser', when: '--missing disable' },
    { operation: 'AdminDeleteUser', when: '--missing delete' },
  ],
  undo: [
    ...describe,
    { operation: 'ListUsers' },
    { operation: 'AdminGetUser', when: answerLost },
    { operation: 'AdminGetUser', when: notListed },
    { operation: 'AdminDeleteUser' },
    { operation: 'AdminEnableUser', when: 'the run disabled somebody' },
  ],
  'verify send': [...describe, ...rates, ...signIn],
  'verify confirm': [
    ...describe,
    ...rates,
    ...signIn,
    { operation: 'ListUsers', when: answerLost },
    { operation: 'AdminGetUser', when: answerLost },
  ],
  export: [
    ...describe,
    { operation: 'ListGroups' },
    { operation: 'ListUsers' },
    { operation: 'ListUsersInGroup' },
  ],
  pool: [
    ...describe,
    ...rates,
    { operation: 'ListGroups' },
    { operation: 'DescribeUserPoolClient', when: '--client-id' },
  ],
};
