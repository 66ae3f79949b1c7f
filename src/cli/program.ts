import { createRequire } from 'node:module';
import process from 'node:process';
import yargs from 'yargs';
import type { Argv } from 'yargs';

import { rawArguments } from './command-info.js';
import type { AnyArguments } from './command-info.js';
import { withOptions } from './options.js';
import type { View } from './options.js';
import { checkUnattended } from './unattended.js';
import { UsageError } from './usage-error.js';

/**
 * Parses the command line and runs the command. Each command is loaded only when it is run, so that
 * `--help` costs little. Never throws: returns the exit code.
 */
export async function runCommand(args: readonly string[]): Promise<number> {
  let exitCode = 0;
  // What is known of the arguments before they are parsed, and then all of them.
  let known = rawArguments(args);
  const run = (code: Promise<number>): Promise<void> =>
    code.then((value) => void (exitCode = value));
  try {
    const program = yargs(args.flatMap(forParser));
    await defineCommands(program, viewOf(args), run, (given) => (known = given)).parseAsync();
    return exitCode;
  } catch (error) {
    const { tellFailure } = await import('./tell-failure.js');
    return await tellFailure(error, known);
  }
}

/** yargs takes a lone `-` for nothing at all, so it goes through the parser by another name. */
const standardInput = 'standard-input:-';
const helpAll = '--help-all';

function forParser(arg: string): readonly string[] {
  if (arg === '-') return [standardInput];
  return arg === helpAll ? [arg, '--help'] : [arg];
}

/** Everything can be completed in a shell, also what `--help` leaves out. */
function viewOf(args: readonly string[]): View {
  return args.includes(helpAll) || args.includes('--get-yargs-completions') ? 'all' : 'essential';
}

const fileName = (file: string): string => (file === standardInput ? '-' : file);

const wholeFile = {
  type: 'string',
  demandOption: true,
  describe: 'A CSV: its path, s3://BUCKET/KEY, or -',
  coerce: fileName,
} as const;

const runName = {
  type: 'string',
  describe: "Name of the run; default the time and the file's name",
  group: 'Run:',
} as const;

type Run = (code: Promise<number>) => Promise<void>;

