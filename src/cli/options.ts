import process from 'node:process';
import type { Argv, InferredOptionTypes, Options } from 'yargs';

import type {
  CallOptions,
  ClientOptions,
  FileOptions,
  PoolOptions,
  RowOptions,
  RunOptions,
} from '../api/options.js';
import type { ErrorLimit } from '../apply/stop-rules.js';
import { categories, isCategory } from '../cognito/quotas.js';
import type { Category } from '../cognito/quotas.js';
import { readConfig } from './config-file.js';
import type { KnownOptions } from './config-file.js';
import { publishedPrices } from '../plan/forecast.js';
import type { Prices } from '../plan/forecast.js';
import { removalOptions, syncOptions, undoOptions } from './sync-arguments.js';
import { UsageError } from './usage-error.js';

/**
 * Options by the group under which `--help` shows them. Adding one here adds it everywhere. A
 * description says what may be given and the default, since `--help` shows nothing else.
 */
const poolOptions = {
  'user-pool-id': { type: 'string', describe: 'The pool; or COGNITO_USER_POOL_ID' },
  'client-id': {
    type: 'string',
    describe: 'App client that signs in; COGNITO_CLIENT_SECRET',
  },
  region: { type: 'string', describe: 'As in the AWS CLI; or AWS_REGION' },
  profile: { type: 'string', describe: 'As in the AWS CLI; or AWS_PROFILE' },
  'endpoint-url': { type: 'string', describe: "As in the AWS CLI; a local pool's address" },
} as const satisfies Record<string, Options>;

const fileOptions = {
  encoding: {
    type: 'string',
    default: 'auto',
    describe: 'Such as shift_jis; default UTF-8, or UTF-16 by its mark',
  },
  delimiter: { type: 'string', default: 'auto', describe: 'Default whichever it is of , ; tab |' },
  // With nargs, or a list would take the FILE behind it as well.
  map: {
    type: 'string',
    array: true,
    nargs: 1,
    describe: '"Header=attribute", "Header=" drops it; repeatable',
  },
  from: { type: 'string', describe: 'Export of auth0, firebase, keycloak, okta, …' },
  'default-country': { type: 'string', describe: 'Such as JP: reads national phone numbers' },
  columns: { hidden: true, describe: 'Only in the file of --config' },
  defaults: { hidden: true, describe: 'Only in the file of --config' },
} as const satisfies Record<string, Options>;

const rowOptions = {
  'password-mode': {
    choices: ['none', 'temporary', 'permanent', 'challenge'],
    describe: 'none|temporary|permanent|challenge',
  },
  'generate-passwords': { type: 'string', describe: 'FILE for a password for each row without' },
  invite: {
    choices: ['none', 'email', 'sms'],
    default: 'none',
    describe: 'none|email|sms: message new users; default none',
  },
  verified: { type: 'string', describe: 'email,phone_number: mark as verified' },
  groups: { type: 'string', describe: 'A,B: for every user' },
  'create-groups': {
    type: 'boolean',
    default: false,
    describe: 'Make the groups that are missing',
  },
} as const satisfies Record<string, Options>;

const existingOptions = {
  'on-existing': {
    choices: ['skip', 'update', 'fail'],
    default: 'skip',
    describe: 'skip|update|fail users who are there; default skip',
  },
  resend: {
    type: 'boolean',
    default: false,
    describe: 'Invite those again who never signed in; make nobody',
  },
} as const satisfies Record<string, Options>;

const verifyOptions = {
  attribute: {
    choices: ['email', 'phone_number'],
    default: 'email',
    describe: 'email|phone_number: the address to verify; default email',
  },
  username: { type: 'string', describe: 'One user, asked for on the terminal' },
} as const satisfies Record<string, Options>;

const callOptions = {
  rate: { type: 'string', describe: 'Creates a second, or Category=N,…; default the quota' },
  'rate-share': { type: 'number', describe: 'Part of the quota to use; default 0.8' },
  concurrency: { type: 'number', describe: 'Rows at once; default what the rate needs' },
  'max-attempts': { type: 'number', default: 8, describe: 'Tries for one call; default 8' },
  timeout: { type: 'string', default: '10s', describe: 'For one call; default 10s' },
  'max-errors': { type: 'string', describe: 'N or P%: stop past so many failed rows' },
  'max-duration': { type: 'string', describe: 'Such as 2h: end in good order then' },
  'invite-limit': { type: 'number', describe: 'Stop inviting after N' },
} as const satisfies Record<string, Options>;

