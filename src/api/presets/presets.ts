import { readdir, readFile } from 'node:fs/promises';

import type { Preset } from '../../record/preset.js';
import { nearestName } from './nearest-name.js';
import { presetFrom } from './preset-file.js';
import { Refusal } from '../refusal.js';

/** The data files that come with this package; presets/README.md says how to add one. */
const folder = new URL('../../../presets/', import.meta.url);

/** The systems whose exports are known, in the order of the alphabet. */
export async function presetNames(): Promise<string[]> {
  const files = await readdir(folder);
  return files
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
}

/** What is known of a system's exports. Throws a `Refusal` that lists the names there are. */
export async function loadPreset(name: string): Promise<Preset> {
  const names = await presetNames();
  const found = names.find((known) => known === name.trim().toLowerCase());
  if (found === undefined) throw new Refusal(unknownMessage(name, names));
  const text = await readFile(new URL(`${found}.json`, folder), 'utf8');
  return presetFrom(JSON.parse(text), found);
}

function unknownMessage(name: string, names: readonly string[]): string {
  const nearest = nearestName(name, names);
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  return `--from knows no "${name}": it is one of ${names.join(', ')}.${hint}`;
}