/** The commands with all that they take. Public for docs/options.md, which is made from it. */
export function defineCommands(
  program: Argv,
  view: View,
  run: Run,
  onParsed: (given: AnyArguments) => void,
): Argv {
  const parser = withoutTypes(program)
    .scriptName('cognito-bulk')
    .usage('$0 <command>\n\nBrings a CSV of people into an Amazon Cognito user pool.')
    .command(
      'validate <file>',
      'Check every row of a CSV',
      (command) =>
        withOptions(
          command,
          view,
          'Pool:',
          'Check:',
          'File:',
          'Users:',
          'Calls:',
          'Run:',
          'Screen:',
        )
          .positional('file', wholeFile)
          .option('run', runName)
          .example('$0 validate people.csv', '')
          .example('$0 validate people.csv --schema pool.json --fix corrected.csv', ''),
      (given) => run(import('./commands/validate.js').then((it) => it.runValidate(given))),
    )
    .command(
      'import <file>',
      'Create the users of a CSV',
      (command) =>
        withOptions(
          command,
          view,
          'Pool:',
          'File:',
          'Users:',
          'Users again:',
          'Calls:',
          'Beforehand:',
          'Run:',
          'Screen:',
        )
          .positional('file', wholeFile)
          .option('run', runName)
          .example('$0 import people.csv --user-pool-id ID --dry-run', '')
          .example('$0 import people.csv --user-pool-id ID --password-mode permanent', ''),
      (given) => run(import('./commands/import.js').then((it) => it.runImport(given))),
    )
    .command(
      'apply <plan>',
      'Carry out the plan of a dry run',
      (command) =>
        withOptions(command, view, 'Pool:', 'Removals:', 'Calls:', 'Run:', 'Screen:')
          .positional('plan', { type: 'string', demandOption: true, describe: 'The saved plan' })
          .option('run', runName)
          .example('$0 apply plan.json', '')
          .example('$0 apply plan.json --max-removals 20 --yes', ''),
      (given) => run(import('./commands/apply.js').then((it) => it.runApply(given))),
    )
    .command(
      'sync <file>',
      'Make the pool match the file',
      (command) =>
        withOptions(
          command,
          view,
          'Pool:',
          'File:',
          'Users:',
          'Users there before:',
          'Calls:',
          'Dry run:',
          'Run:',
          'Screen:',
        )
          .positional('file', wholeFile)
          .option('run', runName)
          .option('show-values', {
            type: 'boolean',
            default: false,
            describe: 'Show attribute values in the difference',
            group: 'Dry run:',
          })
          .example('$0 sync people.csv --user-pool-id ID --key email --dry-run', '')
          .example('$0 sync people.csv --user-pool-id ID --missing disable --scope all', ''),
      (given) => run(import('./commands/sync.js').then((it) => it.runSync(given))),
    )
    .command(
      'undo <run>',
      'Take a run back: delete the users it created',
      (command) =>
        withOptions(command, view, 'Pool:', 'Undo:', 'Removals:', 'Calls:', 'Run:', 'Screen:')
          .positional('run', { type: 'string', demandOption: true, describe: 'Name or folder' })
          .option('dry-run', {
            type: 'boolean',
            default: false,
            describe: 'Tell what would happen; write nothing',
            group: 'Undo:',
          })
          .option('exit-code', {
            type: 'boolean',
            default: false,
            describe: 'End a dry run with 4 where there are differences',
            group: 'Undo:',
          })
          .example('$0 undo 2026-11-23T0900-people --dry-run', '')
          .example('$0 undo 2026-11-23T0900-people --yes', ''),
      (given) => run(import('./commands/undo.js').then((it) => it.runUndo(given))),
    )
    .command(
      'verify <action> [file]',
      'Send people codes, or hand them in',
      (command) =>
        withOptions(command, view, 'Pool:', 'File:', 'Addresses:', 'Calls:', 'Run:', 'Screen:')
          .positional('action', { choices: ['send', 'confirm'] as const, demandOption: true })
          .positional('file', {
            type: 'string',
            describe: 'A CSV with username, password and, to confirm, code; or -',
            coerce: (file: string | undefined) => file && fileName(file),
          })
          .option('run', runName)
          .example('$0 verify send people.csv --user-pool-id ID --client-id APP', '')
          .example('$0 verify confirm codes.csv --user-pool-id ID --client-id APP', ''),
      (given) => run(import('./commands/verify.js').then((it) => it.runVerify(given))),
    )
    .command(
      'resume <run>',
      'Go on with a run that ended early',
      (command) =>
        withOptions(command, view, 'Pool:', 'Calls:', 'Run:', 'Screen:')
          .positional('run', { type: 'string', demandOption: true, describe: 'Name or folder' })
          .option('retry-failed', {
            type: 'boolean',
            default: false,
            describe: 'Try failed rows again too',
            group: 'Run:',
          })
          .example('$0 resume 2026-11-23T0900-people', '')
          .example('$0 resume 2026-11-23T0900-people --retry-failed --rate 20', ''),
      (given) => run(import('./commands/resume.js').then((it) => it.runResume(given))),
    )
    .command(
      'report <run>',
      'Write the reports of a run again',
      (command) =>
        withOptions(command, view, 'Reports:', 'Screen:')
          .positional('run', {
            type: 'string',
            demandOption: true,
            describe: 'Name or folder',
          })
          .example('$0 report 2026-11-23T0900-people', '')
          .example('$0 report 2026-11-23T0900-people --mask', ''),
      (given) => run(import('./commands/report.js').then((it) => it.runReport(given))),
    )
    .command(
      'pool',
      "Save a pool's description, for --schema",
      (command) =>
        withOptions(command, view, 'Pool:', 'Calls:', 'Screen:')
          .option('output', {
            type: 'string',
            describe: 'FILE in place of standard output',
            group: 'Output:',
          })
          .example('$0 pool --user-pool-id ID --output pool.json', '')
          .example('$0 pool --user-pool-id ID --profile production > pool.json', ''),
      (given) => run(import('./commands/pool.js').then((it) => it.runPool(given))),
    )
    .command(
      'export',
      "Write the pool's users as a CSV",
      (command) =>
        withOptions(command, view, 'Pool:', 'Calls:', 'Screen:')
          .option('output', {
            type: 'string',
            describe: 'FILE in place of standard output; goes on where it ended',
            group: 'Output:',
            coerce: (output: string | undefined) => output && fileName(output),
          })
          .example('$0 export --user-pool-id ID --output people.csv', '')
          .example('$0 export --user-pool-id ID | gzip > people.csv.gz', ''),
      (given) => run(import('./commands/export.js').then((it) => it.runExport(given))),
    )
    .command(
      'doctor',
      'Say what is missing for which command',
      (command) =>
        withOptions(command, view, 'Pool:', 'Calls:', 'Screen:')
          .example('$0 doctor --user-pool-id ID', '')
          .example('$0 doctor --user-pool-id ID --client-id APP --json', ''),
      (given) => run(import('./commands/doctor.js').then((it) => it.runDoctor(given))),
    )
    .command(
      'local',
      'Serve a local user pool on 127.0.0.1',
      (command) =>
        withOptions(command, view, 'Local pool:', 'Screen:')
          .option('port', {
            type: 'number',
            default: 9229,
            describe: 'To listen on; default 9229',
            group: 'Local pool:',
          })
          .example('$0 local', '')
          .example('$0 local --port 9300 --schema pool.json --data users.jsonl', ''),
      (given) => run(import('./commands/local.js').then((it) => it.runLocal(given))),
    )
    .command(
      'demo [file]',
      'Import into a local pool, without AWS',
      (command) =>
        withOptions(command, view, 'Local pool:', 'File:', 'Users:', 'Calls:', 'Run:', 'Screen:')
          .positional('file', {
            type: 'string',
            describe: 'Default: the people in fixtures/users.csv',
            coerce: (file: string | undefined) => file && fileName(file),
          })
          .example('$0 demo', '')
          .example('$0 demo people.csv --password-mode permanent', ''),
      (given) => run(import('./commands/demo.js').then((it) => it.runDemo(given))),
    );
  return parser
    .completion('completion', 'Print a completion script for the shell')
    .demandCommand(1, 'Which command? cognito-bulk --help lists them.')
    .strict()
    .recommendCommands()
    .parserConfiguration({ 'camel-case-expansion': false, 'dot-notation': false })
    .middleware(lastOfRepeated, true)
    .middleware(onParsed, true)
    .middleware(checkUnattended)
    .exitProcess(false)
    .help('help', 'This help')
    .alias('help', 'h')
    .version(ownVersion())
    .describe('version', 'The version')
    .option('help-all', { type: 'boolean', describe: 'This help with every option' })
    .group(['help', 'help-all', 'version'], 'Screen:')
    .epilogue('Each command has a --help with examples. Every option: docs/options.md.')
    .wrap(Math.min(100, process.stdout.columns || 80))
    .showHelpOnFail(false)
    .fail((message: string | null, error: Error | undefined) => {
      if (error && error.name !== 'YError') throw error;
      // What yargs says where there are several files, of which it reads none.
      if (message?.startsWith('Invalid JSON config file') === true) {
        throw new UsageError('--config is given more than once: put all into one file.');
      }
      throw new UsageError(message ?? 'The command line is wrong.');
    });
}

/** yargs would look beside the link that a package manager starts it by, and find another package. */
function ownVersion(): string {
  const own = createRequire(import.meta.url)('../../package.json') as { readonly version: string };
  return own.version;
}

/** The descriptions say what may be given; a column of types would only make them wrap. */
function withoutTypes(program: Argv): Argv {
  // Not in the types of yargs.
  const untyped = program as unknown as {
    usageConfiguration(of: { readonly 'hide-types': boolean }): Argv;
  };
  return untyped.usageConfiguration({ 'hide-types': true });
}

/** Of an option that was given several times the last one counts, but for one that is repeatable. */
function lastOfRepeated(given: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(given)) {
    if (name !== '_' && name !== 'map' && Array.isArray(value)) given[name] = value.at(-1);
  }
}
