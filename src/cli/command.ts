import type { Argv, InferredOptionTypes, PositionalOptions } from 'yargs';

import { readConfig } from './config-file.js';
import type { KnownOptions } from './config-file.js';
import { groups, optionNames } from './options.js';
import type { Given, Group, OptionGroup } from './options.js';
import { optionsOf } from './yargs-internals.js';

/** A command as the help shows it, and how it is run. */
interface Command<G extends Group, P extends Positionals> {
  /** Its name, and what stands behind it: `<file>`, or `[file]` where that may be absent. */
  readonly usage: string;
  readonly about: string;
  readonly positionals: P;
  /** Groups of options in the order of the help. `--config`, which every command has, can hold any. */
  readonly options: readonly G[];
  /** Without the program's name. */
  readonly examples: readonly string[];
  /** Returns the exit code. */
  readonly run: (given: Taken<G, P>) => Promise<number>;
}

type Positionals = Readonly<Record<string, PositionalOptions>>;
type Taken<G extends Group, P extends Positionals> = Given<G> & InferredOptionTypes<P>;

/** Which options are shown in the help and completed; all can be given. */
export type View = 'essential' | 'all';

/** Takes the exit code of the command that is run. */
export type Run = (code: Promise<number>) => Promise<void>;

/** Adds a command to a program. */
export type AddCommand = (program: Argv, view: View, run: Run) => Argv;

/** Holds what a command's `run` is given against what the command takes. */
export function command<G extends Group, const P extends Positionals>({
  usage,
  about,
  ...takes
}: Command<G, P>): AddCommand {
  return (program, view, run) =>
    program.command(
      usage,
      about,
      (own) => {
        defineOptions(own, takes, view);
      },
      // What the options say is what yargs hands over.
      (given) => run(takes.run(given as unknown as Taken<G, P>)),
    );
}

function defineOptions<G extends Group, P extends Positionals>(
  own: Argv,
  { positionals, options, examples }: Pick<Command<G, P>, 'positionals' | 'options' | 'examples'>,
  view: View,
): void {
  for (const name of options) addGroup(own, groups[name], view);
  if (view === 'essential') own.hide('version');
  own
    .nargs('config', 1)
    .config('config', 'FILE of options, YAML or JSON; arguments win over it', (path) =>
      readConfig(path, knownOptions(own)),
    )
    .group('config', 'Screen:');
  for (const [name, positional] of Object.entries(positionals)) {
    own.positional(name, positional);
  }
  for (const example of examples) own.example(`$0 ${example}`, '');
}

function addGroup(own: Argv, { title, options }: OptionGroup, view: View): void {
  own.options(options).group(Object.keys(options), title);
  if (view === 'all') return;
  for (const [name, { rare }] of Object.entries(options)) if (rare) own.hide(name);
}

/** Asked while the arguments are parsed, when all options of the command are there. */
function knownOptions(own: Argv): KnownOptions {
  const { key, boolean, array } = optionsOf(own);
  return {
    own: new Set(Object.keys(key)),
    others: new Set(optionNames),
    booleans: new Set(boolean),
    lists: new Set(array),
  };
}
