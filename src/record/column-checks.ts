import type { Column } from './columns.js';
import type { Findings } from './findings.js';
import type { PoolFacts } from './pool-facts.js';
import type { Rule } from './rule.js';
import { CONTRACT, QUOTAS, SCHEMA_ATTRIBUTE } from './sources.js';

export const duplicateColumn: Rule = {
  code: 'duplicate-column',
  severity: 'error',
  about: 'Two columns for the same thing.',
  source: CONTRACT,
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

const MOST_CUSTOM = 50;
const CUSTOM_NAME = /^(?:dev:)?custom:[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,20}$/u;

/** Reports what is wrong with columns that were named, beside each other and in this pool. */
export function checkColumns(
  columns: readonly Column[],
  facts: PoolFacts,
  findings: Findings,
): void {
  reportDuplicates(columns, findings);
  reportDeveloperOnly(columns, facts, findings);
  reportCustom(columns, findings);
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

function reportDeveloperOnly(
  columns: readonly Column[],
  facts: PoolFacts,
  findings: Findings,
): void {
  for (const { header, name } of columns) {
    const isOne = name.startsWith('dev:') || facts.schema?.get(name)?.DeveloperOnlyAttribute;
    if (isOne !== true) continue;
    findings.add(
      developerOnlyAttribute,
      header,
      `"${header}" is a developer-only attribute: apps and users cannot change it later.`,
    );
  }
}

function reportCustom(columns: readonly Column[], findings: Findings): void {
  const custom = columns.filter(({ name }) => /^(?:dev:)?custom:/.test(name));
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
