import type { DroppedColumns, Preset, Remark } from '../../record/preset.js';
import { Refusal } from '../refusal.js';

type Json = Readonly<Record<string, unknown>>;

const members: ReadonlySet<string> = new Set([
  'about',
  'sources',
  'header',
  'columns',
  'values',
  'separators',
  'usernameFrom',
  'defaults',
  'dropped',
  'remarks',
]);

/** A preset as its data file says it. Throws a `Refusal` that names the first member that is wrong. */
export function presetFrom(json: unknown, name: string): Preset {
  const file = `presets/${name}.json`;
  const whole = objectAt(json, file);
  for (const member of Object.keys(whole)) {
    if (!members.has(member)) throw wrong(`${file}: "${member}"`, 'not known');
  }
  const at = (member: string): string => `${file}: "${member}"`;
  const preset = {
    name,
    columns: textsAt(whole['columns'] ?? {}, at('columns')),
    values: Object.fromEntries(
      Object.entries(objectAt(whole['values'] ?? {}, at('values'))).map(([header, values]) => [
        header,
        textsAt(values, at(`values.${header}`)),
      ]),
    ),
    separators: textsAt(whole['separators'] ?? {}, at('separators')),
    usernameFrom: listAt(whole['usernameFrom'] ?? [], at('usernameFrom')).map((address) => {
      if (address === 'email' || address === 'phone_number') return address;
      throw wrong(at('usernameFrom'), 'not a list of email and phone_number');
    }),
    defaults: textsAt(whole['defaults'] ?? {}, at('defaults')),
    dropped: objectsAt(whole['dropped'] ?? [], at('dropped')).map(droppedAt(at('dropped'))),
    remarks: objectsAt(whole['remarks'] ?? [], at('remarks')).map(remarkAt(at('remarks'))),
  };
  if (whole['header'] === undefined) return preset;
  return { ...preset, header: listAt(whole['header'], at('header')) };
}

function droppedAt(where: string): (group: Json) => DroppedColumns {
  return ({ columns, because, secret = false }) => {
    if (typeof secret !== 'boolean') throw wrong(`${where}.secret`, 'neither true nor false');
    return {
      columns: listAt(columns, `${where}.columns`),
      because: textAt(because, `${where}.because`),
      secret,
    };
  };
}

function remarkAt(where: string): (group: Json) => Remark {
  return ({ columns, remark }) => ({
    columns: listAt(columns, `${where}.columns`),
    remark: textAt(remark, `${where}.remark`),
  });
}

function objectAt(value: unknown, where: string): Json {
  const is = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!is) throw wrong(where, 'not an object');
  return value as Json;
}

function objectsAt(value: unknown, where: string): readonly Json[] {
  if (!Array.isArray(value)) throw wrong(where, 'not a list');
  return value.map((member) => objectAt(member, where));
}

function textsAt(value: unknown, where: string): Readonly<Record<string, string>> {
  const entries = Object.entries(objectAt(value, where));
  return Object.fromEntries(entries.map(([name, text]) => [name, textAt(text, where)]));
}

function listAt(value: unknown, where: string): readonly string[] {
  if (!Array.isArray(value)) throw wrong(where, 'not a list');
  return value.map((text) => textAt(text, where));
}

function textAt(value: unknown, where: string): string {
  if (typeof value !== 'string') throw wrong(where, 'not a text');
  return value;
}

function wrong(where: string, what: string): Refusal {
  return new Refusal(`${where} is ${what}: presets/README.md says what can stand there.`);
}
