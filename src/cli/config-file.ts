import { createRequire } from 'node:module';
import { relative } from 'node:path';
import process from 'node:process';

import { nearestName } from '../api/presets/nearest-name.js';
import { systemCode } from '../source/error.js';
import { shownText } from '../source/shown-text.js';
import { readSmallFileSync, TooLarge } from '../source/small-file.js';
import { UsageError } from './usage-error.js';
import { isNestedDeep } from './yaml-depth.js';

/** What the command that is run takes. */
export interface KnownOptions {
  /** Options of this command. */
  readonly own: ReadonlySet<string>;
  /** Options of other commands, so that one file can serve several. */
  readonly others: ReadonlySet<string>;
  readonly booleans: ReadonlySet<string>;
  /** Options that may be given several times, so that a list stays one. */
  readonly lists: ReadonlySet<string>;
}

/** Members that are no option: tables of header or attribute names. */
const tables: ReadonlySet<string> = new Set(['columns', 'defaults']);
/** Options that make no sense in a file. */
const never: ReadonlySet<string> = new Set(['config', 'help', 'h', 'version']);

/** A line for each of a thousand columns. */
const mostBytes = 64 * 1024;
/** Aliases (`*name`) that a file may resolve: enough for people, too few for a "billion laughs". */
const mostAliases = 100;

type Value = string | readonly Value[] | ReadonlyMap<Value, Value> | null;

/**
 * The options of a `--config` file, as if they were arguments. YAML or JSON; every scalar is taken
 * as the text that stands there, so that `0123` keeps its zero. Throws a `UsageError`.
 */
export function readConfig(path: string, known: KnownOptions): Record<string, unknown> {
  const name = `--config ${relative(process.cwd(), path) || path}`;
  const config = parseConfig(readText(path, name), name);
  // Nothing but comments.
  if (config === null || config === '') return {};
  if (!isTable(config)) {
    throw new UsageError(`${name} holds no options: write lines such as "region: eu-west-1".`);
  }
  const options: [string, unknown][] = [];
  for (const [key, value] of config) {
    const option = optionName(key, known, name);
    if (!known.own.has(option)) continue;
    options.push([option, optionValue(option, value, known, name)]);
  }
  return Object.fromEntries(options);
}

function readText(path: string, name: string): string {
  let bytes: Buffer;
  try {
    bytes = readSmallFileSync(path, mostBytes);
  } catch (error) {
    if (error instanceof TooLarge)
      throw new UsageError(`${name} is larger than 64 KiB: shorten it.`);
    throw new UsageError(`${name} can't be read (${systemCode(error)}): check the path.`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`${name} is not UTF-8: save it so.`);
  }
}

function parseConfig(text: string, name: string): Value {
  // Loaded only here, and at once: the parser of the arguments asks for it in the middle of its work.
  const { Lexer, LineCounter, parseDocument } = createRequire(import.meta.url)(
    'yaml',
  ) as typeof import('yaml');
  if (isNestedDeep(new Lexer().lex(text))) {
    throw new UsageError(`${name} is nested too deep: write it plainly.`);
  }
  const lineCounter = new LineCounter();
  try {
    // JSON is YAML. "failsafe" knows texts, lists and tables, and no tag that could make another thing.
    const document = parseDocument(text, { schema: 'failsafe', lineCounter, prettyErrors: false });
    const problem = document.errors[0] ?? document.warnings[0];
    if (problem === undefined) {
      return document.toJS({ mapAsMap: true, maxAliasCount: mostAliases }) as Value;
    }
    const { line } = lineCounter.linePos(problem.pos[0]);
    const what =
      problem.code === 'DUPLICATE_KEY' ? 'says a thing twice' : 'is neither YAML nor JSON';
    throw new UsageError(`${name} ${what}: mend line ${line}.`);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${name} has an alias to nothing, or too many aliases: write it plainly.`);
  }
}

function optionName(key: Value, { own, others }: KnownOptions, name: string): string {
  if (typeof key !== 'string') {
    throw new UsageError(`${name} has a list or table in place of an option's name: mend it.`);
  }
  const known = own.has(key) || others.has(key);
  if (known && !never.has(key)) return key;
  const names = [...own, ...others].filter((option) => option.length > 1 && !never.has(option));
  const nearest = nearestName(key, names);
  const hint = nearest === undefined ? 'remove it' : `the nearest is "${nearest}"`;
  throw new UsageError(`${name} has "${shown(key)}", which is not an option: ${hint}.`);
}

function optionValue(
  option: string,
  value: Value,
  { booleans, lists }: KnownOptions,
  name: string,
): unknown {
  if (tables.has(option)) return tableOf(value, option, name);
  if (Array.isArray(value)) {
    const texts = value.map((member: Value) => textOf(member, option, name));
    return lists.has(option) ? texts : texts.join(',');
  }
  const text = textOf(value, option, name);
  if (booleans.has(option) && text !== 'true' && text !== 'false') {
    throw new UsageError(`${name}: "${option}" is either true or false.`);
  }
  return lists.has(option) ? [text] : text;
}

/** `columns` and `defaults`; a name without a value has the empty text. */
function tableOf(value: Value, option: string, name: string): Record<string, string> {
  if (!isTable(value)) {
    throw new UsageError(`${name}: "${option}" takes lines such as "Header: attribute" under it.`);
  }
  return Object.fromEntries(
    [...value].map(([key, cell]) => [
      textOf(key, option, name),
      cell === null ? '' : textOf(cell, option, name),
    ]),
  );
}

function textOf(value: Value, option: string, name: string): string {
  if (typeof value === 'string') return value;
  throw new UsageError(`${name}: "${option}" takes a text, and there is a list or table in it.`);
}

function isTable(value: Value): value is ReadonlyMap<Value, Value> {
  return value instanceof Map;
}

/** A key as it may stand in a message. */
function shown(key: string): string {
  const clean = shownText(key);
  return clean.length > 60 ? `${clean.slice(0, 60)}…` : clean;
}
