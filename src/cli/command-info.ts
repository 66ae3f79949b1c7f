import process from 'node:process';
import { parseArgs } from 'node:util';

/** Arguments as far as they are known, also those of a command line that is wrong. */
export type AnyArguments = Readonly<Record<string, unknown>>;

/** What the arguments tell of a command before it is run. */
export interface CommandInfo {
  /** As the summary names it: `import`, `verify send`. */
  readonly command: string;
  readonly file?: string;
  readonly plan?: string;
  readonly run?: string;
  /** The pool's ID. */
  readonly pool?: string;
}

/** Commands whose pool is that of a plan or a run, or their own, whatever the environment says. */
const withOwnPool: ReadonlySet<string> = new Set(['apply', 'resume', 'undo', 'demo']);

export function commandInfo(given: AnyArguments): CommandInfo {
  const words = Array.isArray(given['_']) ? given['_'].slice(0, 1).map(String) : [];
  const action = textOf(given, 'action');
  const [file, plan, run] = ['file', 'plan', 'run'].map((name) => textOf(given, name));
  const command = [...words, ...(action === undefined ? [] : [action])].join(' ');
  const isElsewhere = withOwnPool.has(command) || textOf(given, 'schema') !== undefined;
  const usual = isElsewhere ? undefined : process.env['COGNITO_USER_POOL_ID'];
  const pool = textOf(given, 'user-pool-id') ?? usual;
  return {
    command,
    ...(file !== undefined && { file }),
    ...(plan !== undefined && { plan }),
    ...(run !== undefined && { run }),
    ...(pool !== undefined && { pool }),
  };
}

/** An argument's text; undefined where it is absent or has none. */
export function textOf(given: AnyArguments, name: string): string | undefined {
  const value = given[name];
  return typeof value === 'string' ? value : undefined;
}

/** What can be made out of a command line that could not be parsed: who is to be told, and how. */
export function rawArguments(args: readonly string[]): AnyArguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    strict: false,
    options: {
      'log-format': { type: 'string' },
      notify: { type: 'string' },
      metrics: { type: 'string' },
      'user-pool-id': { type: 'string' },
      quiet: { type: 'boolean' },
      verbose: { type: 'boolean' },
    },
  });
  return { ...values, _: positionals };
}
