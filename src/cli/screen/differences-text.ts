import type { Difference, Differences } from '../../api/sync/difference-list.js';
import { shownText } from '../../source/shown-text.js';
import { pc } from './colours.js';

/** The difference of a dry run as a person reads it: `+`, `~` and `-`, a user a line. */
export function differencesText({ shown, more }: Differences, where: string): string {
  const lines = shown.map(lineOf);
  if (more > 0) lines.push(`… and ${more.toLocaleString('en')} more, all in ${where}`);
  return lines.join('\n');
}

const colours = { '+': pc.green, '~': pc.yellow, '-': pc.red } as const;

function lineOf({ sign, line, username, names, values = [] }: Difference): string {
  const where = line > 0 ? `line ${line} ` : '';
  const told = names.map(shownText).filter((name) => values.every((value) => value.name !== name));
  const changes = values.map(
    ({ name, from, to }) =>
      `${name}: ${from === undefined ? '(none)' : quoted(from)} → ${quoted(to)}`,
  );
  const what = [...changes, ...told].join(', ');
  return colours[sign](`${sign} ${where}${shownText(username)}${what === '' ? '' : `: ${what}`}`);
}

const quoted = (value: string): string => `"${shownText(value)}"`;
