import type { Row } from '../source/source.js';
import { readBoolean } from './boolean.js';
import { Findings } from './findings.js';
import { withoutFormulaGuard } from './formula-guard.js';
import type { Header } from './header.js';
import { checkPassword } from './password.js';
import type { Problem } from './problem.js';
import { resolveUsername } from './resolve-username.js';
import type { Place, RowPlan } from './row-plan.js';
import type { Rule } from './rule.js';
import { ADMIN_CREATE_USER, CONTRACT } from './sources.js';
import { checkCharacters, withoutSurroundingBlanks, withoutSurroundingSpace } from './text.js';
import { attributeValue } from './user.js';
import type { Attribute, User } from './user.js';
import { checkWhole } from './whole-row.js';

export const wrongColumnCount: Rule = {
  code: 'wrong-column-count',
  severity: 'error',
  about: 'A row with more or fewer cells than the header has.',
  source: CONTRACT,
};

export const verifiedWithoutValue: Rule = {
  code: 'verified-without-value',
  severity: 'error',
  about: 'email_verified or phone_number_verified is true, and the row has no such address.',
  source: ADMIN_CREATE_USER,
};

export const mfaNotCarriedOver: Rule = {
  code: 'mfa-not-carried-over',
  severity: 'warning',
  about: 'cognito:mfa_enabled is true: users are made without MFA and set it up themselves.',
  source: CONTRACT,
};

interface RowReading {
  /** Absent where there is an error. */
  readonly user?: User;
  /** Whom a row with an error is about, as far as it can be read: not where cells are missing or too many. */
  readonly whom?: Pick<User, 'username' | 'attributes'>;
  readonly problems: readonly Problem[];
}

/** Reads one row; what is wrong with it is a value, never an exception. */
export function readRow(row: Row, header: Header): RowReading {
  const { plan } = header;
  const findings = new Findings(row.line);
  if (!hasWidth(row, plan.width, findings)) return { problems: findings.problems };
  const cells = plan.translate?.(row.cells) ?? row.cells;
  const attributes = readAttributes(cells, plan, findings);
  const username = resolveUsername(readUsername(cells, plan, findings), attributes, plan, findings);
  markVerified(attributes, plan, findings);
  const password = readPassword(cells, plan, findings);
  const groups = readGroups(cells, plan, findings);
  const enabled = readFlag(cells, plan.enabled, plan, findings);
  checkMfa(cells, plan, findings);
  checkWhole(attributes, password, enabled, plan, findings);
  const { problems } = findings;
  if (findings.invalid) return { whom: { username, attributes }, problems };
  return { user: userOf(row.line, username, attributes, password, groups, enabled), problems };
}

/** Whether the row has as many cells as the header; says so where not. */
export function hasWidth({ cells }: Row, width: number, findings: Findings): boolean {
  if (cells.length === width) return true;
  findings.add(
    wrongColumnCount,
    undefined,
    `The row has ${cells.length} cells and the header ${width}: put values with the delimiter in quotes, or add what is missing.`,
  );
  return false;
}

function userOf(
  line: number,
  username: string,
  attributes: readonly Attribute[],
  password: string | undefined,
  groups: readonly string[],
  enabled: boolean | undefined,
): User {
  // Four plain forms, since a spread of absent members costs more than the rest of the row.
  if (password === undefined) {
    return enabled === undefined
      ? { line, username, attributes, groups }
      : { line, username, attributes, groups, enabled };
  }
  return enabled === undefined
    ? { line, username, attributes, password, groups }
    : { line, username, attributes, password, groups, enabled };
}

/** A cell as it was before our formula guard. */
function cellAt(cells: readonly string[], index: number, plan: RowPlan): string {
  const cell = cells[index] ?? '';
  return plan.guarded ? withoutFormulaGuard(cell) : cell;
}

