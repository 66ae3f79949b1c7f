import type { InferredOptionTypes, Options } from 'yargs';

import { fromParser } from './standard-input.js';

/** Options as yargs takes them. The description says what may be given and the default. */
type Table = Readonly<Record<string, Options>>;

export interface OptionGroup {
  readonly title: string;
  readonly options: Table;
}

const exitCode = {
  type: 'boolean',
  default: false,
  describe: 'End a dry run with 4 where there are differences',
} as const;

const dryRun = {
  type: 'boolean',
  default: false,
  describe: 'Tell what would happen; write nothing',
} as const;

const dryRunOptions = {
  'dry-run': dryRun,
  'save-plan': { type: 'string', describe: 'FILE for the plan of a dry run, for apply' },
  'exit-code': exitCode,
  prices: { type: 'string', describe: 'lite=N,essentials=N,plus=N: dollars a user' },
} as const satisfies Table;

const reportOptions = {
  reports: { type: 'string', default: 'reports', describe: 'Folder of the runs; default reports' },
  mask: { type: 'boolean', describe: 'Mask usernames in report.html' },
} as const satisfies Table;

const runOptions = {
  ...reportOptions,
  'log-format': {
    choices: ['text', 'json'],
    default: 'text',
    describe: 'text|json: json writes log lines on standard error',
  },
  notify: {
    type: 'string',
    describe: 'URL that gets the summary as JSON, however it ends',
  },
  metrics: {
    type: 'string',
    describe: "FILE of figures, for Prometheus's textfile collector",
  },
} as const satisfies Table;

/** What keeps a run from taking too many away. */
const removalOptions = {
  'max-removals': { type: 'string', describe: 'N or P%: refuse to remove more; in a sync 10%' },
  yes: { type: 'boolean', default: false, describe: 'Ask nothing' },
} as const satisfies Table;

const localOptions = {
  schema: { type: 'string', describe: 'FILE with the pool to play, as JSON' },
  data: { type: 'string', describe: 'FILE that keeps the users across restarts' },
  faults: { type: 'string', describe: 'FILE with misfortunes to play' },
  latency: { type: 'number', default: 0, describe: 'Milliseconds for an answer; default 0' },
  speed: { type: 'number', default: 1, describe: 'Time N times faster; default 1' },
  quotas: { type: 'boolean', default: true, describe: 'Throttle as the service; --no-quotas' },
} as const satisfies Table;

/**
 * All options, in groups under the title that `--help` gives them. A command takes whole groups;
 * `--config` takes any of them.
 */
