import type { Argv } from 'yargs';

import { command } from './command.js';
import type { AddCommand, Run, View } from './command.js';
import { fromParser } from './standard-input.js';

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
    examples: ['validate people.csv', 'validate people.csv --schema pool.json --fix corrected.csv'],
    run: (given) => import('./commands/validate.js').then((it) => it.runValidate(given)),
  }),
  command({
    usage: 'import <file>',
    about: 'Create the users of a CSV',
    positionals: { file: wholeFile },
    options: ['pool', 'file', 'rows', 'existing', 'calls', 'beforehand', 'newRun', 'screen'],
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
    options: ['pool', 'removals', 'calls', 'newRun', 'screen'],
    examples: ['apply plan.json', 'apply plan.json --max-removals 20 --yes'],
    run: (given) => import('./commands/apply.js').then((it) => it.runApply(given)),
  }),
  command({
    usage: 'sync <file>',
    about: 'Make the pool match the file',
    positionals: { file: wholeFile },
    options: ['pool', 'file', 'rows', 'sync', 'calls', 'dryRun', 'newRun', 'screen'],
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
    options: ['pool', 'undo', 'removals', 'calls', 'run', 'screen'],
    examples: ['undo 2026-11-23T0900-people --dry-run', 'undo 2026-11-23T0900-people --yes'],
    run: (given) => import('./commands/undo.js').then((it) => it.runUndo(given)),
  }),
  command({
    usage: 'verify <action> [file]',
    about: 'Send people codes, or hand them in',
    positionals: {
      action: { choices: ['send', 'confirm'] as const, demandOption: true },
      file: {
        type: 'string',
        describe: 'A CSV with username, password and, to confirm, code; or -',
        coerce: fromParser<string | undefined>,
      },
    },
    options: ['pool', 'file', 'addresses', 'calls', 'newRun', 'screen'],
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
    options: ['pool', 'calls', 'resumedRun', 'screen'],
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
    examples: ['report 2026-11-23T0900-people', 'report 2026-11-23T0900-people --mask'],
    run: (given) => import('./commands/report.js').then((it) => it.runReport(given)),
  }),
  command({
    usage: 'pool',
    about: "Save a pool's description, for --schema",
    positionals: {},
    options: ['pool', 'calls', 'screen', 'description'],
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
    options: ['pool', 'calls', 'screen', 'users'],
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
    options: ['pool', 'calls', 'screen'],
    examples: ['doctor --user-pool-id ID', 'doctor --user-pool-id ID --client-id APP --json'],
    run: (given) => import('./commands/doctor.js').then((it) => it.runDoctor(given)),
  }),
  command({
    usage: 'local',
    about: 'Serve a local user pool on 127.0.0.1',
    positionals: {},
    options: ['server', 'screen'],
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
    options: ['local', 'file', 'rows', 'calls', 'run', 'screen'],
    examples: ['demo', 'demo people.csv --password-mode permanent'],
    run: (given) => import('./commands/demo.js').then((it) => it.runDemo(given)),
  }),
];

/** The commands with all that they take. Public for docs/options.md, which is made from it. */
export function defineCommands(program: Argv, view: View, run: Run): Argv {
  for (const add of commands) add(program, view, run);
  return program.completion('completion', 'Print a completion script for the shell');
}
