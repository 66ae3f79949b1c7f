import type { Findings } from './findings.js';
import type { Rule } from './rule.js';
import { ATTRIBUTES } from './sources.js';

export const notABoolean: Rule = {
  code: 'not-a-boolean',
  severity: 'error',
  about: 'A Boolean attribute, `enabled` or `cognito:mfa_enabled` that is neither true nor false.',
  source: ATTRIBUTES,
  safe: true,
};

const TRUE = new Set(['yes', 'y', '1', 'on', 't']);
const FALSE = new Set(['no', 'n', '0', 'off', 'f']);

/** @returns undefined, and a problem in the findings, where the value is neither. */
export function readBoolean(
  value: string,
  column: string,
  findings: Findings,
): boolean | undefined {
  const word = value.toLowerCase();
  if (word === 'true') return true;
  if (word === 'false') return false;
  const proposal = TRUE.has(word) ? 'true' : FALSE.has(word) ? 'false' : undefined;
  findings.add(
    notABoolean,
    column,
    `"${column}" is neither true nor false: write one of them.`,
    proposal,
  );
  return undefined;
}
