import { knownNames, type Column, type KnownNames } from './columns.js';
import type { Findings } from './findings.js';
import { isExportHeader } from './own-file.js';
import type { PoolFacts } from './pool-facts.js';
import { byHeader, foldHeader, presetColumns } from './preset-columns.js';
import type { Rule } from './rule.js';
import type { ReadingSettings } from './settings.js';
import { ATTRIBUTES, CONTRACT, QUOTAS, SCHEMA_ATTRIBUTE } from './sources.js';

export const unknownAttribute: Rule = {
  code: 'unknown-attribute',
  severity: 'error',
  about:
    'A column, mapping or default that is neither an attribute of the pool nor a column of ours.',
  source: CONTRACT,
};

export const noHeaderLine: Rule = {
  code: 'no-header-line',
  severity: 'error',
  about: 'A first line that holds a person and not the names of the columns.',
  source: CONTRACT,
};

export const unnamedColumn: Rule = {
  code: 'unnamed-column',
  severity: 'error',
  about: 'A column whose cell in the header line is empty.',
  source: CONTRACT,
};

export const duplicateColumn: Rule = {
  code: 'duplicate-column',
  severity: 'error',
  about: 'Two columns for the same thing.',
  source: CONTRACT,
};

export const readOnlyAttribute: Rule = {
  code: 'read-only-attribute',
  severity: 'error',
  about:
    'A mapping or default for what the service alone writes: sub, identities, cognito:user_status.',
  source: ATTRIBUTES,
};

export const ignoredColumn: Rule = {
  code: 'ignored-column',
  severity: 'warning',
  about:
    'A column of what the service alone writes: sub, identities, cognito:user_status. It is not sent.',
  source: ATTRIBUTES,
};

export const developerOnlyAttribute: Rule = {
  code: 'developer-only-attribute',
  severity: 'warning',
  about:
    'A column of a developer-only (dev:) attribute: only an administrator can change it later.',
  source: SCHEMA_ATTRIBUTE,
};

export const invalidAttributeName: Rule = {
  code: 'invalid-attribute-name',
  severity: 'error',
  about: 'A custom attribute whose name has more than 20 characters after "custom:", or space.',
  source: QUOTAS,
};

export const tooManyAttributes: Rule = {
  code: 'too-many-attributes',
  severity: 'error',
  about: 'More custom attributes than the 50 that a pool can have.',
  source: QUOTAS,
};

export const unusedMapping: Rule = {
  code: 'unused-mapping',
  severity: 'warning',
  about: 'A mapping for a header that the file does not have.',
  source: CONTRACT,
};

const MOST_CUSTOM = 50;
const CUSTOM_NAME = /^(?:dev:)?custom:[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,20}$/u;

/** Names every column of the header line and reports those that cannot be. */
export function readColumns(
  cells: readonly string[],
  facts: PoolFacts,
  settings: ReadingSettings,
  findings: Findings,
): Column[] {
  const names = knownNames(facts);
  const exported = isExportHeader(cells);
  const mapping = new Map([...settings.mapping].map(([from, to]) => [foldHeader(from), to.trim()]));
  const headers = new Map(cells.map((cell) => [foldHeader(cell), cell.trim()]));
  const isKnown = (header: string): boolean =>
    mapping.has(header) || names.find(header) !== undefined;
  if (isPerson([...headers.keys()], isKnown)) {
    findings.add(
      noHeaderLine,
      undefined,
      'It looks like a row and not like the names of the columns: put a line such as username,email above it.',
    );
    return [];
  }
  const { preset } = settings;
  const known = preset && presetColumns(preset, { headers, mapping, facts, names }, findings);
  const columns = cells.map((cell, index): Column => {
    const header = cell.trim();
    const target = mapping.get(foldHeader(header));
    const meaning = known?.get(foldHeader(header));
    const column =
      target !== undefined
        ? mappedColumn(header, index, target, names, findings)
        : meaning !== undefined
          ? { index, header, ...meaning }
          : readColumn(header, index, { names, exported }, findings);
    const separator = preset && byHeader(preset.separators, header);
    return column.kind === 'groups' && separator !== undefined ? { ...column, separator } : column;
  });
  for (const from of settings.mapping.keys()) {
    if (headers.has(foldHeader(from))) continue;
    findings.add(
      unusedMapping,
      from.trim(),
      `The mapping for "${from.trim()}" has no effect, since the file has no such column: check its name.`,
    );
  }
  reportDuplicates(columns, findings);
  reportCustom(columns, facts, findings);
  return columns;
}

