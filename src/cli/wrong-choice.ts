import { nearestName } from '../api/presets/nearest-name.js';
import { optionNames } from './options.js';

/** What yargs says of the first argument that is none of its choices. */
const sentence = /^\s*Argument: (\S+), Given: (.*), Choices: (.+)$/m;

/** The same in one sentence, with the choice that was probably meant; undefined for other errors. */
export function wrongChoice(message: string): string | undefined {
  const [, name, given, list] = sentence.exec(message) ?? [];
  if (name === undefined || given === undefined || list === undefined) return undefined;
  const choices = [...list.matchAll(/"([^"]*)"/g)].map(([, choice = '']) => choice);
  const shown = given.length > 60 ? `${given.slice(0, 60)}…` : given;
  const nearest = nearestName(given.replaceAll('"', ''), choices);
  const hint = nearest === undefined ? '.' : `: did you mean ${nearest}?`;
  const what = optionNames.includes(name) ? `--${name}` : name.toUpperCase();
  return `${what} is ${choicesText(choices)}, and not ${shown}${hint}`;
}

function choicesText(choices: readonly string[]): string {
  return `${choices.slice(0, -1).join(', ')} or ${choices.at(-1) ?? ''}`;
}
