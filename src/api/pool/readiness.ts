import type { UserPoolSettings } from '../../cognito/description.js';
import type { Operation } from '../../cognito/quotas.js';
import { commandOperations } from './command-operations.js';
import type { PoolCommand, Use } from './command-operations.js';
import type { ClientLook } from './look-at-client.js';
import type { Permission, Permissions } from './permission.js';

/** Something that a command needs. */
export interface Need {
  /** The operation that it takes the permission for, or a thing in words. */
  readonly what: string;
  /** Absent where every run needs it; else what makes a run need it. */
  readonly when?: string;
}

/** What a command can do here. */
export interface Readiness {
  readonly command: PoolCommand;
  /**
   * `no`: something is missing that every run needs; `mostly`: that some runs need;
   * `as far as tried`: nothing is known to be missing, and something was not tried.
   */
  readonly may: 'yes' | 'mostly' | 'as far as tried' | 'no';
  readonly missing: readonly Need[];
  readonly notTried: readonly Need[];
}

/** What is known of all that the commands need. */
export interface Known {
  readonly permissions: Readonly<Permissions>;
  readonly settings: UserPoolSettings | undefined;
  readonly clientLack: ClientLook['lack'] | undefined;
}

export function readinessOf(known: Known): Readiness[] {
  return commands().map(([command, uses]) => {
    const of = (permission: Permission): Need[] => needsOf(uses, permission, known.permissions);
    const client = clientNeed(uses, known.clientLack);
    const isMissing = known.clientLack?.is === 'missing';
    const senders = brokenSenders(command, known.settings);
    const missing = [...of('denied'), ...(isMissing ? client : []), ...senders];
    const notTried = [...of('not tried'), ...(isMissing ? [] : client)];
    return { command, may: judge(missing, notTried), missing, notTried };
  });
}

/** Where something is in the way of every command. */
export function nothingReady(inTheWay: string): Readiness[] {
  return commands().map(([command]) => ({
    command,
    may: 'no',
    missing: [{ what: inTheWay }],
    notTried: [],
  }));
}

function commands(): [PoolCommand, readonly Use[]][] {
  return Object.entries(commandOperations) as [PoolCommand, readonly Use[]][];
}

function judge(missing: readonly Need[], notTried: readonly Need[]): Readiness['may'] {
  if (missing.some(({ when }) => when === undefined)) return 'no';
  if (missing.length > 0) return 'mostly';
  return notTried.length > 0 ? 'as far as tried' : 'yes';
}

/** The operations with this permission; not those that a command goes on without. */
function needsOf(
  uses: readonly Use[],
  permission: Permission,
  permissions: Readonly<Permissions>,
): Need[] {
  const names = new Set(
    uses.filter(({ optional }) => optional !== true).map((use) => use.operation),
  );
  return [...names]
    .filter((name) => (permissions[name] ?? 'not tried') === permission)
    .map((name) => needOf(name, name, uses));
}

/** A command needs an app client when it signs users in. */
function clientNeed(uses: readonly Use[], lack: ClientLook['lack'] | undefined): Need[] {
  const signsIn = uses.some(({ operation }) => operation === 'AdminInitiateAuth');
  return lack && signsIn ? [needOf(lack.what, 'AdminInitiateAuth', uses)] : [];
}

/** Something that is needed whenever an operation is. */
function needOf(what: string, operation: Operation, uses: readonly Use[]): Need {
  const conditions = uses.filter((use) => use.operation === operation).map(({ when }) => when);
  return conditions.includes(undefined) ? { what } : { what, when: conditions.join('; or: ') };
}

/** What makes a command send messages. */
const messages: Partial<Record<PoolCommand, { readonly email: string; readonly sms: string }>> = {
  import: { email: '--invite email', sms: '--invite sms' },
  sync: { email: '--invite email', sms: '--invite sms' },
  'verify send': { email: '--attribute email', sms: '--attribute phone_number' },
};

function brokenSenders(command: PoolCommand, settings: UserPoolSettings | undefined): Need[] {
  const when = messages[command];
  if (!when || !settings) return [];
  const { EmailConfigurationFailure: email, SmsConfigurationFailure: sms } = settings;
  return [
    ...(email === undefined ? [] : [{ what: 'a sender of emails', when: when.email }]),
    ...(sms === undefined ? [] : [{ what: 'a sender of SMS', when: when.sms }]),
  ];
}
