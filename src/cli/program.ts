import type { Argv } from 'yargs';

import { command } from './command.js';
import type { AddCommand, Run, View } from './command.js';
import { fromParser } from './standard-input.js';
import { printCompletionScript } from './yargs-internals.js';

const wholeFile = {
  type: 'string',
  demandOption: true,
  describe: 'A CSV: its path, s3://BUCKET/KEY, or -',
  coerce: fromParser<string>,
} as const;

const earlierRun = { type: 'string', demandOption: true, describe: 'Name or folder' } as const;

/** Each is loaded only when it is run, so that `--help` costs little. */
const commands: readonly AddCommand[] = [
  command({
    usage: 'validate <file>',
    about: 'Check every row of a CSV',
    positionals: { file: wholeFile },
    options: ['pool', 'check', 'file', 'rows', 'calls', 'newRun', 'screen'],
    help: {
      'Pool and file:': ['user-pool-id', 'schema', 'map', 'from', 'encoding', 'default-country'],
      'Check:': ['password-mode', 'fix', 'format'],
      'Run:': ['reports', 'run', 'json'],
    },
    examples: ['validate people.csv', 'validate people.csv --schema pool.json --fix corrected.csv'],
    run: (given) => import('./commands/validate.js').then((it) => it.runValidate(given)),
  }),
  command({
    usage: 'import <file>',
    about: 'Create the users of a CSV',
    positionals: { file: wholeFile },
    options: [
      'pool',
      'client',
      'file',
      'rows',
      'existing',
      'calls',
      'duration',
      'errors',
      'invitations',
      'beforehand',
      'newRun',
      'screen',
    ],
    help: {
      'Pool and file:': ['user-pool-id', 'map', 'from'],
      'Users:': ['password-mode', 'generate-passwords', 'invite', 'groups', 'on-existing'],
      'Run:': ['dry-run', 'rehearse', 'max-errors', 'run'],
    },
    examples: [
      'import people.csv --user-pool-id ID --dry-run',
      'import people.csv --user-pool-id ID --password-mode permanent',
    ],
    run: (given) => import('./commands/import.js').then((it) => it.runImport(given)),
  }),
  command({
    usage: 'apply <plan>',
    about: 'Carry out the plan of a dry run',
    positionals: { plan: { type: 'string', demandOption: true, describe: 'The saved plan' } },
    options: [
      'pool',
      'client',
      'removals',
      'calls',
      'duration',
      'errors',
      'invitations',
      'newRun',
      'screen',
    ],
    help: {
      'Pool:': ['user-pool-id', 'profile'],
      'Removals:': ['max-removals', 'yes'],
      'Run:': ['rate', 'max-errors', 'max-duration', 'reports', 'run', 'json'],
    },
    examples: ['apply plan.json', 'apply plan.json --max-removals 20 --yes'],
    run: (given) => import('./commands/apply.js').then((it) => it.runApply(given)),
  }),
  command({
    usage: 'sync <file>',
    about: 'Make the pool match the file',
    positionals: { file: wholeFile },
    options: [
      'pool',
      'client',
      'file',
      'rows',
      'sync',
      'calls',
      'duration',
      'errors',
      'invitations',
      'dryRun',
      'newRun',
      'screen',
    ],
    help: {
      'Pool and file:': ['user-pool-id', 'map', 'from'],
      'Users:': ['key', 'missing', 'scope', 'groups-mode', 'password-mode'],
      'Run:': ['dry-run', 'save-plan', 'max-removals', 'yes'],
    },
    examples: [
      'sync people.csv --user-pool-id ID --key email --dry-run',
      'sync people.csv --user-pool-id ID --missing disable --scope all',
    ],
    run: (given) => import('./commands/sync.js').then((it) => it.runSync(given)),
  }),
  command({
    usage: 'undo <run>',
    about: 'Take a run back: delete the users it created',
    positionals: { run: earlierRun },
    options: ['pool', 'undo', 'removals', 'calls', 'duration', 'errors', 'run', 'screen'],
    help: {
      'Pool:': ['profile'],
      'Undo:': ['even-if-changed', 'max-removals', 'yes'],
      'Run:': ['dry-run', 'rate', 'reports', 'json'],
    },
    examples: ['undo 2026-11-23T0900-people --dry-run', 'undo 2026-11-23T0900-people --yes'],
    run: (given) => import('./commands/undo.js').then((it) => it.runUndo(given)),
  }),
  command({
    usage: 'verify <action> [file]',
    about: 'Send people codes, or hand them in',
    positionals: {
      action: {
        choices: ['send', 'confirm'] as const,
        demandOption: true,
        describe: 'send: message codes; confirm: hand them in',
      },
      file: {
        type: 'string',
        describe: 'A CSV with username, password and, to confirm, code; or -',
        coerce: fromParser<string | undefined>,
      },
    },
    options: [
      'pool',
      'client',
      'file',
      'addresses',
      'calls',
      'duration',
      'errors',
      'newRun',
      'screen',
    ],
    help: {
      'Pool and file:': ['user-pool-id', 'client-id', 'map'],
      'Addresses:': ['attribute', 'username'],
      'Run:': ['rate', 'max-errors', 'run', 'json'],
    },
    examples: [
      'verify send people.csv --user-pool-id ID --client-id APP',
      'verify confirm codes.csv --user-pool-id ID --client-id APP',
    ],
    run: (given) => import('./commands/verify.js').then((it) => it.runVerify(given)),
  }),
  command({
    usage: 'resume <run>',
    about: 'Go on with a run that ended early',
    positionals: { run: earlierRun },
    options: [
      'pool',
      'client',
      'calls',
      'duration',
      'errors',
      'invitations',
      'resumedRun',
      'screen',
    ],
    help: {
      'Pool:': ['profile'],
      'Run:': ['retry-failed', 'rate', 'max-errors', 'max-duration', 'reports', 'json'],
    },
    examples: [
      'resume 2026-11-23T0900-people',
      'resume 2026-11-23T0900-people --retry-failed --rate 20',
    ],
    run: (given) => import('./commands/resume.js').then((it) => it.runResume(given)),
  }),
  command({
    usage: 'report <run>',
    about: 'Write the reports of a run again',
    positionals: { run: earlierRun },
    options: ['reports', 'screen'],
    help: {
      'Reports:': ['reports', 'mask', 'json'],
    },
    examples: ['report 2026-11-23T0900-people', 'report 2026-11-23T0900-people --mask'],
    run: (given) => import('./commands/report.js').then((it) => it.runReport(given)),
  }),
  command({
    usage: 'pool',
    about: "Save a pool's description, for --schema",
    positionals: {},
    options: ['pool', 'client', 'calls', 'screen', 'description'],
    help: {
      'Pool:': ['user-pool-id', 'client-id', 'region', 'profile'],
      'Output:': ['output', 'json'],
    },
    examples: [
      'pool --user-pool-id ID --output pool.json',
      'pool --user-pool-id ID --profile production > pool.json',
    ],
    run: (given) => import('./commands/pool.js').then((it) => it.runPool(given)),
  }),
  command({
    usage: 'export',
    about: "Write the pool's users as a CSV",
    positionals: {},
    options: ['pool', 'calls', 'duration', 'screen', 'users'],
    help: {
      'Pool:': ['user-pool-id', 'region', 'profile'],
      'Output:': ['output', 'json'],
    },
    examples: [
      'export --user-pool-id ID --output people.csv',
      'export --user-pool-id ID | gzip > people.csv.gz',
    ],
    run: (given) => import('./commands/export.js').then((it) => it.runExport(given)),
  }),
  command({
    usage: 'doctor',
    about: 'Say what is missing for which command',
    positionals: {},
    options: ['pool', 'client', 'calls', 'screen'],
    help: {
      'Pool:': ['user-pool-id', 'client-id', 'region', 'profile'],
      'Screen:': ['json'],
    },
    examples: ['doctor --user-pool-id ID', 'doctor --user-pool-id ID --client-id APP --json'],
    run: (given) => import('./commands/doctor.js').then((it) => it.runDoctor(given)),
  }),
  command({
    usage: 'local',
    about: 'Serve a local user pool on 127.0.0.1',
    positionals: {},
    options: ['server', 'screen'],
    help: {
      'Local pool:': ['port', 'schema', 'data', 'faults', 'latency', 'speed', 'quotas'],
      'Screen:': ['json'],
    },
    examples: ['local', 'local --port 9300 --schema pool.json --data users.jsonl'],
    run: (given) => import('./commands/local.js').then((it) => it.runLocal(given)),
  }),
  command({
    usage: 'demo [file]',
    about: 'Import into a local pool, without AWS',
    positionals: {
      file: {
        type: 'string',
        describe: 'Default: the people in fixtures/users.csv',
        coerce: fromParser<string | undefined>,
      },
    },
    options: [
      'local',
      'file',
      'rows',
      'calls',
      'duration',
      'errors',
      'invitations',
      'run',
      'screen',
    ],
    help: {
      'File:': ['map', 'from'],
      'Users:': ['password-mode', 'invite', 'groups'],
      'Local pool:': ['schema', 'faults', 'speed'],
      'Run:': ['reports', 'json'],
    },
    examples: ['demo', 'demo people.csv --password-mode permanent'],
    run: (given) => import('./commands/demo.js').then((it) => it.runDemo(given)),
  }),
];

/** The commands with all that they take. Public for docs/options.md, which is made from it. */
export function defineCommands(program: Argv, view: View, run: Run): Argv {
  for (const add of commands) add(program, view, run);
  return addCompletion(program, view, run);
}

/** Not by the name that yargs has for it, which prints the script also where help is asked for. */
function addCompletion(program: Argv, view: View, run: Run): Argv {
  return command({
    usage: 'completion',
    about: 'Print a completion script for the shell',
    positionals: {},
    options: [],
    help: { 'Screen:': [] },
    examples: ['completion >> ~/.bashrc', 'completion >> ~/.zshrc'],
    run: () => {
      printCompletionScript(program, 'cognito-bulk', 'completion');
      return Promise.resolve(0);
    },
  })(program, view, run);
}