/** The value of a cell, or the empty string where none is given. */
function valueAt(
  cells: readonly string[],
  { index, column }: Place,
  plan: RowPlan,
  findings: Findings,
): string {
  const cell = cellAt(cells, index, plan);
  return cell === '' ? cell : withoutSurroundingSpace(cell, column, findings);
}

function readAttributes(cells: readonly string[], plan: RowPlan, findings: Findings): Attribute[] {
  const attributes: Attribute[] = [];
  for (const place of plan.attributes) {
    const { index, name, column, freeText, exact, fallback } = place;
    const cell = cellAt(cells, index, plan);
    const value =
      cell === '' || exact
        ? cell
        : freeText
          ? withoutSurroundingBlanks(cell, column, findings)
          : withoutSurroundingSpace(cell, column, findings);
    if (value === '') {
      if (fallback !== undefined) attributes.push({ Name: name, Value: fallback });
      continue;
    }
    checkCharacters(value, column, findings);
    attributes.push({ Name: name, Value: place.read(value, findings) });
  }
  for (const constant of plan.constants) attributes.push(constant);
  return attributes;
}

function readUsername(cells: readonly string[], plan: RowPlan, findings: Findings): string {
  const { username, sub, facts } = plan;
  if (username === undefined) return '';
  const value = valueAt(cells, username, plan, findings);
  if (value === '') return '';
  // An export of a pool with UsernameAttributes has the name that the service generated: the sub.
  if (sub !== undefined && facts.signInWith.length > 0 && value === cells[sub.index]) return '';
  return username.read(value, findings);
}

function markVerified(attributes: Attribute[], plan: RowPlan, findings: Findings): void {
  for (const { address, flag } of plan.verified) {
    if (attributeValue(attributes, address) !== undefined) setAttribute(attributes, flag);
  }
  for (const flag of attributes) {
    if (flag.Value !== 'true' || !flag.Name.endsWith('_verified')) continue;
    if (flag.Name !== 'email_verified' && flag.Name !== 'phone_number_verified') continue;
    const address = flag.Name === 'email_verified' ? 'email' : 'phone_number';
    if (attributeValue(attributes, address) !== undefined) continue;
    findings.add(
      verifiedWithoutValue,
      plan.attributes.find(({ name }) => name === flag.Name)?.column,
      `"${flag.Name}" is true, and the row has no "${address}": fill that in, or leave the flag empty.`,
    );
  }
}

function readPassword(
  cells: readonly string[],
  plan: RowPlan,
  findings: Findings,
): string | undefined {
  if (plan.password === undefined) return undefined;
  const password = cellAt(cells, plan.password.index, plan);
  if (password === '') return undefined;
  checkPassword(password, plan.facts.passwordPolicy, plan.password.column, findings);
  return password;
}

function readGroups(
  cells: readonly string[],
  plan: RowPlan,
  findings: Findings,
): readonly string[] {
  if (plan.groups === undefined) return plan.groupsForAll;
  const cell = valueAt(cells, plan.groups, plan, findings);
  return cell === '' ? plan.groupsForAll : plan.readGroups(cell, plan.groups.column, findings);
}

function readFlag(
  cells: readonly string[],
  place: Place | undefined,
  plan: RowPlan,
  findings: Findings,
): boolean | undefined {
  if (place === undefined) return undefined;
  const cell = valueAt(cells, place, plan, findings);
  return cell === '' ? undefined : readBoolean(cell, place.column, findings);
}

function checkMfa(cells: readonly string[], plan: RowPlan, findings: Findings): void {
  if (plan.mfa === undefined || readFlag(cells, plan.mfa, plan, findings) !== true) return;
  const { column } = plan.mfa;
  findings.add(
    mfaNotCarriedOver,
    column,
    `"${column}" is true, which is not carried over: have the user set up MFA when signing in.`,
  );
}

function setAttribute(attributes: Attribute[], attribute: Attribute): void {
  const at = attributes.findIndex(({ Name }) => Name === attribute.Name);
  if (at < 0) attributes.push(attribute);
  else attributes[at] = attribute;
}
