import { Findings } from './findings.js';
import type { Header } from './header.js';
import { LineTable } from './line-table.js';
import type { Problem } from './problem.js';
import type { Rule } from './rule.js';
import { ADMIN_CREATE_USER, ATTRIBUTES, CASE_SENSITIVITY } from './sources.js';
import { attributeValue } from './user.js';
import type { User } from './user.js';

export const duplicateUsername: Rule = {
  code: 'duplicate-username',
  severity: 'error',
  about: 'The same username in two rows, without regard to case where the pool has none.',
  source: ADMIN_CREATE_USER,
};

export const duplicateEmail: Rule = {
  code: 'duplicate-email',
  severity: 'error',
  about: 'The same email in two rows, where people sign in with it, or both are verified aliases.',
  source: ATTRIBUTES,
};

export const duplicatePhoneNumber: Rule = {
  code: 'duplicate-phone-number',
  severity: 'error',
  about:
    'The same phone number in two rows, where people sign in with it, or both are verified aliases.',
  source: ATTRIBUTES,
};

export const duplicatePreferredUsername: Rule = {
  code: 'duplicate-preferred-username',
  severity: 'error',
  about: 'The same preferred_username in two rows, where it is an alias.',
  source: ATTRIBUTES,
};

export const sharedAlias: Rule = {
  code: 'shared-alias',
  severity: 'warning',
  about:
    'An alias in two rows that do not both have it verified: only one user can sign in with it.',
  source: ATTRIBUTES,
};

export const caseTwin: Rule = {
  code: 'case-twin',
  severity: 'warning',
  about: 'Names that differ in upper and lower case alone, in a pool where they are two users.',
  source: CASE_SENSITIVITY,
};

/** What must be unique, and where a value of it stood first. */
interface Key {
  readonly rule: Rule;
  readonly name: string;
  readonly column: string;
  readonly table: LineTable;
  /** For an alias: the rows that have it unverified, which may be several. */
  readonly unverified: LineTable | undefined;
  /** For an alias: the attribute that says whether it is verified. */
  readonly verifiedFlag: string;
}

const NONE: readonly Problem[] = Object.freeze([]);

/**
 * Finds rows for the same user. It is to see the users in file order, each once and only those
 * without an error: a row that is not sent takes nobody's name.
 */
export class Duplicates {
  readonly #keys: readonly Key[];

  /**
   * @param seed any whole number; another one for each run keeps collisions from being arranged.
   * @param expected about how many users there are, where that is known.
   */
  constructor(
    header: Header,
    { seed, expected }: { readonly seed: number; readonly expected?: number },
  ) {
    this.#keys = keysOf(header, seed, expected);
  }

  /** @returns the problems of this user; after an error the user is not remembered. */
  check(user: User): readonly Problem[] {
    let findings: Findings | undefined;
    for (const key of this.#keys) {
      const value = valueOf(user, key.name);
      if (value === undefined) continue;
      const line = key.table.look(value);
      const twin = key.table.twin;
      const shared = key.unverified?.lookAs(key.table) ?? 0;
      if (line === 0 && twin === 0 && shared === 0) continue;
      findings ??= new Findings(user.line);
      if (line !== 0 && isTaken(user, key)) {
        findings.add(key.rule, key.column, duplicateMessage(key, line));
      } else if (line !== 0 || shared !== 0) {
        findings.add(sharedAlias, key.column, sharedMessage(key, line === 0 ? shared : line));
      } else findings.add(caseTwin, key.column, twinMessage(key, twin));
    }
    if (findings?.invalid !== true) this.#remember(user);
    return findings === undefined ? NONE : findings.problems;
  }

  /** To be called while every table still knows what was looked up for this user. */
  #remember(user: User): void {
    for (const key of this.#keys) {
      if (valueOf(user, key.name) === undefined) continue;
      const table = isTaken(user, key) ? key.table : key.unverified;
      if (table?.line === 0) table.add(user.line);
    }
  }
}

/** An alias belongs to the one user who has it verified; all else to whoever has it. [ATTRIBUTES] */
function isTaken(user: User, { verifiedFlag, unverified }: Key): boolean {
  return unverified === undefined || valueOf(user, verifiedFlag) === 'true';
}

function duplicateMessage({ column }: Key, line: number): string {
  return `"${column}" is the same as in line ${line}: keep one of the two rows, or correct it.`;
}

function sharedMessage({ column }: Key, line: number): string {
  return `"${column}" is the same as in line ${line}, and only one of the two users can sign in with it: check it.`;
}

function twinMessage({ column }: Key, line: number): string {
  return `"${column}" differs from line ${line} in upper and lower case alone, and the pool takes them for two users: check that they are.`;
}

const RULES: ReadonlyMap<string, Rule> = new Map([
  ['username', duplicateUsername],
  ['email', duplicateEmail],
  ['phone_number', duplicatePhoneNumber],
  ['preferred_username', duplicatePreferredUsername],
]);

function keysOf(
  { columns, plan: { facts } }: Header,
  seed: number,
  expected: number | undefined,
): Key[] {
  // In a pool with UsernameAttributes the username is an address, unique even where it is not verified.
  const unique: readonly string[] = facts.signInWith.length > 0 ? facts.signInWith : ['username'];
  const keys: Key[] = [];
  for (const [name, rule] of RULES) {
    const alias = facts.aliases.includes(name);
    if (!unique.includes(name) && !alias) continue;
    // Upper and lower case say nothing in a number.
    const table = (): LineTable =>
      new LineTable(facts.caseSensitive && name !== 'phone_number', seed, expected);
    keys.push({
      rule,
      name,
      column: columns.find((column) => column.name === name)?.header ?? name,
      table: table(),
      unverified: alias && name !== 'preferred_username' ? table() : undefined,
      verifiedFlag: `${name}_verified`,
    });
  }
  return keys;
}

function valueOf(user: User, name: string): string | undefined {
  return name === 'username' ? user.username : attributeValue(user.attributes, name);
}
