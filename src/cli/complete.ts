import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';

import { presetNames } from '../api/presets/presets.js';
import { defaultReports } from '../api/run/run-folder.js';
import { choicesOf, switchNames } from './options.js';

/** Commands whose first argument is a run. */
const onRuns: ReadonlySet<string> = new Set(['resume', 'undo', 'report']);
const switches: ReadonlySet<string> = new Set(switchNames);

/**
 * What may stand at the last of the words behind the program's name; undefined where the parser knows
 * it: commands, options, and the choices of an option. Where there is nothing the shell offers files.
 */
export async function completionsOf(words: readonly string[]): Promise<string[] | undefined> {
  const [command = '', ...rest] = words;
  const current = rest.at(-1);
  if (current === undefined || current.startsWith('-')) return undefined;
  const candidates = await candidatesOf(command, rest.slice(0, -1));
  return candidates?.filter((name) => name.startsWith(current));
}

/** @param before the words between the command and the one that is asked for. */
async function candidatesOf(
  command: string,
  before: readonly string[],
): Promise<readonly string[] | undefined> {
  const previous = before.at(-1) ?? '';
  if (previous === '--from') return presetNames();
  const option = previous.startsWith('--') ? previous.slice(2) : undefined;
  if (option !== undefined && !switches.has(option) && !option.startsWith('no-')) {
    return choicesOf(option);
  }
  const isFirst = before.every((word) => word.startsWith('-'));
  if (isFirst && command === 'verify') return ['send', 'confirm'];
  if (isFirst && onRuns.has(command)) return runsUnder(defaultReports);
  return [];
}

/** The newest last, as their usual names have it. */
async function runsUnder(reports: string): Promise<string[]> {
  const names = await readdir(join(process.cwd(), reports)).catch(() => []);
  const runs: string[] = [];
  for (const name of names.sort()) {
    const journal = await stat(join(reports, name, 'journal.jsonl')).catch(() => undefined);
    if (journal) runs.push(name);
  }
  return runs;
}
