// Only in files of our own: elsewhere an apostrophe in front is part of the value.
const GUARDED = /^'+[=+\-@\t\r]/;
const NEEDS_GUARD = /^'*[=+\-@\t\r]/;
const LAST_SIGN = 0x40;

/**
 * Puts an apostrophe before what a spreadsheet would run as a formula, and before what would lose one
 * of its own by `withoutFormulaGuard`. Source: OWASP, "CSV Injection".
 */
export function withFormulaGuard(value: string): string {
  // Most cells are empty or begin with a letter, which comes after all of these signs, or a digit.
  const first = value.charCodeAt(0);
  if (!(first <= LAST_SIGN) || (first >= 0x30 && first <= 0x39)) return value;
  return NEEDS_GUARD.test(value) ? `'${value}` : value;
}

/**
 * Takes away the apostrophe that our writers put before what a spreadsheet would run as a formula.
 * Where several stand there, one is ours.
 */
export function withoutFormulaGuard(value: string): string {
  return value.charCodeAt(0) === 0x27 && GUARDED.test(value) ? value.slice(1) : value;
}
