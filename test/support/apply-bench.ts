import { Calls } from '../../src/apply/calls.js';
import type { CallOutcome, Effort } from '../../src/apply/calls.js';
import { Invitations } from '../../src/apply/invitations.js';
import type { Earlier, Ledger } from '../../src/apply/ledger.js';
import type { RowResult } from '../../src/apply/result.js';
import { applyRow } from '../../src/apply/row.js';
import { Stop } from '../../src/apply/stop.js';
import type { StopReason } from '../../src/apply/stop.js';
import type { PasswordBook, Tools } from '../../src/apply/tools.js';
import type { UserPoolSettings } from '../../src/cognito/description.js';
import { categories } from '../../src/cognito/quotas.js';
import type { Category, Operation } from '../../src/cognito/quotas.js';
import { planCreate } from '../../src/plan/import-plan.js';
import type { ImportSettings } from '../../src/plan/import-plan.js';
import type { User } from '../../src/record/user.js';
import { ScriptedPool } from './scripted-pool.js';
import type { ScriptedPoolOptions } from './scripted-pool.js';
import { VirtualClock } from './virtual-clock.js';

/** A ledger in memory. */
export class MemoryLedger implements Ledger {
  readonly tries: [row: number, at: number][] = [];
  readonly results: RowResult[] = [];
  /** What writing a try rejects with, as when the disk is full. */
  failure: Error | undefined;

  willTry(row: number, at: number): Promise<void> {
    if (this.failure) return Promise.reject(this.failure);
    this.tries.push([row, at]);
    return Promise.resolve();
  }

  done(result: RowResult): void {
    this.results.push(result);
  }

  /** What a later session knows of a row, as the journal would say it. */
  earlier(row: number): Earlier | undefined {
    const result = this.results.findLast((one) => one.row === row);
    const tried = this.tries.findLast((one) => one[0] === row)?.[1];
    const triedAt = result ? result.unknownSince : tried;
    if (!result && triedAt === undefined) return undefined;
    return { ...(triedAt !== undefined && { triedAt }), ...(result && { result }) };
  }
}

export const importSettings: ImportSettings = {
  passwordMode: 'none',
  generatesPasswords: false,
  verified: [],
  invite: undefined,
  onExisting: 'skip',
};

export interface BenchOptions extends ScriptedPoolOptions {
  readonly settings?: UserPoolSettings;
  readonly import?: Partial<ImportSettings>;
  readonly rates?: Partial<Record<Category, number>>;
  readonly maxAttempts?: number;
  readonly inviteLimit?: number;
  readonly random?: () => number;
  /** What asks the service whether it is there. */
  readonly probe?: () => Promise<unknown>;
  readonly passwords?: PasswordBook;
  /** Goes on with the pool, the ledger and the time of another bench, as a new process does. */
  readonly after?: Bench;
}

/** All that a row needs, over a scripted pool and a virtual clock. */
export interface Bench extends Tools {
  readonly clock: VirtualClock;
  readonly pool: ScriptedPool;
  readonly ledger: MemoryLedger;
  readonly outcomes: { readonly operation: Operation; readonly outcome: CallOutcome }[];
}

/** A rate for every category. */
export function ratesOf(
  rate: number,
  more: Partial<Record<Category, number>> = {},
): Record<Category, number> {
  return {
    ...(Object.fromEntries(categories.map((name) => [name, rate])) as Record<Category, number>),
    ...more,
  };
}

export function benchWith(options: BenchOptions = {}): Bench {
  const clock = options.after?.clock ?? new VirtualClock();
  const stop = new Stop();
  const outcomes: Bench['outcomes'] = [];
  const calls = new Calls(
    {
      rates: ratesOf(1_000, options.rates),
      maxAttempts: options.maxAttempts ?? 4,
      ...(options.probe && { probe: options.probe }),
      onCall: (operation, outcome) => outcomes.push({ operation, outcome }),
    },
    clock,
    options.random ?? (() => 0.5),
    stop,
  );
  return {
    clock,
    stop,
    calls,
    outcomes,
    pool: options.after?.pool ?? new ScriptedPool(clock, options),
    ledger: options.after?.ledger ?? new MemoryLedger(),
    settings: options.settings ?? {
      Id: 'eu-west-1_Scripted',
      ...(options.byEmail === true && { UsernameAttributes: ['email'] }),
    },
    importSettings: { ...importSettings, ...options.import },
    invitations: new Invitations(options.inviteLimit ?? Infinity, stop),
    ...(options.passwords && { passwords: options.passwords }),
    newPassword: () => 'Thr0wn-away!',
  };
}

export const newEffort = (): Effort => ({ attempts: 0, pacedMs: 0 });

export function userOf(username: string, more: Partial<User> = {}): User {
  return {
    line: 2,
    username,
    attributes: [{ Name: 'email', Value: `${username.split('@')[0] ?? ''}@example.com` }],
    groups: [],
    ...more,
  };
}

/** Plans and carries out one row, from where the ledger says that it stands. */
export function applyUser(bench: Bench, user: User, row = 0): Promise<RowResult> {
  const action = planCreate(row, user, bench.importSettings);
  const work = applyRow(action, bench.ledger.earlier(row), newEffort(), bench);
  return bench.clock.run(
    work.then((result) => {
      bench.ledger.done(result);
      return result;
    }),
  );
}

export const interruption: StopReason = {
  outcome: 'interrupted',
  code: 'interrupted',
  message: 'Ctrl-C ended it',
  exitCode: 130,
};
