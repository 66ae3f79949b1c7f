import type { Operation } from '../../cognito/quotas.js';

/** Commands that reach a pool. */
export type PoolCommand =
  'validate' | 'import' | 'sync' | 'undo' | 'verify send' | 'verify confirm' | 'export' | 'pool';

/** An operation that a command calls, and so needs the permission for. */
export interface Use {
  readonly operation: Operation;
  /** Absent where every run may call it; else what makes it so, as options or a mishap. */
  readonly when?: string;
}

const describe: readonly Use[] = [{ operation: 'DescribeUserPool' }];
const rates: readonly Use[] = [
  {
    operation: 'GetProvisionedLimit',
    when: 'to know the rates of the account; else the published ones are taken',
  },
];
const groupNames: readonly Use[] = [
  { operation: 'ListGroups', when: 'the file or --groups names groups' },
];
/** Bills nobody but a user who is there, and is only called where a list may lag behind. */
const exactLook: readonly Use[] = [{ operation: 'AdminGetUser', when: 'an answer was lost' }];
const signIn: readonly Use[] = [
  { operation: 'DescribeUserPoolClient' },
  { operation: 'ListUserPoolClientSecrets', when: 'the app client has a secret' },
  { operation: 'AdminInitiateAuth' },
];

const challenge: readonly Use[] = [
  ...signIn,
  { operation: 'AdminRespondToAuthChallenge' } as const,
].map(({ operation }) => ({ operation, when: '--password-mode challenge' }));

const create: readonly Use[] = [
  { operation: 'AdminCreateUser' },
  { operation: 'ListUsers', when: 'an answer was lost, or with --dry-run' },
  ...exactLook,
  { operation: 'AdminSetUserPassword', when: '--password-mode permanent or challenge' },
  ...challenge,
  { operation: 'CreateGroup', when: '--create-groups' },
  { operation: 'AdminAddUserToGroup', when: 'the file or --groups names groups' },
  { operation: 'AdminDisableUser', when: 'the file has a column "enabled"' },
];

/**
 * What each command calls: the table that the permissions in docs/iam.md, the `doctor` command and
 * what a dry run says of permissions are made from. `resume`, `apply` and `--dry-run` need those of
 * the command that they go on with, carry out or try.
 */
export const commandOperations: Readonly<Record<PoolCommand, readonly Use[]>> = {
  validate: [...describe, ...groupNames],
  import: [
    ...describe,
    ...rates,
    ...groupNames,
    ...create,
    { operation: 'AdminListGroupsForUser', when: '--on-existing update' },
    { operation: 'AdminUpdateUserAttributes', when: '--on-existing update' },
    { operation: 'AdminEnableUser', when: '--on-existing update' },
  ],
  sync: [
    ...describe,
    ...rates,
    ...groupNames,
    { operation: 'ListUsers' },
    { operation: 'ListUsersInGroup', when: 'the file, --groups or --scope names groups' },
    ...create.filter(({ operation }) => operation !== 'ListUsers'),
    { operation: 'AdminUpdateUserAttributes' },
    { operation: 'AdminRemoveUserFromGroup', when: '--groups-mode exact' },
    { operation: 'AdminEnableUser', when: 'the file has a column "enabled"' },
    { operation: 'AdminDeleteUser', when: '--missing delete' },
  ].map((use) =>
    use.operation === 'AdminDisableUser'
      ? { ...use, when: '--missing disable, or the file has a column "enabled"' }
      : use,
  ) as readonly Use[],
  undo: [
    ...describe,
    { operation: 'ListUsers' },
    ...exactLook,
    { operation: 'AdminDeleteUser' },
    { operation: 'AdminEnableUser', when: 'the run disabled somebody' },
  ],
  'verify send': [...describe, ...rates, ...signIn],
  'verify confirm': [
    ...describe,
    ...rates,
    ...signIn,
    { operation: 'ListUsers', when: 'an answer was lost' },
    ...exactLook,
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