/** What nobody calls a column: an address, a phone number. */
const ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$|^\+\d{6,}$/;
/** Letters, a digit and a sign that names do without. */
const LIKE_PASSWORD = /^(?=.*\p{L})(?=.*\d)(?=.*[^\p{L}\p{M}\p{N}\s_:./()#-])\S{6,}$/u;

/**
 * Whether a first line is a person's row. Messages about columns name them, so that a file without a
 * header line would have its first password on the screen.
 */
function isPerson(headers: readonly string[], isKnown: (header: string) => boolean): boolean {
  if (headers.some((header) => ADDRESS.test(header) && !isKnown(header))) return true;
  return !headers.some(isKnown) && headers.some((header) => LIKE_PASSWORD.test(header));
}

/** Names of columns that may hold what opens an account, so that dropping one is meant for good. */
const SECRET = /passw|passphrase|pwd|[-_ .]pass$|hash|salt|secret|totp|token/i;

/** Whether a column of this name may hold what opens an account. */
export function mayHoldSecret(header: string): boolean {
  return SECRET.test(header);
}

function readColumn(
  header: string,
  index: number,
  { names, exported }: { readonly names: KnownNames; readonly exported: boolean },
  findings: Findings,
): Column {
  const ignored: Column = { index, header, kind: 'ignored', name: '' };
  if (header === '') {
    findings.add(
      unnamedColumn,
      undefined,
      `Column ${index + 1} has no name in the header line: name it or remove it.`,
    );
    return ignored;
  }
  const known = names.find(header);
  if (known === undefined) {
    findings.add(unknownAttribute, header, unknownColumnMessage(header, names.nearest(header)));
    return ignored;
  }
  // Who wrote an export knows that, and has no use for being told.
  if (known.kind === 'read-only' && !exported) {
    findings.add(
      ignoredColumn,
      header,
      `"${header}" is not sent, since Cognito alone writes it: the column may stay or go.`,
    );
  }
  return { index, header, ...known };
}

function unknownColumnMessage(header: string, nearest: string | undefined): string {
  return nearest === undefined
    ? `"${header}" is not a known column: map it with --map "${header}=attribute", or drop it with --map "${header}=".`
    : `"${header}" is not a known column; the nearest is "${nearest}": take that with --map "${header}=${nearest}", or drop the column with --map "${header}=".`;
}

function mappedColumn(
  header: string,
  index: number,
  target: string,
  names: KnownNames,
  findings: Findings,
): Column {
  const ignored: Column = { index, header, kind: 'ignored', name: '' };
  if (target === '') return mayHoldSecret(header) ? { ...ignored, kind: 'secret' } : ignored;
  const known = names.find(target);
  if (known === undefined) {
    const nearest = names.nearest(target);
    const hint = nearest === undefined ? '' : `; the nearest is "${nearest}"`;
    findings.add(
      unknownAttribute,
      header,
      `"${header}" is mapped to "${target}", which is not a known attribute${hint}: correct the mapping.`,
    );
    return ignored;
  }
  if (known.kind === 'read-only') {
    findings.add(
      readOnlyAttribute,
      header,
      `"${header}" is mapped to "${known.name}", which Cognito alone writes: map it to a custom attribute, or drop it.`,
    );
  }
  return { index, header, ...known };
}

function reportDuplicates(columns: readonly Column[], findings: Findings): void {
  const first = new Map<string, Column>();
  for (const column of columns) {
    if (column.name === '') continue;
    const before = first.get(column.name);
    if (before === undefined) {
      first.set(column.name, column);
      continue;
    }
    findings.add(
      duplicateColumn,
      column.header,
      `Columns ${before.index + 1} ("${before.header}") and ${column.index + 1} ("${column.header}") are both "${column.name}": keep one of them.`,
    );
  }
}

function reportCustom(columns: readonly Column[], facts: PoolFacts, findings: Findings): void {
  const custom = columns.filter(({ name }) => /^(?:dev:)?custom:/.test(name));
  for (const { header, name } of columns) {
    if (!name.startsWith('dev:') && facts.schema?.get(name)?.DeveloperOnlyAttribute !== true)
      continue;
    findings.add(
      developerOnlyAttribute,
      header,
      `"${header}" is a developer-only attribute: apps and users cannot change it later.`,
    );
  }
  for (const { header, name } of custom) {
    if (CUSTOM_NAME.test(name)) continue;
    findings.add(
      invalidAttributeName,
      header,
      `"${header}" cannot be a custom attribute: 1 to 20 characters without space stand after "custom:".`,
    );
  }
  if (custom.length > MOST_CUSTOM) {
    findings.add(
      tooManyAttributes,
      undefined,
      `The file has ${custom.length} custom attributes, and a pool can have ${MOST_CUSTOM}: drop some columns.`,
    );
  }
}
