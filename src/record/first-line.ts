import type { Rule } from './rule.js';
import { CONTRACT } from './sources.js';

export const noHeaderLine: Rule = {
  code: 'no-header-line',
  severity: 'error',
  about: 'A first line that holds a person and not the names of the columns.',
  source: CONTRACT,
};

/** What nobody calls a column: an address, a phone number. */
const ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$|^\+\d{6,}$/;
/** Letters, a digit and a sign that names do without. */
const LIKE_PASSWORD = /^(?=.*\p{L})(?=.*\d)(?=.*[^\p{L}\p{M}\p{N}\s_:./()#-])\S{6,}$/u;

/**
 * Whether a first line is a person's row. Messages about columns name them, so that a file without a
 * header line would have its first password on the screen.
 */
export function isPerson(
  headers: readonly string[],
  isKnown: (header: string) => boolean,
): boolean {
  if (headers.some((header) => ADDRESS.test(header) && !isKnown(header))) return true;
  return !headers.some(isKnown) && headers.some((header) => LIKE_PASSWORD.test(header));
}