const reportOptions = {
  reports: { type: 'string', default: 'reports', describe: 'Folder of the runs; default reports' },
  mask: { type: 'boolean', describe: 'Mask usernames in report.html' },
} as const satisfies Record<string, Options>;

const runOptions = {
  ...reportOptions,
  'log-format': {
    choices: ['text', 'json'],
    default: 'text',
    describe: 'text|json: json writes log lines on standard error',
  },
  notify: { type: 'string', describe: 'URL that gets the summary as JSON, however it ends' },
  metrics: { type: 'string', describe: "FILE of figures, for Prometheus's textfile collector" },
} as const satisfies Record<string, Options>;

const checkOptions = {
  schema: { type: 'string', describe: 'FILE of pool, in place of a live pool' },
  fix: { type: 'string', describe: 'FILE for the rows with the safe corrections applied' },
  format: {
    choices: ['table', 'github'],
    default: 'table',
    describe: 'table|github: github annotates a pull request',
  },
} as const satisfies Record<string, Options>;

const dryRunOptions = {
  'dry-run': { type: 'boolean', default: false, describe: 'Tell what would happen; write nothing' },
  'save-plan': { type: 'string', describe: 'FILE for the plan of a dry run, for apply' },
  'exit-code': {
    type: 'boolean',
    default: false,
    describe: 'End a dry run with 4 where there are differences',
  },
  prices: {
    type: 'string',
    describe: 'lite=N,essentials=N,plus=N: dollars a user',
  },
} as const satisfies Record<string, Options>;

const beforehandOptions = {
  ...dryRunOptions,
  rehearse: { type: 'boolean', default: false, describe: 'The whole run on a local pool like it' },
  schema: { type: 'string', describe: 'FILE of pool, for a rehearsal without AWS' },
  speed: { type: 'number', default: 1, describe: 'A rehearsal N times faster; default 1' },
  faults: { type: 'string', describe: 'FILE of misfortunes for a rehearsal' },
} as const satisfies Record<string, Options>;

const localOptions = {
  schema: { type: 'string', describe: 'FILE with the pool to play, as JSON' },
  data: { type: 'string', describe: 'FILE that keeps the users across restarts' },
  faults: { type: 'string', describe: 'FILE with misfortunes to play' },
  latency: { type: 'number', default: 0, describe: 'Milliseconds for an answer; default 0' },
  speed: { type: 'number', default: 1, describe: 'Time N times faster; default 1' },
  quotas: { type: 'boolean', default: true, describe: 'Throttle as the service; --no-quotas' },
} as const satisfies Record<string, Options>;

const screenOptions = {
  json: { type: 'boolean', default: false, describe: 'The summary as JSON on standard output' },
  quiet: { type: 'boolean', default: false, describe: 'Say nothing but errors' },
  verbose: { type: 'boolean', default: false, describe: 'Stack traces with errors' },
  progress: { type: 'boolean', default: true, describe: 'Progress; --no-progress for none' },
} as const satisfies Record<string, Options>;

type Given<O extends Record<string, Options>> = InferredOptionTypes<O>;
export type CheckArguments = Given<typeof checkOptions>;
export type DryRunArguments = Given<typeof dryRunOptions>;
export type BeforehandArguments = Given<typeof beforehandOptions>;
export type LocalArguments = Given<typeof localOptions>;
export type ScreenArguments = Given<typeof screenOptions>;
export type PoolArguments = Given<typeof poolOptions>;
export type FileArguments = Given<typeof fileOptions>;
export type RowArguments = Given<typeof rowOptions>;
export type ExistingArguments = Given<typeof existingOptions>;
export type VerifyArguments = Given<typeof verifyOptions>;
export type CallArguments = Given<typeof callOptions>;
export type ReportsArguments = Given<typeof reportOptions>;
export type RunArguments = Given<typeof runOptions>;

const groups = {
  'Pool:': poolOptions,
  'File:': fileOptions,
  'Users:': rowOptions,
  'Users again:': existingOptions,
  'Addresses:': verifyOptions,
  'Calls:': callOptions,
  'Run:': runOptions,
  'Reports:': reportOptions,
  'Check:': checkOptions,
  'Beforehand:': beforehandOptions,
  'Dry run:': dryRunOptions,
  'Users there before:': { ...syncOptions, ...removalOptions },
  'Removals:': removalOptions,
  'Undo:': undoOptions,
  'Local pool:': localOptions,
  'Screen:': screenOptions,
} as const;

type Group = keyof typeof groups;

