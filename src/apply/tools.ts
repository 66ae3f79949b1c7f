import type { UserPoolSettings } from '../cognito/description.js';
import type { UserPool } from '../cognito/user-pool.js';
import type { ImportSettings } from '../plan/import-plan.js';
import type { Calls } from './calls.js';
import type { Clock } from './clock.js';
import type { Invitations } from './invitations.js';
import type { Ledger } from './ledger.js';
import type { SignIn } from './sign-in.js';
import type { Stop } from './stop.js';

/** Makes passwords that somebody will be able to read. */
export interface PasswordBook {
  /** Resolves when the user's password is on the disk: the same one each time it is asked for. */
  passwordFor(username: string): Promise<string>;
}

/** Milliseconds since 1970 by the service's clock, which says when users were made. */
export function serviceNow({ clock, pool }: Pick<Tools, 'clock' | 'pool'>): number {
  return clock.wall() + pool.clockOffsetMs;
}

/** All that carrying out an action needs. */
export interface Tools {
  readonly pool: UserPool;
  readonly settings: UserPoolSettings;
  readonly importSettings: ImportSettings;
  readonly calls: Calls;
  readonly ledger: Ledger;
  readonly invitations: Invitations;
  /** Present where rows without a password get one. */
  readonly passwords?: PasswordBook;
  /** Present where the run signs users in. */
  readonly signIn?: SignIn;
  /** A random password that fits the pool's policy, for nobody to know. */
  readonly newPassword: () => string;
  readonly clock: Clock;
  readonly stop: Stop;
}
