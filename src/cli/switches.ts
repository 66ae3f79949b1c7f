import { optionNames, switchNames } from './options.js';
import { UsageError } from './usage-error.js';

/** Options that are there or not, with those that every command has. */
const switches: ReadonlySet<string> = new Set([...switchNames, 'help', 'h', 'help-all', 'version']);
const others: ReadonlySet<string> = new Set(optionNames.filter((name) => !switches.has(name)));

/**
 * Throws a `UsageError` for `--dry-run=yes`: the parser takes anything but `true` for false, and the
 * run would write. Likewise for `--no-` before an option that has a value, which would lose it.
 */
export function refuseWrongSwitches(args: readonly string[]): void {
  const end = args.indexOf('--');
  for (const arg of end < 0 ? args : args.slice(0, end)) {
    const [, name = '', value] = /^--?([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    const negated = name.startsWith('no-') ? name.slice('no-'.length) : undefined;
    if (negated !== undefined && others.has(negated)) {
      throw new UsageError(`--${negated} takes a value, and --${name} is no option: leave it out.`);
    }
    if (value === undefined || value === 'true' || value === 'false') continue;
    const asked = negated !== undefined && switches.has(negated) ? negated : name;
    if (!switches.has(asked)) continue;
    const option = `${asked.length === 1 ? '-' : '--'}${asked}`;
    throw new UsageError(
      `${option} is either true or false, and not "${value}": write ${option} alone, or leave it out.`,
    );
  }
}
