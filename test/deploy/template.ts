import { readFileSync } from 'node:fs';
import { isMap, isScalar, isSeq, parseDocument } from 'yaml';

type Value = string | number | boolean | null | readonly Value[] | Values;
/** An object of YAML. */
export interface Values {
  readonly [name: string]: Value;
}

/** CloudFormation's short functions that the template uses. */
const functions = ['Ref', 'Sub', 'GetAtt', 'If', 'Equals', 'Select'];

/**
 * The CloudFormation template, its short functions as objects: `!Ref X` is `{ Ref: 'X' }`. Throws
 * where it is no YAML, or YAML that CloudFormation does not read.
 */
export function template(): Values {
  const path = new URL('../../deploy/aws/nightly-sync.yaml', import.meta.url);
  const document = parseDocument(readFileSync(path, 'utf8'), { logLevel: 'error' });
  if (document.errors[0]) throw document.errors[0];
  return valuesOf(valueOf(document.contents));
}

function valueOf(node: unknown): Value {
  const value = untagged(node);
  const { tag } = node as { readonly tag?: string };
  if (tag?.startsWith('!') !== true) return value;
  const name = tag.slice(1);
  if (!functions.includes(name)) throw new Error(`${tag} is no function of CloudFormation`);
  return { [name === 'Ref' ? name : `Fn::${name}`]: value };
}

function untagged(node: unknown): Value {
  if (isScalar(node)) return node.value as string | number | boolean | null;
  if (isSeq(node)) return node.items.map(valueOf);
  if (isMap(node)) {
    return Object.fromEntries(
      node.items.map(({ key, value }) => [textOf(valueOf(key)), valueOf(value)]),
    );
  }
  throw new Error('CloudFormation reads no aliases');
}

/** The object that a value is, else an empty one. */
export function valuesOf(value: Value | undefined): Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Values)
    : {};
}

/** The value under these names and places. */
export function at(value: Value, ...path: readonly (string | number)[]): Value {
  return path.reduce<Value>((inner, name) => {
    const next = Array.isArray(inner) ? (inner as Value[])[Number(name)] : valuesOf(inner)[name];
    if (next === undefined) throw new Error(`there is no ${path.join('.')}`);
    return next;
  }, value);
}

/** The text of a value that is no object. */
export function textOf(value: Value): string {
  if (typeof value !== 'object') return String(value);
  throw new Error(`${JSON.stringify(value)} is no text`);
}

/** All objects within a value. */
export function* objectsIn(value: Value): Generator<Values> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as Values;
  for (const inner of Object.values(value) as Value[]) yield* objectsIn(inner);
}

/** The arguments of the task's container, with these parameters in place of their defaults. */
export function taskCommand(given: Readonly<Record<string, string>>): string[] {
  const all = template();
  const parameter = (name: string): string =>
    given[name] ?? textOf(at(all, 'Parameters', name, 'Default'));
  const path = ['Resources', 'Task', 'Properties', 'ContainerDefinitions', 0, 'Command'] as const;
  return (at(all, ...path) as Value[]).map((part) => {
    const { Ref, 'Fn::Sub': sub } = valuesOf(part);
    if (typeof Ref === 'string') return parameter(Ref);
    if (typeof sub !== 'string') return textOf(part);
    return sub.replace(/\$\{(\w+)\}/g, (_, name: string) => parameter(name));
  });
}
