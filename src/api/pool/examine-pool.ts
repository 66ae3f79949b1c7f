import { randomUUID } from 'node:crypto';

import type { Calls } from '../../apply/calls.js';
import type { UserPoolClientSettings, UserPoolSettings } from '../../cognito/description.js';
import { PoolError } from '../../cognito/errors.js';
import { categories, defaultLimit, isAdjustable } from '../../cognito/quotas.js';
import type { Operation } from '../../cognito/quotas.js';
import type { UserPool } from '../../cognito/user-pool.js';
import { dailyEmails } from '../../plan/forecast.js';
import { commandOperations } from './command-operations.js';
import type { PoolCommand } from './command-operations.js';
import type { RunListener } from '../listener.js';
import type { CallOptions, ClientOptions, PoolOptions } from '../options.js';
import { provisionedLimits } from '../run/rates.js';
import { firstCalls, openPool, withSession } from '../run/session.js';

export interface ExamineOptions extends CallOptions, Pick<ClientOptions, 'clientId'> {
  readonly pool: PoolOptions;
}

/** Something that was looked at. */
export interface Finding {
  /** `region`, `credentials`, `pool`, `app client`, `messages`, `quotas`. */
  readonly about: string;
  /** `warning`: it works, and a person should know. `missing`: something will not work. */
  readonly is: 'fine' | 'warning' | 'missing';
  /** One sentence; of what is missing, with what to do. */
  readonly text: string;
}

/** What is known of the permission for an operation. */
export type Permission = 'allowed' | 'denied' | 'not tried';

/** What a command can do here. */
export interface Readiness {
  readonly command: PoolCommand;
  /** Operations that every run of it needs, and that are denied. */
  readonly missing: readonly Operation[];
  /** Operations that only some runs need, and that are denied, with what makes them needed. */
  readonly missingSometimes: readonly { readonly operation: Operation; readonly when: string }[];
}

export interface Examination {
  readonly pool: { readonly id: string; readonly region: string };
  readonly findings: readonly Finding[];
  readonly permissions: Readonly<Partial<Record<Operation, Permission>>>;
  readonly commands: readonly Readiness[];
}

/**
 * Looks at all that the commands depend on. Changes, messages and bills nobody: calls that would are
 * made for a user who does not exist. Rejects with a `PoolError` where the pool can't be reached at all.
 */
export function examinePool(
  options: ExamineOptions,
  listener: RunListener = {},
): Promise<Examination> {
  return withSession(options, listener, async (session) => {
    const pool = await openPool(options.pool, session);
    const calls = firstCalls(session);
    const settings = await calls.repeatable('DescribeUserPool', effort(), () =>
      pool.describeUserPool(),
    );
    const permissions: Partial<Record<Operation, Permission>> = { DescribeUserPool: 'allowed' };
    const findings: Finding[] = [
      fine('region', `${pool.region}, at ${pool.host}`),
      fine('credentials', 'AWS takes them'),
      ...poolFindings(settings),
      ...messageFindings(settings),
    ];
    findings.push(...(await quotaFindings(pool, calls, permissions)));
    findings.push(...(await clientFindings(options.clientId, pool, calls, permissions)));
    await tryOperations(pool, calls, permissions);
    return {
      pool: { id: pool.userPoolId, region: pool.region },
      findings,
      permissions,
      commands: readiness(permissions),
    };
  });
}

const effort = (): { attempts: number; pacedMs: number } => ({ attempts: 0, pacedMs: 0 });
const fine = (about: string, text: string): Finding => ({ about, is: 'fine', text });
const warning = (about: string, text: string): Finding => ({ about, is: 'warning', text });
const missing = (about: string, text: string): Finding => ({ about, is: 'missing', text });

function poolFindings(settings: UserPoolSettings): Finding[] {
  const signIn = settings.UsernameAttributes ?? [];
  const how = signIn.length > 0 ? `people sign in by ${signIn.join(' or ')}` : 'with usernames';
  const count = (settings.EstimatedNumberOfUsers ?? 0).toLocaleString('en');
  const found = [fine('pool', `${settings.Name ?? settings.Id}: ${how}, about ${count} users`)];
  const triggers = Object.entries(settings.LambdaConfig ?? {}).filter(([, value]) =>
    Boolean(value),
  );
  if (triggers.length > 0) {
    const names = triggers.map(([name]) => name).join(', ');
    found.push(warning('pool', `Its triggers run during an import: ${names}.`));
  }
  return found;
}

