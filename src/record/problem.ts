/** What is wrong with a row. An error keeps the row from being sent; a warning does not. */
export interface Problem {
  readonly line: number;
  /** The file's own header name; absent where the whole row is meant. */
  readonly column?: string;
  readonly severity: 'error' | 'warning';
  /** Kebab-case, from the contract where it names one. */
  readonly code: string;
  /** One sentence: which column, what is wrong, what to do. Never holds a value of the row. */
  readonly message: string;
  /**
   * The value to put instead, where one is likely; whether it may be put there unasked is its rule's
   * `safe`. May be personal data; never a password.
   */
  readonly proposal?: string;
}
