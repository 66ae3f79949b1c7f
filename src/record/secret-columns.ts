/** Names of columns that may hold what opens an account, so that dropping one is meant for good. */
const SECRET = /passw|passphrase|pwd|[-_ .]pass$|hash|salt|secret|totp|token/i;

/** Whether a column of this name may hold what opens an account. */
export function mayHoldSecret(header: string): boolean {
  return SECRET.test(header);
}
