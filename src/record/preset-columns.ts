import type { Column, KnownNames } from './columns.js';
import type { Findings } from './findings.js';
import type { Address, PoolFacts } from './pool-facts.js';
import type { Preset } from './preset.js';
import type { Rule } from './rule.js';
import { CONTRACT } from './sources.js';

export const notCarriedOver: Rule = {
  code: 'not-carried-over',
  severity: 'warning',
  about: 'Columns of another system that Cognito, or this pool, has no place for.',
  source: CONTRACT,
};

export const presetRemark: Rule = {
  code: 'preset-remark',
  severity: 'warning',
  about: 'What to know of a column that is taken as the preset of another system says.',
  source: CONTRACT,
};

/** What becomes of a column. */
type Meaning = Pick<Column, 'kind' | 'name' | 'values'>;

/** What decides on the columns beside the preset. */
interface Surroundings {
  /** The file's header names, by what `foldHeader` makes of them. */
  readonly headers: ReadonlyMap<string, string>;
  /** What the user's own mapping says, which wins; by folded header name. */
  readonly mapping: ReadonlyMap<string, string>;
  readonly facts: PoolFacts;
  readonly names: KnownNames;
}

/** Header names match without regard to case or surrounding space. */
export function foldHeader(header: string): string {
  return header.trim().toLowerCase();
}

/**
 * What a preset makes of the columns that it knows and the user's mapping does not name, by folded
 * header name. What is lost by it is told.
 */
export function presetColumns(
  preset: Preset,
  surroundings: Surroundings,
  findings: Findings,
): ReadonlyMap<string, Meaning> {
  const { headers, mapping, facts, names } = surroundings;
  const meanings = new Map<string, Meaning>();
  const isOpen = (header: string): boolean => {
    const key = foldHeader(header);
    return headers.has(key) && !mapping.has(key);
  };
  const drop = (header: string, kind: 'ignored' | 'secret' = 'ignored'): void => {
    meanings.set(foldHeader(header), { kind, name: '' });
  };
  // A cell of the header line that is empty by design, such as after a comma at the end of a line.
  if (preset.header?.includes('') === true && isOpen('')) drop('');

  for (const { columns, because, secret } of preset.dropped) {
    const there = columns.filter(isOpen);
    if (there.length === 0) continue;
    for (const header of there) drop(header, secret ? 'secret' : 'ignored');
    report(notCarriedOver, there, `${areNotCarriedOver(there)}: ${because}.`, findings);
  }

  const taken = takenNames(preset, surroundings);
  const lacking: [header: string, target: string][] = [];
  for (const [header, target] of Object.entries(preset.columns)) {
    if (!isOpen(header)) continue;
    const known = names.find(target);
    const before = known && taken.get(known.name);
    if (known === undefined) {
      lacking.push([header, target]);
      drop(header);
    } else if (before !== undefined) {
      drop(header);
      const message = `${areNotCarriedOver([header])}: the column "${before}" is "${known.name}" already.`;
      report(notCarriedOver, [header], message, findings);
    } else if (known.kind === 'username' && facts.signInWith.length > 0) {
      drop(header);
      report(notCarriedOver, [header], usernameMessage(header, facts.signInWith), findings);
    } else {
      taken.set(known.name, header);
      const values = valuesOf(preset, header);
      meanings.set(foldHeader(header), { ...known, ...(values && { values }) });
    }
  }
  if (lacking.length > 0) reportLacking(lacking, findings);

  for (const { columns, remark } of preset.remarks) {
    const used = columns.filter((header) => (meanings.get(foldHeader(header))?.name ?? '') !== '');
    if (used.length > 0) report(presetRemark, used, `${inWords(used)}: ${remark}.`, findings);
  }
  return meanings;
}

/** Names that other columns have already: by the user's mapping, or as they are. */
function takenNames(preset: Preset, { headers, mapping, names }: Surroundings) {
  const known = new Set(Object.keys(preset.columns).map(foldHeader));
  for (const { columns } of preset.dropped) {
    for (const header of columns) known.add(foldHeader(header));
  }
  const taken = new Map<string, string>();
  for (const [key, header] of headers) {
    const target = mapping.get(key) ?? (known.has(key) ? '' : header);
    const name = names.find(target)?.name ?? '';
    if (name !== '') taken.set(name, header);
  }
  return taken;
}

function valuesOf(preset: Preset, header: string): ReadonlyMap<string, string> | undefined {
  const values = byHeader(preset.values, header);
  if (values === undefined) return undefined;
  return new Map(Object.entries(values).map(([cell, value]) => [foldHeader(cell), value]));
}

/** What a preset says of a header name, in whatever case the file has it. */
export function byHeader<T>(table: Readonly<Record<string, T>>, header: string): T | undefined {
  const key = foldHeader(header);
  return Object.entries(table).find(([name]) => foldHeader(name) === key)?.[1];
}

function report(rule: Rule, columns: readonly string[], message: string, findings: Findings): void {
  findings.add(rule, columns.length === 1 ? columns[0] : undefined, message);
}

function reportLacking(lacking: readonly [string, string][], findings: Findings): void {
  const headers = lacking.map(([header]) => header);
  const targets = inWords(lacking.map(([, target]) => target));
  const them = lacking.length === 1 ? 'that attribute' : 'those attributes';
  const message = `${areNotCarriedOver(headers)}: the pool has no ${targets.replace(' and ', ' or ')}; add ${them}, or say with --map what to take.`;
  report(notCarriedOver, headers, message, findings);
}

function usernameMessage(header: string, signInWith: readonly Address[]): string {
  const address = signInWith
    .map((name) => (name === 'email' ? 'email address' : 'phone number'))
    .join(' or ');
  return `${areNotCarriedOver([header])}: people sign in to this pool with their ${address}, and Cognito makes up the usernames.`;
}

function areNotCarriedOver(columns: readonly string[]): string {
  return `${inWords(columns)} ${columns.length === 1 ? 'is' : 'are'} not carried over`;
}

const MOST_NAMED = 8;

/** `"a", "b" and "c"`, or the first of many and how many there are beside them. */
function inWords(names: readonly string[]): string {
  const quoted = names.slice(0, MOST_NAMED).map((name) => `"${name}"`);
  const more = names.length - quoted.length;
  if (more > 0) return `${quoted.join(', ')} and ${more} more`;
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} and ${last}`;
}