/** What few need: `--help` leaves it to `--help-all`, so that it fits a screen. */
const rare: Readonly<Partial<Record<Group, readonly string[]>>> = {
  'Pool:': ['region', 'endpoint-url'],
  'File:': ['delimiter'],
  'Users again:': ['resend'],
  'Calls:': ['rate-share', 'concurrency', 'max-attempts', 'timeout', 'invite-limit'],
  'Run:': ['mask', 'log-format', 'notify', 'metrics'],
  'Reports:': ['mask'],
  'Beforehand:': ['exit-code', 'prices', 'speed', 'faults'],
  'Dry run:': ['exit-code', 'prices'],
  'Screen:': ['quiet', 'verbose', 'progress'],
};

/** The names of all options, to find the one that was meant. */
export const optionNames: readonly string[] = Object.values(groups).flatMap((options) =>
  Object.keys(options),
);

const configDescription = 'FILE of options, YAML or JSON; arguments win over it';

/** Which options are shown in the help and completed; all can be given. */
export type View = 'essential' | 'all';

/** Adds groups of options to a command, and `--config`, which can hold any of them. */
export function withOptions<G extends Group>(
  yargs: Argv,
  view: View,
  ...names: readonly G[]
): Argv<UnionToIntersection<Given<(typeof groups)[G]>>> {
  for (const name of names) {
    yargs.options(groups[name]).group(Object.keys(groups[name]), name);
    if (view === 'all') continue;
    for (const option of rare[name] ?? []) yargs.hide(option);
  }
  if (view === 'essential') yargs.hide('version');
  yargs
    .nargs('config', 1)
    .config('config', configDescription, (path) => readConfig(path, knownOptions(yargs)))
    .group('config', 'Screen:');
  return yargs as Argv<UnionToIntersection<Given<(typeof groups)[G]>>>;
}

/** Asked while the arguments are parsed, when all options of the command are there. */
function knownOptions(yargs: Argv): KnownOptions {
  // Not in the types of yargs; it is how its own completion learns of them.
  const { key, boolean, array } = (yargs as unknown as WithOptions).getOptions();
  return {
    own: new Set(Object.keys(key)),
    others: new Set(Object.values(groups).flatMap((group) => Object.keys(group))),
    booleans: new Set(boolean),
    lists: new Set(array),
  };
}

interface WithOptions {
  getOptions(): {
    readonly key: object;
    readonly boolean: readonly string[];
    readonly array: readonly string[];
  };
}

type UnionToIntersection<U> = (U extends unknown ? (one: U) => void : never) extends (
  all: infer I,
) => void
  ? I
  : never;

/** Where the pool is; throws a `UsageError` when nobody says which. */
export function poolFrom(given: PoolArguments): PoolOptions {
  const userPoolId = given['user-pool-id'] ?? process.env['COGNITO_USER_POOL_ID'];
  if (userPoolId === undefined || userPoolId === '') {
    throw new UsageError('Which pool? Give --user-pool-id or set COGNITO_USER_POOL_ID.');
  }
  return { userPoolId, ...addressFrom(given) };
}

/** The app client; its secret is never an argument, which `ps` would show. */
export function clientFrom(given: Pick<PoolArguments, 'client-id'>): ClientOptions {
  const clientSecret = process.env['COGNITO_CLIENT_SECRET'];
  return {
    ...(given['client-id'] !== undefined && { clientId: given['client-id'] }),
    ...(clientSecret !== undefined && { clientSecret }),
  };
}

/** Whether the page masks usernames; a run that goes on has what it was begun with. */
export function maskFrom({ mask }: ReportsArguments): Pick<RunOptions, 'mask'> {
  return { ...(mask !== undefined && { mask }) };
}

export function addressFrom(given: PoolArguments): Partial<PoolOptions> {
  return {
    ...(given.region !== undefined && { region: given.region }),
    ...(given.profile !== undefined && { profile: given.profile }),
    ...(given['endpoint-url'] !== undefined && { endpointUrl: given['endpoint-url'] }),
  };
}

export function fileFrom(
  given: FileArguments & Partial<Pick<PoolArguments, 'region' | 'profile'>>,
): Pick<FileOptions, 'encoding' | 'delimiter' | 's3'> {
  const { encoding, delimiter, region, profile } = given;
  const s3 = {
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
  };
  return { encoding, delimiter, s3 };
}