export const groups = {
  pool: {
    title: 'Pool:',
    options: {
      'user-pool-id': { type: 'string', describe: 'The pool; or COGNITO_USER_POOL_ID' },
      region: { type: 'string', describe: 'As in the AWS CLI; or AWS_REGION' },
      profile: { type: 'string', describe: 'As in the AWS CLI; or AWS_PROFILE' },
      'endpoint-url': {
        type: 'string',
        describe: "As in the AWS CLI; a local pool's address",
      },
    },
  },
  client: {
    title: 'Pool:',
    options: {
      'client-id': { type: 'string', describe: 'App client that signs in; COGNITO_CLIENT_SECRET' },
    },
  },
  file: {
    title: 'File:',
    options: {
      encoding: {
        type: 'string',
        default: 'auto',
        describe: 'Such as shift_jis; default UTF-8, or UTF-16 by its mark',
      },
      delimiter: {
        type: 'string',
        default: 'auto',
        describe: 'Default whichever it is of , ; tab |',
      },
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
    },
  },
  rows: {
    title: 'Users:',
    options: {
      'password-mode': {
        choices: ['none', 'temporary', 'permanent', 'challenge'],
        describe: 'none|temporary|permanent|challenge',
      },
      'generate-passwords': {
        type: 'string',
        describe: 'FILE for a password for each row without',
      },
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
    },
  },
  existing: {
    title: 'Users again:',
    options: {
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
    },
  },
  addresses: {
    title: 'Addresses:',
    options: {
      attribute: {
        choices: ['email', 'phone_number'],
        default: 'email',
        describe: 'email|phone_number: the address to verify; default email',
      },
      username: { type: 'string', describe: 'One user, asked for on the terminal' },
    },
  },
  calls: {
    title: 'Calls:',
    options: {
      rate: { type: 'string', describe: 'Creates a second, or Category=N,…; default the quota' },
      'rate-share': {
        type: 'number',
        describe: 'Part of the quota to use; default 0.8',
      },
      concurrency: {
        type: 'number',
        describe: 'Rows at once; default what the rate needs',
      },
      'max-attempts': {
        type: 'number',
        default: 8,
        describe: 'Tries for one call; default 8',
      },
      timeout: {
        type: 'string',
        default: '10s',
        describe: 'For one call; default 10s',
      },
    },
  },
  duration: {
    title: 'Calls:',
    options: {
      'max-duration': { type: 'string', describe: 'Such as 2h: end in good order then' },
    },
  },
  errors: {
    title: 'Calls:',
    options: {
      'max-errors': { type: 'string', describe: 'N or P%: stop past so many failed rows' },
    },
  },
  invitations: {
    title: 'Calls:',
    options: {
      'invite-limit': { type: 'number', describe: 'Stop inviting after N' },
    },
  },
  check: {
    title: 'Check:',
    options: {
      schema: { type: 'string', describe: 'FILE of pool, in place of a live pool' },
      fix: { type: 'string', describe: 'FILE for the rows with the safe corrections applied' },
      format: {
        choices: ['table', 'github'],
        default: 'table',
        describe: 'table|github: github annotates a pull request',
      },
    },
  },
  beforehand: {
    title: 'Beforehand:',
    options: {
      ...dryRunOptions,
      rehearse: {
        type: 'boolean',
        default: false,
        describe: 'The whole run on a local pool like it',
      },
      schema: { type: 'string', describe: 'FILE of pool, for a rehearsal without AWS' },
      speed: {
        type: 'number',
        default: 1,
        describe: 'A rehearsal N times faster; default 1',
      },
      faults: { type: 'string', describe: 'FILE of misfortunes for a rehearsal' },
    },
  },
  dryRun: {
    title: 'Dry run:',
    options: {
      ...dryRunOptions,
      'show-values': {
        type: 'boolean',
        default: false,
        describe: 'Show attribute values in the difference',
      },
    },
  },
  sync: {
    title: 'Users there before:',
    options: {
      key: { type: 'string', describe: 'What joins file and pool; default username' },
      'groups-mode': {
        choices: ['add', 'exact'],
        default: 'add',
        describe: 'add|exact: users leave the groups not in their row',
      },
      missing: {
        choices: ['ignore', 'disable', 'delete'],
        default: 'ignore',
        describe: 'ignore|disable|delete users in the scope but not the file',
      },
      scope: {
        type: 'string',
        describe: 'group:NAME|attribute:NAME=VALUE|all: who is of the file',
      },
      'min-rows': { type: 'number', describe: 'Refuse a file with fewer rows; 0 takes any' },
      protect: { type: 'string', describe: 'FILE of usernames that are never removed' },
      ...removalOptions,
    },
  },
  removals: { title: 'Removals:', options: removalOptions },
  undo: {
    title: 'Undo:',
    options: {
      'even-if-changed': {
        type: 'boolean',
        default: false,
        describe: 'Delete also users whose attributes were changed since',
      },
      'dry-run': dryRun,
      'exit-code': exitCode,
    },
  },
  run: { title: 'Run:', options: runOptions },
  newRun: {
    title: 'Run:',
    options: {
      ...runOptions,
      run: { type: 'string', describe: "Name of the run; default the time and the file's name" },
    },
  },
  resumedRun: {
    title: 'Run:',
    options: {
      ...runOptions,
      'retry-failed': { type: 'boolean', default: false, describe: 'Try failed rows again too' },
    },
  },
  reports: { title: 'Reports:', options: reportOptions },
  description: {
    title: 'Output:',
    options: { output: { type: 'string', describe: 'FILE in place of standard output' } },
  },
  users: {
    title: 'Output:',
    options: {
      output: {
        type: 'string',
        coerce: fromParser,
        describe: 'FILE in place of standard output; goes on where it ended',
      },
    },
  },
  local: { title: 'Local pool:', options: localOptions },
  server: {
    title: 'Local pool:',
    options: {
      ...localOptions,
      port: { type: 'number', default: 9229, describe: 'To listen on; default 9229' },
    },
  },
  screen: {
    title: 'Screen:',
    options: {
      json: { type: 'boolean', default: false, describe: 'The summary as JSON on standard output' },
      quiet: { type: 'boolean', default: false, describe: 'Say nothing but errors' },
      verbose: {
        type: 'boolean',
        default: false,
        describe: 'Stack traces with errors',
      },
      progress: {
        type: 'boolean',
        default: true,
        describe: 'Progress; --no-progress for none',
      },
    },
  },
} as const satisfies Readonly<Record<string, OptionGroup>>;

export type Group = keyof typeof groups;

/** The arguments of a command that takes these groups. */
export type Given<G extends Group> = Intersection<
  InferredOptionTypes<(typeof groups)[G]['options']>
>;

type Intersection<Union> = (Union extends unknown ? (one: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

/** The names of all options, to find the one that was meant. */
export const optionNames: readonly string[] = Object.values(groups).flatMap(({ options }) =>
  Object.keys(options),
);

/** Those that take no value. */
export const switchNames: readonly string[] = namesOf('boolean');

export const numberNames: readonly string[] = namesOf('number');

function namesOf(type: Options['type']): string[] {
  return Object.values(groups).flatMap(({ options }) =>
    Object.entries<Options>(options).flatMap(([name, one]) => (one.type === type ? [name] : [])),
  );
}

/** What an option takes one of; empty where it takes anything. */
export function choicesOf(name: string): readonly string[] {
  for (const { options } of Object.values(groups)) {
    const choices = (options as Table)[name]?.choices;
    if (choices !== undefined) return choices.map(String);
  }
  return [];
}
