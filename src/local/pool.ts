import type { PasswordPolicy } from '../cognito/description.js';
import type { MutationLog } from './data-file.js';
import type { Delivery } from './delivery.js';
import { notFound, ServiceError, userNotFound } from './errors.js';
import type { ListLag } from './list-lag.js';
import { DEFAULT_POLICY } from './pool-settings.js';
import type { PoolClient, PreparedSettings } from './pool-settings.js';
import type { Quotas } from './quotas.js';
import type { Sessions } from './sessions.js';
import type { TokenSigner } from './tokens.js';
import type { StoredGroup, StoredUser, UserStore } from './user-store.js';

/** All that the operations work on. */
interface PoolParts {
  readonly settings: PreparedSettings;
  readonly users: UserStore;
  readonly groups: Map<string, StoredGroup>;
  readonly delivery: Delivery;
  readonly quotas: Quotas;
  readonly sessions: Sessions;
  readonly tokens: TokenSigner;
  readonly lag: ListLag;
  readonly log: MutationLog | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** From 0 up to but not 1. */
  readonly random: () => number;
}

/** One pool at work: its parts, and what every operation asks of them. */
export class Pool {
  readonly parts: PoolParts;
  readonly settings: PreparedSettings;
  readonly users: UserStore;
  readonly groups: Map<string, StoredGroup>;
  readonly policy: PasswordPolicy;

  constructor(parts: PoolParts) {
    this.parts = parts;
    this.settings = parts.settings;
    this.users = parts.users;
    this.groups = parts.groups;
    this.policy = parts.settings.pool.Policies?.PasswordPolicy ?? DEFAULT_POLICY;
  }

  now(): number {
    return this.parts.now();
  }

  check(userPoolId: string): void {
    if (userPoolId !== this.settings.pool.Id) {
      throw notFound(`User pool ${userPoolId} does not exist.`);
    }
  }

  user(username: string): StoredUser {
    const user = this.users.find(username);
    if (user === undefined) throw userNotFound();
    return user;
  }

  group(name: string): StoredGroup {
    const group = this.groups.get(name);
    // The wording of aws-sdk-js-v3#3825.
    if (group === undefined) throw notFound('Group not found.');
    return group;
  }

  client(clientId: string): PoolClient {
    const client = this.settings.clients.get(clientId);
    if (client === undefined) throw notFound(`User pool client ${clientId} does not exist.`);
    return client;
  }

  /** Makes a change durable; every operation that changes a user ends with it. */
  save(user: StoredUser): void {
    user.modifiedAt = this.now();
    this.parts.log?.putUser(user);
  }

  /** [LAMBDA] a trigger that refuses gives UserLambdaValidationException in these words. */
  runTrigger(name: 'PreSignUp' | 'PreAuthentication', username: string): void {
    const trigger = this.settings.triggers.get(name);
    if (trigger?.refuses.test(username) === true) {
      throw new ServiceError(
        'UserLambdaValidationException',
        `${name} failed with error ${trigger.message}`,
      );
    }
  }
}
