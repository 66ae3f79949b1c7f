import { poolOf } from './reading.js';
import type { RuleCase } from './rule-case.js';

const sheet = { pool: poolOf(), signIns: 'with codes', header: 'username|password|code' } as const;

/** The rules of a file of people who sign in. */
export const signInCases: readonly RuleCase[] = [
  {
    code: 'no-code-column',
    sheet: { ...sheet, header: 'username|password' },
    broken: {},
    nearMiss: { signIns: 'without codes' },
  },
  {
    code: 'missing-password',
    sheet,
    broken: { rows: ['ada| |123456'] },
    nearMiss: { rows: ['ada|-|123456'] },
  },
  {
    code: 'missing-code',
    sheet,
    broken: { rows: ['ada|Passw0rd!| '] },
    nearMiss: { rows: ['ada|Passw0rd!|1'] },
  },
];
