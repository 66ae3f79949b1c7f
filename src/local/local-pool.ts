import { randomBytes } from 'node:crypto';

import { pairsOf } from './attribute-list.js';
import { CallCounter } from './call-counts.js';
import type { LocalPoolStats } from './call-counts.js';
import { CallHandler } from './calls.js';
import { openDataFile } from './data-file.js';
import { Delivery } from './delivery.js';
import type { DeliveredMessage } from './delivery.js';
import { readFaultPlan } from './fault-plan.js';
import type { FaultPlan } from './fault-plan.js';
import { Faults } from './faults.js';
import { ListLag } from './list-lag.js';
import { defaultSettings, prepareSettings } from './pool-settings.js';
import type { LocalPoolSettings } from './pool-settings.js';
import { Pool } from './pool.js';
import { Quotas } from './quotas.js';
import { readLimits, readLocalPoolSettings } from './read-settings.js';
import { seedUsers } from './seed-users.js';
import { startServer } from './server.js';
import { Sessions } from './sessions.js';
import { TokenSigner } from './tokens.js';
import { UserStore } from './user-store.js';
import type { StoredGroup, StoredUser } from './user-store.js';

export interface LocalPoolOptions {
  /** Default: plain usernames, all standard and four custom attributes, seven groups, two clients. */
  readonly settings?: LocalPoolSettings;
  /** Default: any that is free. */
  readonly port?: number;
  /** Keeps users across restarts; without it they live in memory only. */
  readonly dataFile?: string;
  readonly faults?: FaultPlan;
  /** Requests a second by category; 0 or Infinity for no quota. Default: the published ones. */
  readonly limits?: Readonly<Record<string, number>>;
  /** Milliseconds until an answer. Default 0. */
  readonly latencyMs?: number;
  /** Quotas, latency and list delay so many times faster. Default 1. */
  readonly speed?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** From 0 up to but not 1: codes, generated passwords, and whether a misfortune strikes. */
  readonly random?: () => number;
  /** Told of every invitation and code when it would have been sent. */
  readonly onMessage?: (message: DeliveredMessage) => void;
}

export interface LocalPoolClient {
  readonly ClientId: string;
  readonly ClientSecret?: string;
}

/** One user, for a test to look at. */
export interface LocalUser {
  readonly username: string;
  readonly sub: string;
  readonly status: string;
  readonly enabled: boolean;
  readonly attributes: Readonly<Record<string, string>>;
  readonly groups: readonly string[];
}

/** A local pool at work. */
export interface LocalPool {
  /** What an SDK client takes as its endpoint. */
  readonly endpoint: string;
  readonly userPoolId: string;
  readonly region: string;
  readonly clients: readonly LocalPoolClient[];
  /** The last invitations and codes, oldest first, at most a thousand. */
  readonly messages: readonly DeliveredMessage[];
  readonly userCount: number;
  /** All users in order of creation. */
  users(): Iterable<LocalUser>;
  /** Other misfortunes from now on; their counts begin anew. */
  setFaults(plan: FaultPlan): void;
  stats(): LocalPoolStats;
  /** Ends open connections and the data file. */
  close(): Promise<void>;
}

/**
 * Starts a local user pool on 127.0.0.1.
 * @throws LocalPoolError where settings, faults, limits, the port or the data file can't be used.
 */
export async function startLocalPool(options: LocalPoolOptions = {}): Promise<LocalPool> {
  const { now = Date.now, random = Math.random, speed = 1 } = options;
  const given = readLocalPoolSettings(options.settings ?? defaultSettings());
  readLimits(options.limits ?? {}, 'limits');
  const settings = prepareSettings(given);
  const users = new UserStore(settings);
  const groups = new Map<string, StoredGroup>();
  const newKey = (): Buffer => randomBytes(32);
  const held =
    options.dataFile === undefined
      ? undefined
      : await openDataFile(options.dataFile, settings.pool.Id, newKey, users, groups);
  const quotas = new Quotas({ ...given.Limits, ...options.limits }, speed, now);
  const delivery = new Delivery(settings, options.onMessage);
  const pool = new Pool({
    settings,
    users,
    groups,
    delivery,
    quotas,
    sessions: new Sessions(now, () => randomBytes(48).toString('base64url')),
    tokens: new TokenSigner(held?.tokenKey ?? newKey(), now),
    lag: new ListLag(settings.listDelayMs / speed, now),
    log: held?.log,
    now,
    random,
  });
  makeGroups(pool, given);
  seedUsers(pool, given.Local?.Users ?? []);
  const counter = new CallCounter();
  let faults = new Faults(readFaultPlan(options.faults ?? { rules: [] }), now, random);
  const server = await startServer({
    port: options.port ?? 0,
    latencyMs: (options.latencyMs ?? 0) / speed,
    handler: new CallHandler(pool, counter),
    faults: () => faults,
  });
  let closing: Promise<void> | undefined;
  return {
    endpoint: `http://127.0.0.1:${server.port}`,
    userPoolId: settings.pool.Id,
    region: settings.region,
    clients: clientsOf(pool),
    get messages() {
      return delivery.messages;
    },
    get userCount() {
      return users.size;
    },
    *users() {
      for (const user of users) yield shown(user);
    },
    setFaults(plan) {
      faults = new Faults(readFaultPlan(plan), now, random);
    },
    stats: () => ({
      operations: counter.byOperation(),
      throttled: quotas.throttledByCategory(),
      struck: faults.struckByKind(),
    }),
    close: () => {
      closing ??= server.close().then(() => held?.log.close());
      return closing;
    },
  };
}

/** The groups of the settings, where the data file doesn't have them. */
function makeGroups(pool: Pool, settings: LocalPoolSettings): void {
  for (const { GroupName, Description, Precedence } of settings.Groups ?? []) {
    if (pool.groups.has(GroupName)) continue;
    const group: StoredGroup = {
      name: GroupName,
      description: Description,
      precedence: Precedence,
      roleArn: undefined,
      createdAt: pool.now(),
      members: 0,
    };
    pool.groups.set(GroupName, group);
    pool.parts.log?.putGroup(group);
  }
}

function clientsOf(pool: Pool): LocalPoolClient[] {
  return [...pool.settings.clients.values()].map(({ settings, secrets: [secret] }) => ({
    ClientId: settings.ClientId,
    ...(secret !== undefined && { ClientSecret: secret }),
  }));
}

function shown(user: StoredUser): LocalUser {
  return {
    username: user.username,
    sub: user.sub,
    status: user.status,
    enabled: user.enabled,
    attributes: Object.fromEntries(pairsOf(user.attributes)),
    groups: user.groups.map(({ name }) => name),
  };
}
