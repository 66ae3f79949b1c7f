/** One thing that can be wrong with a file, a row or a cell. Rules are data: docs and tests walk them. */
export interface Rule {
  /** Kebab-case; the `code` of its problems. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** One line for the documentation: when it strikes. */
  readonly about: string;
  /** Where the rule comes from: a page of the service, a standard, or this tool's own contract. */
  readonly source: string;
  /** Whether its proposals may be written into the file without asking. */
  readonly safe?: boolean;
}
