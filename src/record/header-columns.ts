import { checkColumns } from './column-checks.js';
import { knownNames } from './columns.js';
import type { Column, KnownNames } from './columns.js';
import type { Findings } from './findings.js';
import { isPerson, noHeaderLine } from './first-line.js';
import { isExportHeader } from './own-file.js';
import type { PoolFacts } from './pool-facts.js';
import { byHeader, foldHeader, presetColumns } from './preset-columns.js';
import type { Rule } from './rule.js';
import { mayHoldSecret } from './secret-columns.js';
import type { ReadingSettings } from './settings.js';
import { ATTRIBUTES, CONTRACT } from './sources.js';

export const unknownAttribute: Rule = {
  code: 'unknown-attribute',
  severity: 'error',
  about:
    'A column, mapping or default that is neither an attribute of the pool nor a column of ours.',
  source: CONTRACT,
};

export const unnamedColumn: Rule = {
  code: 'unnamed-column',
  severity: 'error',
  about: 'A column whose cell in the header line is empty.',
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

export const unusedMapping: Rule = {
  code: 'unused-mapping',
  severity: 'warning',
  about: 'A mapping for a header that the file does not have.',
  source: CONTRACT,
};

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
  checkColumns(columns, facts, findings);
  return columns;
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
