import { createRequire } from 'node:module';
import process from 'node:process';
import yargs from 'yargs';
import type { Argv } from 'yargs';

import { nearestName } from '../api/presets/nearest-name.js';
import { rawArguments } from './command-info.js';
import type { AnyArguments } from './command-info.js';
import type { View } from './command.js';
import { numberNames } from './options.js';
import { defineCommands } from './program.js';
import { resendAlone } from './resend.js';
import { toParser } from './standard-input.js';
import { refuseWrongSwitches } from './switches.js';
import { checkUnattended } from './unattended.js';
import { UsageError } from './usage-error.js';
import { wrongChoice } from './wrong-choice.js';
import { hideTypes, makeNoHelpAhead } from './yargs-internals.js';

/** Parses the command line and runs the command. Never throws: returns the exit code. */
export async function runCommand(args: readonly string[]): Promise<number> {
  let exitCode = 0;
  // What is known of the arguments before they are parsed, and then all of them.
  let known = rawArguments(args);
  try {
    refuseLostFolder();
    if (args.includes(completing)) {
      if (await tellCompletions(args)) return 0;
    } else refuseWrongSwitches(args);
    const program = defineCommands(yargs(args.flatMap(forParser)), viewOf(args), async (code) => {
      exitCode = await code;
    });
    await withSettings(program, args, (given) => (known = given)).parseAsync();
    return exitCode;
  } catch (error) {
    const { tellFailure } = await import('./tell-failure.js');
    return await tellFailure(error, known);
  }
}

const helpAll = '--help-all';
/** With it the shell asks what may stand next. */
const completing = '--get-yargs-completions';

function forParser(arg: string): readonly string[] {
  return arg === helpAll ? [arg, '--help'] : [toParser(arg)];
}

/** Completes what the parser does not; returns whether it was that. */
async function tellCompletions(args: readonly string[]): Promise<boolean> {
  const { completionsOf } = await import('./complete.js');
  // The program's own name stands first.
  const completions = await completionsOf(args.slice(args.indexOf(completing) + 2));
  for (const one of completions ?? []) process.stdout.write(`${one}\n`);
  return completions !== undefined;
}

/** Everything can be completed in a shell, also what `--help` leaves out. */
function viewOf(args: readonly string[]): View {
  return args.includes(helpAll) || args.includes(completing) ? 'all' : 'essential';
}

/** Paths begin in it, and Node fails wherever it is asked for first. */
function refuseLostFolder(): void {
  try {
    process.cwd();
  } catch {
    throw new UsageError('The current folder was deleted: change to one that is there.');
  }
}

/** How the command line is read, and what holds for every command. */
function withSettings(
  program: Argv,
  args: readonly string[],
  onParsed: (given: AnyArguments) => void,
): Argv {
  hideTypes(program);
  makeNoHelpAhead(program);
  return (
    program
      // What it says is read below, and all else is in English.
      .locale('en')
      .scriptName('cognito-bulk')
      .usage('$0 <command>\n\nBrings a CSV of people into an Amazon Cognito user pool.')
      .demandCommand(1, `${whichCommand} cognito-bulk --help lists them.`)
      .strict()
      .recommendCommands()
      .parserConfiguration({ 'camel-case-expansion': false, 'dot-notation': false })
      .middleware(lastOfRepeated, true)
      .middleware(refuseNoNumbers, true)
      .middleware(resendAlone(args), true)
      .middleware(onParsed, true)
      .middleware(checkUnattended)
      .exitProcess(false)
      .help('help', 'This help')
      .alias('help', 'h')
      .version(ownVersion())
      .describe('version', 'The version')
      .option('help-all', { type: 'boolean', describe: 'This help with every option' })
      .epilogue('Each command has a --help with examples. Every option: docs/options.md.')
      .wrap(Math.min(100, process.stdout.columns || 80))
      .showHelpOnFail(false)
      .fail((message: string | null, error?: Error) => refuse(message, error, args))
  );
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

/** yargs makes `NaN` of what is no number, and goes on with it. */
function refuseNoNumbers(given: AnyArguments): void {
  const name = numberNames.find((one) => Number.isNaN(given[one]));
  if (name !== undefined) throw new UsageError(`--${name} takes a number.`);
}

const whichCommand = 'Which command?';

/** Without a command there are few options, and what was meant is one of them. */
function refuseOptionAlone(args: readonly string[]): void {
  const option = args.find((arg) => /^--./.test(arg));
  if (option === undefined) return;
  const nearest = nearestName(option.slice(2), ['help', 'help-all', 'version']);
  if (nearest === undefined || nearest === option.slice(2)) return;
  throw new UsageError(`There is no option ${option}: did you mean --${nearest}?`);
}

/** What yargs takes no more of, as a `UsageError`; what a command threw, as it is. */
function refuse(message: string | null, error: Error | undefined, args: readonly string[]): never {
  if (error && error.name !== 'YError') throw error;
  // What yargs says where there are several files, of which it reads none.
  if (message?.startsWith('Invalid JSON config file') === true) {
    throw new UsageError('--config is given more than once: put all into one file.');
  }
  // yargs has one word for options that are not there and for arguments that are too many.
  const unknown = /^Unknown arguments?: (.+)$/s.exec(message ?? '')?.[1] ?? '';
  const extra = args.find((arg, at) => at > 0 && unknown.split(', ').includes(arg));
  if (extra !== undefined) {
    throw new UsageError(`"${extra}" is one argument too many: --help shows what may be given.`);
  }
  if (message?.startsWith(whichCommand) === true) refuseOptionAlone(args);
  throw new UsageError(wrongChoice(message ?? '') ?? message ?? 'The command line is wrong.');
}
