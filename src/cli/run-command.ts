import { createRequire } from 'node:module';
import process from 'node:process';
import yargs from 'yargs';
import type { Argv } from 'yargs';

import { rawArguments } from './command-info.js';
import type { AnyArguments } from './command-info.js';
import type { View } from './command.js';
import { defineCommands } from './program.js';
import { toParser } from './standard-input.js';
import { checkUnattended } from './unattended.js';
import { UsageError } from './usage-error.js';
import { hideTypes, makeNoHelpAhead } from './yargs-internals.js';

/** Parses the command line and runs the command. Never throws: returns the exit code. */
export async function runCommand(args: readonly string[]): Promise<number> {
  let exitCode = 0;
  // What is known of the arguments before they are parsed, and then all of them.
  let known = rawArguments(args);
  try {
    const program = defineCommands(yargs(args.flatMap(forParser)), viewOf(args), async (code) => {
      exitCode = await code;
    });
    await withSettings(program, (given) => (known = given)).parseAsync();
    return exitCode;
  } catch (error) {
    const { tellFailure } = await import('./tell-failure.js');
    return await tellFailure(error, known);
  }
}

const helpAll = '--help-all';

function forParser(arg: string): readonly string[] {
  return arg === helpAll ? [arg, '--help'] : [toParser(arg)];
}

/** Everything can be completed in a shell, also what `--help` leaves out. */
function viewOf(args: readonly string[]): View {
  return args.includes(helpAll) || args.includes('--get-yargs-completions') ? 'all' : 'essential';
}

/** How the command line is read, and what holds for every command. */
function withSettings(program: Argv, onParsed: (given: AnyArguments) => void): Argv {
  hideTypes(program);
  makeNoHelpAhead(program);
  return program
    .scriptName('cognito-bulk')
    .usage('$0 <command>\n\nBrings a CSV of people into an Amazon Cognito user pool.')
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
    .fail(refuse);
}

/** yargs would look beside the link that a package manager starts it by, and find another package. */
function ownVersion(): string {
  const own = createRequire(import.meta.url)('../../package.json') as { readonly version: string };
  return own.version;
}

/** Of an option that was given several times the last one counts, but for one that is repeatable. */
function lastOfRepeated(given: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(given)) {
    if (name !== '_' && name !== 'map' && Array.isArray(value)) given[name] = value.at(-1);
  }
}

/** What yargs takes no more of, as a `UsageError`; what a command threw, as it is. */
function refuse(message: string | null, error: Error | undefined): never {
  if (error && error.name !== 'YError') throw error;
  // What yargs says where there are several files, of which it reads none.
  if (message?.startsWith('Invalid JSON config file') === true) {
    throw new UsageError('--config is given more than once: put all into one file.');
  }
  throw new UsageError(message ?? 'The command line is wrong.');
}
