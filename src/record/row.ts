import {
  cannotSignIn,
  inviteWithoutAddress,
  mfaNotCarriedOver,
  passwordlessWithoutAddress,
  verifiedWithoutValue,
} from './addresses.js';
import { readBoolean } from './boolean.js';
import { Findings } from './findings.js';
import { withoutFormulaGuard } from './formula-guard.js';
import type { Header, Row } from './header.js';
import { checkPassword } from './password.js';
import type { Problem } from './problem.js';
import { reportMissing } from './required.js';
import type { Place, RowPlan } from './row-plan.js';
import type { Rule } from './rule.js';
import { resolveUsername } from './sign-in.js';
import { CONTRACT } from './sources.js';
import { checkCharacters, withoutSurroundingBlanks, withoutSurroundingSpace } from './text.js';
import type { Attribute, User } from './user.js';

export const wrongColumnCount: Rule = {
  code: 'wrong-column-count',
  severity: 'error',
  about: 'A row with more or fewer cells than the header has.',
  source: CONTRACT,
};

export interface RowReading {
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
  if (row.cells.length !== plan.width) {
    findings.add(
      wrongColumnCount,
      undefined,
      `The row has ${row.cells.length} cells and the header ${plan.width}: put values with the delimiter in quotes, or add what is missing.`,
    );
    return { problems: findings.problems };
  }
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
    if (valueOf(attributes, address) !== undefined) setAttribute(attributes, flag);
  }
  for (const flag of attributes) {
    if (flag.Value !== 'true' || !flag.Name.endsWith('_verified')) continue;
    if (flag.Name !== 'email_verified' && flag.Name !== 'phone_number_verified') continue;
    const address = flag.Name === 'email_verified' ? 'email' : 'phone_number';
    if (valueOf(attributes, address) !== undefined) continue;
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

/** What only the row as a whole can tell: required attributes, where messages go, who can sign in. */
function checkWhole(
  attributes: readonly Attribute[],
  password: string | undefined,
  enabled: boolean | undefined,
  plan: RowPlan,
  findings: Findings,
): void {
  const { facts, settings, passwordMode, required } = plan;
  const hasPassword =
    password !== undefined || (settings.generatesPasswords && passwordMode !== 'none');
  const passwordless = !hasPassword && facts.oneTimeCodes.length > 0;
  const mode = hasPassword || passwordMode === 'challenge' ? passwordMode : 'none';
  for (const attribute of required) {
    if (valueOf(attributes, attribute.name) !== undefined) continue;
    reportMissing(attribute, mode, passwordless, findings);
  }
  if (passwordless && !facts.oneTimeCodes.some((name) => valueOf(attributes, name) !== undefined)) {
    const names = facts.oneTimeCodes.map((name) => `"${name}"`).join(' or ');
    findings.add(
      passwordlessWithoutAddress,
      undefined,
      `The row has no password and no ${names} for a one-time code: fill in one of them.`,
    );
  }
  if (settings.invite !== 'none') {
    const address = settings.invite === 'email' ? 'email' : 'phone_number';
    if (valueOf(attributes, address) === undefined) {
      findings.add(
        inviteWithoutAddress,
        plan.attributes.find(({ name }) => name === address)?.column,
        `The row has no "${address}", to which --invite ${settings.invite} sends: fill it in.`,
      );
    }
  }
  if (plan.tellsCannotSignIn && !hasPassword && enabled !== false && !findings.invalid) {
    findings.add(
      cannotSignIn,
      plan.password?.column,
      'The user could never sign in, having no password and no invitation: fill in the password, or give --generate-passwords or --invite.',
    );
  }
}

function setAttribute(attributes: Attribute[], attribute: Attribute): void {
  const at = attributes.findIndex(({ Name }) => Name === attribute.Name);
  if (at < 0) attributes.push(attribute);
  else attributes[at] = attribute;
}

/** The value of an attribute; rows have few, so that a search costs less than a map. */
function valueOf(attributes: readonly Attribute[], name: string): string | undefined {
  for (const attribute of attributes) if (attribute.Name === name) return attribute.Value;
  return undefined;
}
