import type { Argv, InferredOptionTypes, PositionalOptions } from 'yargs';

import { readConfig } from './config-file.js';
import type { KnownOptions } from './config-file.js';
import { groups, optionNames } from './options.js';
import type { Given, Group } from './options.js';
import { optionsOf } from './yargs-internals.js';

/** A command as the help shows it, and how it is run. */
interface Command<G extends Group, P extends Positionals> {
  /** Its name, and what stands behind it: `<file>`, or `[file]` where that may be absent. */
  readonly usage: string;
  readonly about: string;
  readonly positionals: P;
  /** Groups of options, all of which `--help-all` shows. `--config` can hold any. */
  readonly options: readonly G[];
  /** The options that matter, by the title over them: what `--help` shows on one screen. */
  readonly help: Readonly<Record<string, readonly (keyof Given<G>)[]>>;
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
  {
    positionals,
    options,
    help,
    examples,
  }: Pick<Command<G, P>, 'positionals' | 'options' | 'help' | 'examples'>,
  view: View,
): void {
  // First, since the help has its groups in the order in which they come.
  for (const [name, positional] of Object.entries(positionals)) own.positional(name, positional);
  for (const name of options) own.options(groups[name].options);
  own
    .nargs('config', 1)
    .config('config', 'FILE of options, YAML or JSON; arguments win over it', (path) =>
      readConfig(path, knownOptions(own)),
    );
  if (view === 'all') showAll(own, options);
  else showEssential(own, options, help);
  for (const example of examples) own.example(`$0 ${example}`, '');
}

function showAll(own: Argv, options: readonly Group[]): void {
  for (const name of options) own.group(Object.keys(groups[name].options), groups[name].title);
  own.group(['config', 'help', 'help-all', 'version'], 'Screen:');
}

/** Shows what a command says matters, and under the last title what every command has. */
function showEssential(
  own: Argv,
  options: readonly Group[],
  help: Readonly<Record<string, readonly PropertyKey[]>>,
): void {
  const titles = Object.entries(help);
  for (const [at, [title, names]] of titles.entries()) {
    const ofEvery = at === titles.length - 1 ? ['config', 'help-all'] : [];
    own.group([...names.map(String), ...ofEvery], title);
  }
  const shown = new Set(titles.flatMap(([, names]) => names));
  const all = options.flatMap((name) => Object.keys(groups[name].options));
  for (const name of [...all, 'help', 'version']) if (!shown.has(name)) own.hide(name);
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
