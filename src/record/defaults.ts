import { attributeReader } from './attribute-reader.js';
import type { Reading } from './attribute-reader.js';
import type { KnownNames } from './columns.js';
import type { Findings } from './findings.js';
import { readOnlyAttribute, unknownAttribute } from './header-columns.js';

/**
 * The default values as they are sent. What is wrong with one is told once and stops the run, since
 * it would be wrong in row after row; its problems name `defaults.NAME` as their column.
 */
export function checkDefaults(
  names: KnownNames,
  reading: Reading,
  findings: Findings,
): ReadonlyMap<string, string> {
  const defaults = new Map<string, string>();
  for (const [given, value] of Object.entries(reading.settings.defaults)) {
    const column = `defaults.${given}`;
    const known = names.find(given.trim());
    if (known?.kind === 'read-only') {
      findings.add(
        readOnlyAttribute,
        column,
        `"${column}" is written by Cognito alone: remove it.`,
      );
    } else if (known?.kind !== 'attribute') {
      const nearest = names.nearest(given);
      const hint = nearest === undefined ? '' : `; the nearest is "${nearest}"`;
      findings.add(
        unknownAttribute,
        column,
        `"${column}" is not a known attribute${hint}: correct it or remove it.`,
      );
    } else if (value.trim() !== '') {
      const read = attributeReader(known.name, column, reading);
      defaults.set(known.name, read(value.trim(), findings));
    }
  }
  return defaults;
}
