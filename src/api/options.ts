import type { Readable } from 'node:stream';

import type { ErrorLimit } from '../apply/stop-rules.js';
import type { Category } from '../cognito/quotas.js';
import type { Prices } from '../plan/forecast.js';
import type { PlanCounts } from '../plan/planned.js';
import type { RemovalCap } from '../plan/removal-cap.js';
import type { Scope } from '../plan/scope.js';
import type { Preset } from '../record/preset.js';

/** Where the pool is; what is absent comes from the AWS SDK's own chain. */
export interface PoolOptions {
  readonly userPoolId: string;
  readonly region?: string;
  readonly profile?: string;
  readonly endpointUrl?: string;
  /** For a local pool, which takes any. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** How a file in S3 is reached; what is absent comes from the AWS SDK's own chain. */
export interface S3Options {
  readonly region?: string;
  readonly profile?: string;
}

/** How the file is to be read. */
export interface FileOptions {
  /** A path, `s3://bucket/key`, or `-` for `stdin`. */
  readonly file: string;
  readonly stdin?: Readable;
  readonly s3?: S3Options;
  /** Default `auto`: UTF-8, or UTF-16 by its byte-order mark. */
  readonly encoding?: string;
  /** Default `auto`: one of `,` `;` tab `|`. */
  readonly delimiter?: string;
  /** The names of the columns of a file without a header line: those of its preset, for one. */
  readonly header?: readonly string[];
}

/** What the columns mean, and what is added to them. */
export interface ColumnOptions {
  /**
   * Header name to attribute; the empty string drops the column. Case and surrounding space of a
   * header name do not count. Wins over the preset.
   */
  readonly mapping?: Readonly<Record<string, string>>;
  /** Attribute values for every row that has none. Win over the preset's. */
  readonly defaults?: Readonly<Record<string, string>>;
  /** ISO 3166 alpha-2: reads phone numbers without a country code as that country's. */
  readonly defaultCountry?: string;
  /** The system that the file comes from, as `loadPreset` gives it. */
  readonly preset?: Preset;
}

/** How calls are made; each may be given anew when a run is resumed. */
export interface CallOptions {
  /** Calls a second by category, in place of what the account has. */
  readonly rate?: Readonly<Partial<Record<Category, number>>>;
  /** The part of a limit that is used: default 0.8, and 1 for a rate that was given. */
  readonly rateShare?: number;
  /** Rows at once; default what the rate and the latency need, at most 256. */
  readonly concurrency?: number;
  /** Tries for one call; default 8. */
  readonly maxAttempts?: number;
  /** Milliseconds for one call; default 10,000. */
  readonly timeoutMs?: number;
  /** Ends the run in good order once so many rows failed. */
  readonly maxErrors?: ErrorLimit;
  /** Ends the run in good order after so many milliseconds. */
  readonly maxDurationMs?: number;
  /**
   * Ends the run in good order once so many invitations were sent in this session. A run that goes on
   * keeps it, unless it is given anew.
   */
  readonly inviteLimit?: number;
  /** How many times faster time runs; for a rehearsal against a local pool at the same speed. */
  readonly speed?: number;
  /** Ends the run in good order when it aborts; its reason may be an `Interruption`. */
  readonly signal?: AbortSignal;
}

/** What an abort signal may carry: how the process is to end. */
export interface Interruption {
  /** What happened: "Ctrl-C", "SIGTERM". */
  readonly by: string;
  readonly exitCode: number;
}

/** The app client that signs users in. */
export interface ClientOptions {
  readonly clientId?: string;
  /** Default: what the pool says. Never kept on the disk. */
  readonly clientSecret?: string;
}

/** What an import does with each row. */
export interface RowOptions extends ColumnOptions {
  /** Default `temporary` where the file has a password column or passwords are generated, else `none`. */
  readonly passwordMode?: 'none' | 'temporary' | 'permanent' | 'challenge';
  /** A file that does not exist yet, for a password for each row without one. */
  readonly generatePasswords?: string;
  /** Default `none`: nobody is messaged. */
  readonly invite?: 'none' | 'email' | 'sms';
  /** Default `skip`. */
  readonly onExisting?: 'skip' | 'update' | 'fail';
  readonly verified?: readonly ('email' | 'phone_number')[];
  /** For every user, beside the file's `groups` column. */
  readonly groups?: readonly string[];
  /** Makes groups that the pool has not. */
  readonly createGroups?: boolean;
  /** Invites users who are there and never signed in again, by `invite` (default email), and makes nobody. */
  readonly resend?: boolean;
}

/** Where the run's folder is made. */
export interface RunOptions {
  /** Default `reports`. */
  readonly reports?: string;
  /** Default from the time and the file's name. */
  readonly run?: string;
  /** Masks usernames in report.html; results.csv stays as it is. */
  readonly mask?: boolean;
}

export interface ImportOptions
  extends FileOptions, RowOptions, CallOptions, RunOptions, ClientOptions {
  readonly pool: PoolOptions;
  /** The sha256 that the file must have, in hex: that of the file which a plan was made for. */
  readonly fileSha256?: string;
  /** Marks the run as a rehearsal, in its name and in its reports. */
  readonly rehearsal?: boolean;
  /** The pool ends with the process, so that nothing can be resumed or taken back. */
  readonly poolEnds?: boolean;
}

/** Verifies the addresses of people who sign in with their passwords. */
export interface VerifyOptions
  extends
    FileOptions,
    Pick<ColumnOptions, 'mapping' | 'defaultCountry'>,
    CallOptions,
    RunOptions,
    ClientOptions {
  readonly pool: PoolOptions;
  /** Send everybody a code, or hand in the file's codes. */
  readonly action: 'send' | 'confirm';
  /** Default `email`. */
  readonly attribute?: 'email' | 'phone_number';
}

export interface ResumeOptions extends CallOptions, ClientOptions {
  /** A run's name under `reports`, or its folder. */
  readonly run: string;
  readonly reports?: string;
  /** Tries the rows that failed again, beside those that are not done. */
  readonly retryFailed?: boolean;
  /** Masks usernames in report.html; default what the run was begun with. */
  readonly mask?: boolean;
  /** What of the pool's address is to differ from before: its region, profile, endpoint or credentials. */
  readonly pool?: Partial<PoolOptions>;
}

/** What a sync does with the users of the pool. */
export interface SyncChoices {
  /** What joins file and pool: `username` (the default) or an attribute. */
  readonly key?: string;
  /** Default `add`: nobody leaves a group. */
  readonly groupsMode?: 'add' | 'exact';
  /** What becomes of users in the scope who are not in the file. Default `ignore`. */
  readonly missing?: 'ignore' | 'disable' | 'delete';
  /** Which users the file owns; needed where missing ones are removed. */
  readonly scope?: Scope;
  /** Default a tenth of the scope: a plan that removes more is refused as a whole. */
  readonly maxRemovals?: RemovalCap;
  /** A file with fewer rows is refused; 0 takes any, also one half as long as last time's. */
  readonly minRows?: number;
  /** A text file: the users whose username, `sub` or address stands in a line of it are never removed. */
  readonly protect?: string;
}

export interface SyncOptions
  extends
    SyncChoices,
    Omit<ImportOptions, 'onExisting' | 'resend' | 'fileSha256' | 'rehearsal' | 'poolEnds'> {
  /**
   * Asked before anything is written, where there is something to do. False ends it with a `Refusal`.
   * Default: nobody is asked.
   */
  readonly confirm?: (counts: PlanCounts) => Promise<boolean>;
}

/** What a dry run does beside its reports. */
export interface ForetellingOptions {
  /** Writes the plan to a file that must not exist yet. */
  readonly savePlan?: string;
  /** Ends with exit code 4 where the run would change something. */
  readonly exitCode?: boolean;
  /** In place of the published ones. */
  readonly prices?: Prices;
}

export interface SyncDryRunOptions extends Omit<SyncOptions, 'confirm'>, ForetellingOptions {
  /** Tells values in the difference, which are personal data. */
  readonly showValues?: boolean;
}

export interface UndoOptions
  extends
    CallOptions,
    Pick<RunOptions, 'reports' | 'mask'>,
    Pick<SyncOptions, 'maxRemovals' | 'confirm'> {
  /** The run that is taken back: its name under `reports`, or its folder. */
  readonly run: string;
  /** What of the pool's address is to differ from the run's: its region, profile, endpoint or credentials. */
  readonly pool?: Partial<PoolOptions>;
  /** Deletes users whose attributes were changed since, too. */
  readonly evenIfChanged?: boolean;
}

export interface UndoDryRunOptions
  extends Omit<UndoOptions, 'confirm'>, Pick<ForetellingOptions, 'exitCode'> {}