function messageFindings(settings: UserPoolSettings): Finding[] {
  const found: Finding[] = [];
  const sender = settings.EmailConfiguration?.EmailSendingAccount ?? 'COGNITO_DEFAULT';
  found.push(
    sender === 'DEVELOPER'
      ? fine('messages', 'Emails go out by Amazon SES')
      : warning(
          'messages',
          `Emails go out by Cognito's own sender, which stops after ${dailyEmails} a day: set Amazon SES as the pool's sender before you invite more.`,
        ),
  );
  if (settings.EmailConfigurationFailure !== undefined) {
    found.push(missing('messages', `Emails can't be sent: ${settings.EmailConfigurationFailure}`));
  }
  if (settings.SmsConfigurationFailure !== undefined) {
    found.push(missing('messages', `SMS can't be sent: ${settings.SmsConfigurationFailure}`));
  }
  return found;
}

async function quotaFindings(
  pool: UserPool,
  calls: Calls,
  permissions: Partial<Record<Operation, Permission>>,
): Promise<Finding[]> {
  let denied: string | undefined;
  const asked = categories.filter(isAdjustable);
  const limits = await provisionedLimits(asked, pool, calls, (_, { code }) => (denied = code));
  permissions.GetProvisionedLimit = denied === undefined ? 'allowed' : 'denied';
  if (denied !== undefined) {
    return [
      warning(
        'quotas',
        `GetProvisionedLimit says ${denied}, so the published rates are taken: ${defaultLimit('UserCreation')} creates a second.`,
      ),
    ];
  }
  const rates = [...limits].map(([category, limit]) => `${category} ${limit}`);
  return [fine('quotas', `Calls a second: ${rates.join(', ')}`)];
}

async function clientFindings(
  clientId: string | undefined,
  pool: UserPool,
  calls: Calls,
  permissions: Partial<Record<Operation, Permission>>,
): Promise<Finding[]> {
  if (clientId === undefined) {
    return [
      warning(
        'app client',
        'Not looked at: verify and --password-mode challenge need --client-id.',
      ),
    ];
  }
  let settings: UserPoolClientSettings;
  try {
    settings = await calls.repeatable('DescribeUserPoolClient', effort(), () =>
      pool.describeUserPoolClient(clientId),
    );
  } catch (error) {
    if (!(error instanceof PoolError)) throw error;
    permissions.DescribeUserPoolClient = permissionOf(error);
    return [missing('app client', `${clientId} can't be described (${error.code}): check its ID.`)];
  }
  permissions.DescribeUserPoolClient = 'allowed';
  const flows = settings.ExplicitAuthFlows ?? [];
  const allows = flows.some((flow) =>
    /^(ALLOW_ADMIN_USER_PASSWORD_AUTH|ADMIN_NO_SRP_AUTH)$/.test(flow),
  );
  const secret = settings.HasSecret === true ? 'with a secret' : 'without a secret';
  return [
    allows
      ? fine('app client', `${clientId}, ${secret}, signs users in`)
      : missing(
          'app client',
          `${clientId} does not allow ALLOW_ADMIN_USER_PASSWORD_AUTH, which verify and --password-mode challenge need: allow it.`,
        ),
  ];
}

/** Tries each operation in a way that can't change anything, and remembers who is denied. */
async function tryOperations(
  pool: UserPool,
  calls: Calls,
  permissions: Partial<Record<Operation, Permission>>,
): Promise<void> {
  // Nobody has this name, so that nothing is done and nobody is billed.
  const nobody = `cognito-bulk-doctor-${randomUUID()}@example.invalid`;
  const group = `cognito-bulk-doctor-${randomUUID()}`;
  const tries: Partial<Record<Operation, () => Promise<unknown>>> = {
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
    AdminSetUserPassword: () => pool.adminSetUserPassword(nobody, `Aa1!${randomUUID()}`, true),
  };
  for (const [name, send] of Object.entries(tries)) {
    const operation = name as Operation;
    try {
      await calls.retrying(effort(), () => calls.once(operation, effort(), send));
      permissions[operation] = 'allowed';
    } catch (error) {
      if (!(error instanceof PoolError)) throw error;
      permissions[operation] = permissionOf(error);
    }
  }
}

const denials: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'AccessDenied',
  'NotAuthorizedException',
]);

/** Whatever else the service answers, it took the call. */
function permissionOf({ code, answered }: PoolError): Permission {
  if (denials.has(code)) return 'denied';
  return answered ? 'allowed' : 'not tried';
}

function readiness(permissions: Readonly<Partial<Record<Operation, Permission>>>): Readiness[] {
  return Object.entries(commandOperations).map(([command, uses]) => {
    const denied = uses.filter(({ operation }) => permissions[operation] === 'denied');
    return {
      command: command as PoolCommand,
      missing: denied.filter(({ when }) => when === undefined).map(({ operation }) => operation),
      missingSometimes: denied.flatMap(({ operation, when }) =>
        when === undefined ? [] : [{ operation, when }],
      ),
    };
  });
}