export function rowsFrom(given: RowArguments): RowOptions {
  const mode = given['password-mode'];
  return {
    ...(mode !== undefined && { passwordMode: mode }),
    ...(given['generate-passwords'] !== undefined && {
      generatePasswords: given['generate-passwords'],
    }),
    invite: given.invite,
    verified: listOf(given.verified, '--verified').map(addressName),
    groups: listOf(given.groups, '--groups'),
    createGroups: given['create-groups'],
  };
}

export function callsFrom(given: CallArguments): CallOptions {
  return {
    ...(given.rate !== undefined && { rate: rateFrom(given.rate) }),
    ...(given['rate-share'] !== undefined && {
      rateShare: numberIn(given['rate-share'], '--rate-share', 0.01, 1),
    }),
    ...(given.concurrency !== undefined && {
      concurrency: wholeIn(given.concurrency, '--concurrency', 1, 256),
    }),
    maxAttempts: wholeIn(given['max-attempts'], '--max-attempts', 1, 1_000),
    timeoutMs: milliseconds(given.timeout, '--timeout'),
    ...(given['max-errors'] !== undefined && { maxErrors: errorLimit(given['max-errors']) }),
    ...(given['max-duration'] !== undefined && {
      maxDurationMs: milliseconds(given['max-duration'], '--max-duration'),
    }),
    ...(given['invite-limit'] !== undefined && {
      inviteLimit: wholeIn(given['invite-limit'], '--invite-limit', 1, 1e9),
    }),
  };
}

function listOf(text: string | undefined, name: string): string[] {
  if (text === undefined) return [];
  const parts = text.split(',').map((part) => part.trim());
  if (parts.includes(''))
    throw new UsageError(`${name} ${text} has an empty place: separate names by one comma.`);
  return parts;
}

function addressName(name: string): 'email' | 'phone_number' {
  if (name === 'email' || name === 'phone_number') return name;
  throw new UsageError(`--verified takes email and phone_number, not "${name}".`);
}

function rateFrom(text: string): Partial<Record<Category, number>> {
  const rates: Partial<Record<Category, number>> = {};
  for (const part of listOf(text, '--rate')) {
    const [name, value] = part.includes('=') ? part.split('=', 2) : ['UserCreation', part];
    if (name === undefined || !isCategory(name)) {
      throw new UsageError(
        `--rate knows no category "${name ?? ''}": it is one of ${categories.join(', ')}.`,
      );
    }
    const rate = Number(value);
    if (!(rate > 0) || rate > 1e6) {
      throw new UsageError(`--rate ${part} is not a number of calls a second.`);
    }
    rates[name] = rate;
  }
  return rates;
}

/** Prices of one's own contract in place of the published ones; a tier that is not named keeps its own. */
export function pricesFrom(text: string): Prices {
  const own: Partial<Record<'lite' | 'essentials' | 'plus', number>> = {};
  for (const part of listOf(text, '--prices')) {
    const [tier = '', value] = part.split('=', 2);
    const price = Number(value);
    if (tier !== 'lite' && tier !== 'essentials' && tier !== 'plus') {
      throw new UsageError(`--prices knows no tier "${tier}": it is lite, essentials or plus.`);
    }
    if (value === undefined || !(price >= 0)) {
      throw new UsageError(`--prices ${part} is not a price in dollars.`);
    }
    own[tier] = price;
  }
  const { lite, essentials = publishedPrices.essentials, plus = publishedPrices.plus } = own;
  return {
    ...publishedPrices,
    asOf: 'your own',
    ...(lite !== undefined && { lite: { first: lite, upTo: Infinity, then: lite } }),
    essentials,
    plus,
  };
}

function numberIn(value: number, name: string, least: number, most: number): number {
  if (value >= least && value <= most) return value;
  throw new UsageError(`${name} takes a number from ${least} to ${most}.`);
}

function wholeIn(value: number, name: string, least: number, most: number): number {
  if (Number.isInteger(value)) return numberIn(value, name, least, most);
  throw new UsageError(`${name} takes a whole number.`);
}

function errorLimit(text: string): ErrorLimit {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text.trim());
  if (!match)
    throw new UsageError(`--max-errors ${text} is neither a number of rows nor a percentage.`);
  const number = Number(match[1]);
  return match[2] === '%' ? { percent: number } : { rows: Math.floor(number) };
}

const units: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['', 1_000],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

function milliseconds(text: string, name: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|)$/.exec(text.trim());
  const value = match && Number(match[1]) * (units.get(match[2] ?? '') ?? NaN);
  if (!value) throw new UsageError(`${name} ${text} is not a time: write 500ms, 10s, 30m or 2h.`);
  return value;
}
