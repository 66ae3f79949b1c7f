import process from 'node:process';
import yargs from 'yargs';
import type { Argv } from 'yargs';

import { rawArguments } from './command-info.js';
import type { AnyArguments } from './command-info.js';
import { withOptions } from './options.js';
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
    const program = yargs(args.map((arg) => (arg === '-' ? standardInput : arg)));
    await define(program, run, (given) => (known = given)).parseAsync();
    return exitCode;
  } catch (error) {
    const { tellFailure } = await import('./tell-failure.js');
    return await tellFailure(error, known);
  }
}

/** yargs takes a lone `-` for nothing at all, so it goes through the parser by another name. */
const standardInput = 'standard-input:-';
const fileName = (file: string): string => (file === standardInput ? '-' : file);

const wholeFile = {
  type: 'string',
  demandOption: true,
  describe: 'A CSV: its path, s3://BUCKET/KEY, or -',
  coerce: fileName,
} as const;

type Run = (code: Promise<number>) => Promise<void>;

function define(program: Argv, run: Run, onParsed: (given: AnyArguments) => void): Argv {
  const parser = program
    .scriptName('cognito-bulk')
    .usage('$0 <command>\n\nBrings a CSV of people into an Amazon Cognito user pool.')
    .command(
      'validate <file>',
      'Check every row of a CSV, with or without a pool',
      (command) =>
        withOptions(command, 'Pool:', 'Check:', 'File:', 'Users:', 'Calls:', 'Run:', 'Screen:')
          .positional('file', wholeFile)
          .option('run', { type: 'string', describe: 'Name of the run', group: 'Run:' }),
      (given) => run(import('./commands/validate.js').then((it) => it.runValidate(given))),
    )
    .command(
      'import <file>',
      'Create the users of a CSV',
      (command) =>
        withOptions(
          command,
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
          .option('run', { type: 'string', describe: 'Name of the run', group: 'Run:' }),
      (given) => run(import('./commands/import.js').then((it) => it.runImport(given))),
    )
    .command(
      'apply <plan>',
      'Carry out a plan that --dry-run --save-plan wrote',
      (command) =>
        withOptions(command, 'Pool:', 'Removals:', 'Calls:', 'Run:', 'Screen:')
          .positional('plan', { type: 'string', demandOption: true, describe: 'The saved plan' })
          .option('run', { type: 'string', describe: 'Name of the run', group: 'Run:' }),
      (given) => run(import('./commands/apply.js').then((it) => it.runApply(given))),
    )
    .command(
      'sync <file>',
      'Make the pool match the file',
      (command) =>
        withOptions(
          command,
          'Pool:',
          'File:',
          'Users:',
          'Users there before:',
          'Removals:',
          'Calls:',
          'Dry run:',
          'Run:',
          'Screen:',
        )
          .positional('file', wholeFile)
          .option('run', { type: 'string', describe: 'Name of the run', group: 'Run:' })
          .option('show-values', {
            type: 'boolean',
            default: false,
            describe: 'Show attribute values in the difference',
            group: 'Dry run:',
          }),
      (given) => run(import('./commands/sync.js').then((it) => it.runSync(given))),
    )
    .command(
      'undo <run>',
      'Delete the users that a run created',
      (command) =>
        withOptions(command, 'Pool:', 'Undo:', 'Removals:', 'Calls:', 'Run:', 'Screen:')
          .positional('run', { type: 'string', demandOption: true, describe: 'Name or folder' })
          .option('dry-run', {
            type: 'boolean',
            default: false,
            describe: 'Tell what would happen; write nothing',
            group: 'Dry run:',
          })
          .option('exit-code', {
            type: 'boolean',
            default: false,
            describe: 'A dry run ends with 4 where there are differences',
            group: 'Dry run:',
          }),
      (given) => run(import('./commands/undo.js').then((it) => it.runUndo(given))),
    )
    .command(
      'verify <action> [file]',
      'Send people codes to verify an address with, or hand their codes in',
      (command) =>
        withOptions(command, 'Pool:', 'File:', 'Addresses:', 'Calls:', 'Run:', 'Screen:')
          .positional('action', { choices: ['send', 'confirm'] as const, demandOption: true })
          .positional('file', {
            type: 'string',
            describe: 'A CSV with username, password and, to confirm, code; or -',
            coerce: (file: string | undefined) => file && fileName(file),
          })
          .option('run', { type: 'string', describe: 'Name of the run', group: 'Run:' }),
      (given) => run(import('./commands/verify.js').then((it) => it.runVerify(given))),
    )
    .command(
      'resume <run>',
      'Go on with a run that was stopped or interrupted',
      (command) =>
        withOptions(command, 'Pool:', 'Calls:', 'Run:', 'Screen:')
          .positional('run', { type: 'string', demandOption: true, describe: 'Name or folder' })
          .option('retry-failed', {
            type: 'boolean',
            default: false,
            describe: 'Try failed rows again too',
            group: 'Run:',
          }),
      (given) => run(import('./commands/resume.js').then((it) => it.runResume(given))),
    )
    .command(
      'report <run>',
      'Write the reports of a run again',
      (command) =>
        withOptions(command, 'Reports:', 'Screen:').positional('run', {
          type: 'string',
          demandOption: true,
          describe: 'Name or folder',
        }),
      (given) => run(import('./commands/report.js').then((it) => it.runReport(given))),
    )
    .command(
      'pool',
      "Save a pool's description, for --schema",
      (command) =>
        withOptions(command, 'Pool:', 'Calls:', 'Screen:').option('output', {
          type: 'string',
          describe: 'FILE in place of standard output',
        }),
      (given) => run(import('./commands/pool.js').then((it) => it.runPool(given))),
    )
    .command(
      'export',
      "Write the pool's users and groups as a CSV that import and sync read back",
      (command) =>
        withOptions(command, 'Pool:', 'Calls:', 'Screen:').option('output', {
          type: 'string',
          describe: 'FILE in place of standard output; if it is ended, the same command goes on',
          coerce: (output: string | undefined) => output && fileName(output),
        }),
      (given) => run(import('./commands/export.js').then((it) => it.runExport(given))),
    )
    .command(
      'doctor',
      'Say what is missing for which command',
      (command) => withOptions(command, 'Pool:', 'Calls:', 'Screen:'),
      (given) => run(import('./commands/doctor.js').then((it) => it.runDoctor(given))),
    )
    .command(
      'local',
      'Serve a local user pool on 127.0.0.1',
      (command) =>
        withOptions(command, 'Local pool:', 'Screen:').option('port', {
          type: 'number',
          default: 9229,
          describe: 'To listen on',
        }),
      (given) => run(import('./commands/local.js').then((it) => it.runLocal(given))),
    )
    .command(
      'demo [file]',
      'Import a file into a local pool: no AWS account needed',
      (command) =>
        withOptions(
          command,
          'Local pool:',
          'File:',
          'Users:',
          'Calls:',
          'Run:',
          'Screen:',
        ).positional('file', {
          type: 'string',
          describe: 'Default: the people in fixtures/users.csv',
          coerce: (file: string | undefined) => file && fileName(file),
        }),
      (given) => run(import('./commands/demo.js').then((it) => it.runDemo(given))),
    );
  return parser
    .completion('completion', 'Print a script that completes commands and options in a shell')
    .demandCommand(1, 'Which command? cognito-bulk --help lists them.')
    .strict()
    .recommendCommands()
    .parserConfiguration({ 'camel-case-expansion': false, 'dot-notation': false })
    .middleware(lastOfRepeated, true)
    .middleware(onParsed, true)
    .middleware(checkUnattended)
    .exitProcess(false)
    .help()
    .alias('help', 'h')
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

/** Of an option that was given several times the last one counts, but for one that is repeatable. */
function lastOfRepeated(given: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(given)) {
    if (name !== '_' && name !== 'map' && Array.isArray(value)) given[name] = value.at(-1);
  }
}
