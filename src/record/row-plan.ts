import { attributeReader, isFreeText, keepsSpace } from './attribute-reader.js';
import type { Reading } from './attribute-reader.js';
import { cellTranslation } from './cell-translation.js';
import type { CellTranslation } from './cell-translation.js';
import { knownNames } from './columns.js';
import type { Column, ColumnKind } from './columns.js';
import { checkDefaults } from './defaults.js';
import type { CellReader, Findings } from './findings.js';
import { groupsReader } from './groups.js';
import type { GroupsReader } from './groups.js';
import type { Address, PoolFacts } from './pool-facts.js';
import { requiredAttributes } from './required.js';
import type { RequiredAttribute } from './required.js';
import type { PasswordMode, ReadingSettings } from './settings.js';
import type { Attribute } from './user.js';
import { signInAddressReader, usernameReader } from './username.js';

/** Where a column stands and what the file calls it. */
export interface Place {
  readonly index: number;
  readonly column: string;
}

interface ReadPlace extends Place {
  readonly read: CellReader;
}

interface AttributePlace extends ReadPlace {
  readonly name: string;
  readonly freeText: boolean;
  /** Whether the cell is the value to the letter, space around it included. */
  readonly exact: boolean;
  /** What a row without a value gets. */
  readonly fallback: string | undefined;
}

/** All that can be known before the first row, so that a row costs little. */
export interface RowPlan {
  readonly facts: PoolFacts;
  readonly settings: ReadingSettings;
  readonly passwordMode: PasswordMode;
  readonly width: number;
  /** Whether cells may have our formula guard. */
  readonly guarded: boolean;
  /** Absent where every cell stands for itself. */
  readonly translate: CellTranslation | undefined;
  readonly username: ReadPlace | undefined;
  /** What is taken as the username of a row without one, in this order. */
  readonly usernameFrom: readonly { readonly address: Address; readonly read: CellReader }[];
  readonly sub: Place | undefined;
  readonly attributes: readonly AttributePlace[];
  /** What is set for `--verified` in every row that has the address. */
  readonly verified: readonly { readonly address: string; readonly flag: Attribute }[];
  /** Defaults of attributes without a column. */
  readonly constants: readonly Attribute[];
  /** Absent also where no password is to be set. */
  readonly password: Place | undefined;
  readonly groups: Place | undefined;
  readonly readGroups: GroupsReader;
  readonly groupsForAll: readonly string[];
  readonly enabled: Place | undefined;
  readonly mfa: Place | undefined;
  readonly required: readonly RequiredAttribute[];
  /** Whether a row whose user nobody could sign in as is told; false where the whole file was. */
  readonly tellsCannotSignIn: boolean;
}

/** What follows from the header line, the options and the pool for every row. */
export function planRows(
  columns: readonly Column[],
  passwordMode: PasswordMode,
  reading: Reading,
  { ours, exported }: { readonly ours: boolean; readonly exported: boolean },
  findings: Findings,
): RowPlan {
  const { facts, settings } = reading;
  const defaults = checkDefaults(knownNames(facts), reading, findings);
  const attributes = columns
    .filter(({ kind }) => kind === 'attribute')
    .map(({ index, header, name }) => ({
      index,
      column: header,
      name,
      freeText: isFreeText(name, facts),
      exact: exported && keepsSpace(name, facts),
      read: attributeReader(name, header, reading),
      fallback: defaults.get(name),
    }));
  const places = (kind: ColumnKind): Place | undefined => {
    const found = columns.find((column) => column.kind === kind);
    return found && { index: found.index, column: found.header };
  };
  const nameOf = new Map(attributes.map(({ name, column }) => [name, column]));
  const readGroups = groupsReader(facts, settings);
  const password = passwordMode === 'none' ? undefined : places('password');
  const sub = columns.find(({ name }) => name === 'sub');
  const mayLackPassword = password !== undefined && !settings.generatesPasswords;
  return {
    facts,
    settings,
    passwordMode,
    width: columns.length,
    guarded: ours,
    translate: cellTranslation(columns, ours),
    username: usernamePlace(places('username'), reading),
    usernameFrom: (settings.preset?.usernameFrom ?? []).map((address) => ({
      address,
      read: usernameReader(nameOf.get(address) ?? address, facts),
    })),
    sub: sub && { index: sub.index, column: sub.header },
    attributes,
    verified: settings.verified.map((address) => ({
      address,
      flag: { Name: `${address}_verified`, Value: 'true' },
    })),
    constants: [...defaults]
      .filter(([name]) => !nameOf.has(name))
      .map(([Name, Value]) => ({ Name, Value })),
    password,
    groups: places('groups'),
    readGroups,
    groupsForAll: readGroups('', undefined, findings),
    enabled: places('enabled'),
    mfa: places('mfa'),
    required: requiredAttributes(facts, (name) => nameOf.get(name)),
    tellsCannotSignIn:
      facts.known &&
      mayLackPassword &&
      settings.invite === 'none' &&
      facts.oneTimeCodes.length === 0,
  };
}

function usernamePlace(
  place: Place | undefined,
  { facts, settings }: Reading,
): ReadPlace | undefined {
  if (place === undefined) return undefined;
  const read =
    facts.signInWith.length === 0
      ? usernameReader(place.column, facts)
      : signInAddressReader(place.column, facts.signInWith, settings.nationalNumbers);
  return { ...place, read };
}
