import type { PoolDescription } from '../cognito/description.js';
import type { Row } from '../source/source.js';
import type { Column } from './columns.js';
import { Findings } from './findings.js';
import { readColumns } from './header-columns.js';
import { isExportHeader, isImportJobHeader, isOurHeader } from './own-file.js';
import { poolFacts } from './pool-facts.js';
import type { PoolFacts } from './pool-facts.js';
import type { Problem } from './problem.js';
import { quotedNames } from './quoted-names.js';
import { laterMessage, requiredAttributeLater } from './required.js';
import { planRows } from './row-plan.js';
import type { RowPlan } from './row-plan.js';
import type { Rule } from './rule.js';
import type { PasswordMode, ReadingSettings } from './settings.js';
import { CONTRACT } from './sources.js';
import { cannotSignIn } from './whole-row.js';

export const noUsernameColumn: Rule = {
  code: 'no-username-column',
  severity: 'error',
  about: 'No column for the username, nor for what people sign in with in its place.',
  source: CONTRACT,
};

export const noPasswordColumn: Rule = {
  code: 'no-password-column',
  severity: 'error',
  about: 'A password mode that needs passwords, and neither a column nor --generate-passwords.',
  source: CONTRACT,
};

export const passwordNotUsed: Rule = {
  code: 'password-not-used',
  severity: 'warning',
  about: 'A password column in a run with --password-mode none.',
  source: CONTRACT,
};

/** The header of a file whose rows can be read. */
export interface Header {
  readonly columns: readonly Column[];
  /** As asked for, or what follows from the file. */
  readonly passwordMode: PasswordMode;
  /** Whether the file has the form of AWS's own import: `cognito:username`, `cognito:mfa_enabled`. */
  readonly importJob: boolean;
  /** Whether we wrote the file, so that its cells may have our formula guard. */
  readonly ours: boolean;
  /** For readRow and Duplicates. */
  readonly plan: RowPlan;
}

interface HeaderReading {
  /** Absent where there is an error: nothing can be read then. */
  readonly header?: Header;
  readonly problems: readonly Problem[];
}

/**
 * Reads the header line, and with it all that concerns the file as a whole: mapping, defaults, groups.
 *
 * @param row the header line with its line number: 1, or 2 behind Excel's `sep=;`.
 * @param pool absent where only what holds in every pool is to be checked.
 */
export function readHeader(
  row: Row,
  pool: PoolDescription | undefined,
  settings: ReadingSettings,
): HeaderReading {
  const findings = new Findings(row.line);
  const facts = poolFacts(pool);
  const columns = readColumns(row.cells, facts, settings, findings);
  const passwordMode = settings.passwordMode ?? impliedMode(columns, settings);
  reportUsername(columns, facts, settings, findings);
  reportPassword(columns, passwordMode, settings, findings);
  const importJob = isImportJobHeader(row.cells);
  const ours = isOurHeader(row.cells);
  const exported = isExportHeader(row.cells);
  const reading = { facts, settings, importJob };
  const plan = planRows(columns, passwordMode, reading, { ours, exported }, findings);
  reportSignIn(plan, findings);
  const { problems } = findings;
  if (findings.invalid) return { problems };
  return { header: { columns, passwordMode, importJob, ours, plan }, problems };
}

function impliedMode(columns: readonly Column[], settings: ReadingSettings): PasswordMode {
  const has = settings.generatesPasswords || columns.some(({ kind }) => kind === 'password');
  return has ? 'temporary' : 'none';
}

function reportUsername(
  columns: readonly Column[],
  facts: PoolFacts,
  { preset }: ReadingSettings,
  findings: Findings,
): void {
  const ownNames = facts.signInWith.length === 0 ? preset?.usernameFrom : undefined;
  const instead: readonly string[] = facts.known
    ? (ownNames ?? facts.signInWith)
    : ['email', 'phone_number'];
  const has = columns.some(({ kind, name }) => kind === 'username' || instead.includes(name));
  if (has) return;
  findings.add(
    noUsernameColumn,
    undefined,
    `The file has no column ${quotedNames(['username', ...instead])}: name one so in the header line, or with --map "Header=${instead[0] ?? 'username'}".`,
  );
}

function reportPassword(
  columns: readonly Column[],
  mode: PasswordMode,
  { generatesPasswords }: ReadingSettings,
  findings: Findings,
): void {
  const column = columns.find(({ kind }) => kind === 'password');
  if (
    column === undefined &&
    !generatesPasswords &&
    (mode === 'permanent' || mode === 'challenge')
  ) {
    findings.add(
      noPasswordColumn,
      undefined,
      `--password-mode ${mode} needs a column "password" or --generate-passwords: give one of them.`,
    );
  }
  if (column !== undefined && mode === 'none') {
    findings.add(
      passwordNotUsed,
      column.header,
      `"${column.header}" is not used with --password-mode none: leave that option out to set the passwords.`,
    );
  }
}

/** What holds for every row is told once, with the header. */
function reportSignIn(plan: RowPlan, findings: Findings): void {
  const { facts, settings, passwordMode } = plan;
  const getsPasswords = passwordMode !== 'none' && settings.generatesPasswords;
  const otherWays = settings.invite !== 'none' || facts.oneTimeCodes.length > 0;
  if (facts.known && !plan.tellsCannotSignIn && !getsPasswords && !otherWays) {
    findings.add(
      cannotSignIn,
      undefined,
      'New users could not sign in, since there are no passwords and no invitations: add a password column, --generate-passwords or --invite.',
    );
  }
  const passwordless = facts.oneTimeCodes.length > 0 && !getsPasswords;
  for (const { name, immutable, column } of plan.required) {
    const given = column !== undefined || facts.signInWith.some((address) => address === name);
    if (given || immutable || passwordless || passwordMode === 'challenge') continue;
    if (plan.constants.some(({ Name }) => Name === name)) continue;
    findings.add(requiredAttributeLater, undefined, laterMessage(name, passwordMode));
  }
}
