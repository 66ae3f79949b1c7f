import type { PoolDescription } from '../cognito/description.js';
import type { Row } from '../source/source.js';
import { duplicateColumn } from './column-checks.js';
import type { Column, ColumnKind } from './columns.js';
import { Findings } from './findings.js';
import { withoutFormulaGuard } from './formula-guard.js';
import { noPasswordColumn, noUsernameColumn } from './header.js';
import type { Header } from './header.js';
import type { NationalNumbers } from './national-numbers.js';
import { isOurHeader } from './own-file.js';
import { toE164 } from './phone-number.js';
import { poolFacts } from './pool-facts.js';
import type { Address, PoolFacts } from './pool-facts.js';
import { foldHeader } from './preset-columns.js';
import type { Problem } from './problem.js';
import { quotedNames } from './quoted-names.js';
import { hasWidth } from './row.js';
import type { Rule } from './rule.js';
import { mayHoldSecret } from './secret-columns.js';
import { CONTRACT } from './sources.js';
import { missingUsername } from './username.js';

export const noCodeColumn: Rule = {
  code: 'no-code-column',
  severity: 'error',
  about: 'Codes are to be handed in, and the file has no column for them.',
  source: CONTRACT,
};

export const missingPassword: Rule = {
  code: 'missing-password',
  severity: 'error',
  about: 'A row of somebody who is to sign in, without a password.',
  source: CONTRACT,
};

export const missingCode: Rule = {
  code: 'missing-code',
  severity: 'error',
  about: 'A row of somebody whose code is to be handed in, without a code.',
  source: CONTRACT,
};

/** What somebody signs in with, and the code that was sent to them. */
export interface Credentials {
  /** The line on which the record starts in the file. */
  readonly line: number;
  readonly username: string;
  readonly password: string;
  /** Present where codes are handed in. */
  readonly code?: string;
}

/** How such a file is to be read. */
export interface SignInSettings {
  /** Whether the rows have to have codes. */
  readonly withCode: boolean;
  /** Header name to `username`, `password`, `code`, `email` or `phone_number`. */
  readonly mapping: ReadonlyMap<string, string>;
  readonly nationalNumbers?: NationalNumbers;
}

/** The header of a file of people who sign in. */
export interface SignInHeader extends Pick<Header, 'columns' | 'ours'> {
  readonly facts: PoolFacts;
  readonly settings: SignInSettings;
  /** Where the username may stand: its own column, then the addresses that people sign in with. */
  readonly usernames: readonly Column[];
  readonly password: Column | undefined;
  readonly code: Column | undefined;
}

const kinds: ReadonlyMap<string, { kind: ColumnKind; name: string }> = new Map([
  ['username', { kind: 'username', name: 'username' }],
  ['cognito:username', { kind: 'username', name: 'username' }],
  ['password', { kind: 'password', name: 'password' }],
  ['code', { kind: 'code', name: 'code' }],
  ['email', { kind: 'attribute', name: 'email' }],
  ['phone_number', { kind: 'attribute', name: 'phone_number' }],
]);

/**
 * Reads the header line of a file with `username,password[,code]`; other columns mean nothing here.
 *
 * @param pool absent where the file was held against its pool before.
 */
export function readSignInHeader(
  row: Row,
  pool: PoolDescription | undefined,
  settings: SignInSettings,
): { readonly header?: SignInHeader; readonly problems: readonly Problem[] } {
  const findings = new Findings(row.line);
  const facts = poolFacts(pool);
  const columns = columnsOf(row, settings, findings);
  const find = (wanted: ColumnKind): Column | undefined =>
    columns.find(({ kind }) => kind === wanted);
  const instead: readonly Address[] = facts.known ? facts.signInWith : ['email', 'phone_number'];
  const usernames = ['username', ...instead].flatMap((name) =>
    columns.filter((column) => column.name === name),
  );
  const password = find('password');
  const code = find('code');
  if (usernames.length === 0) {
    findings.add(
      noUsernameColumn,
      undefined,
      `The file has no column ${quotedNames(['username', ...instead])}: name one so in the header line, or with --map "Header=username".`,
    );
  }
  if (!password) {
    findings.add(
      noPasswordColumn,
      undefined,
      'Signing people in needs a column "password": name one so in the header line, or with --map "Header=password".',
    );
  }
  if (!code && settings.withCode) {
    findings.add(
      noCodeColumn,
      undefined,
      'Handing codes in needs a column "code": name one so in the header line, or with --map "Header=code".',
    );
  }
  const { problems } = findings;
  if (findings.invalid) return { problems };
  const ours = isOurHeader(row.cells);
  return { header: { columns, ours, facts, settings, usernames, password, code }, problems };
}

function columnsOf(row: Row, { mapping }: SignInSettings, findings: Findings): Column[] {
  const mapped = new Map([...mapping].map(([from, to]) => [foldHeader(from), to.trim()]));
  const seen = new Set<string>();
  return row.cells.map((cell, index) => {
    const header = cell.trim();
    const known = kinds.get((mapped.get(foldHeader(header)) ?? header).toLowerCase());
    if (!known) {
      return { index, header, kind: mayHoldSecret(header) ? 'secret' : 'ignored', name: '' };
    }
    if (seen.has(known.name)) {
      findings.add(
        duplicateColumn,
        header,
        `Two columns are both "${known.name}": keep one of them.`,
      );
    }
    seen.add(known.name);
    return { index, header, ...known };
  });
}

/** Reads one row. No message holds a value of it. */
export function readSignInRow(
  row: Row,
  header: SignInHeader,
): { readonly user?: Credentials; readonly problems: readonly Problem[] } {
  const { columns, usernames, settings } = header;
  const findings = new Findings(row.line);
  if (!hasWidth(row, columns.length, findings)) return { problems: findings.problems };
  const cellOf = (column: Column | undefined): string => {
    const cell = (column && row.cells[column.index]) ?? '';
    return header.ours ? withoutFormulaGuard(cell) : cell;
  };
  const given = usernames.map((column) => cellOf(column).trim()).find((name) => name !== '');
  // A password may begin or end with anything that the service takes, but for white space.
  const password = cellOf(header.password).trim();
  const code = asCode(cellOf(header.code).trim());
  const nameOf = (column: Column | undefined): string => column?.header ?? '';
  if (given === undefined) {
    const names = quotedNames(usernames.map((column) => column.header));
    findings.add(missingUsername, nameOf(usernames[0]), `The row has no ${names}: fill it in.`);
  }
  if (password === '') {
    const column = nameOf(header.password);
    findings.add(
      missingPassword,
      column,
      `"${column}" is empty, so nobody can sign in: fill it in.`,
    );
  }
  if (code === '' && settings.withCode) {
    const column = nameOf(header.code);
    findings.add(missingCode, column, `"${column}" is empty: fill in the code that was sent.`);
  }
  const { problems } = findings;
  if (findings.invalid || given === undefined) return { problems };
  const username = nameToSend(given, header);
  const user = { line: row.line, username, password, ...(settings.withCode && { code }) };
  return { user, problems };
}

/** Codes have six digits, and spreadsheets take the zeros at the front away. */
function asCode(cell: string): string {
  return /^\d{1,5}$/.test(cell) ? cell.padStart(6, '0') : cell;
}

/** Whoever signs in with a phone number does so in E.164. */
function nameToSend(given: string, { facts, settings }: SignInHeader): string {
  if (!facts.signInWith.includes('phone_number')) return given;
  return toE164(given, settings.nationalNumbers) ?? given;
}
