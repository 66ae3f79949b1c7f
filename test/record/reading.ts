import type {
  PoolDescription,
  SchemaAttribute,
  UserPoolSettings,
} from '../../src/cognito/description.js';
import { Duplicates } from '../../src/record/duplicates.js';
import { readHeader, type Header } from '../../src/record/header.js';
import type { Problem } from '../../src/record/problem.js';
import { readRow } from '../../src/record/row.js';
import type { ReadingSettings } from '../../src/record/settings.js';
import { readSignInHeader, readSignInRow } from '../../src/record/sign-in-row.js';
import type { User } from '../../src/record/user.js';

export type Settings = Partial<ReadingSettings>;

export function settingsWith(settings: Settings = {}): ReadingSettings {
  return {
    generatesPasswords: false,
    verified: [],
    invite: 'email',
    groups: [],
    createGroups: false,
    defaults: {},
    mapping: new Map(),
    now: new Date('2026-08-08T12:00:00Z'),
    ...settings,
  };
}

/** A pool of the given kind; its schema has the attributes given and is otherwise the standard one. */
export function poolOf(
  settings: Partial<UserPoolSettings> = {},
  groups: readonly string[] = ['staff', 'admins'],
): PoolDescription {
  return {
    UserPool: { Id: 'eu-west-1_Example', SchemaAttributes: [], ...settings },
    Groups: groups.map((GroupName) => ({ GroupName })),
  };
}

export function poolWith(...attributes: readonly SchemaAttribute[]): PoolDescription {
  return poolOf({ SchemaAttributes: attributes });
}

export interface Sheet {
  readonly pool?: PoolDescription | undefined;
  readonly settings?: Settings;
  /** The people sign in, with codes or without, and are not imported. */
  readonly signIns?: 'with codes' | 'without codes';
  /** Header names and cells, separated by `|`. */
  readonly header: string;
  readonly rows?: readonly string[];
}

export interface Outcome {
  readonly problems: readonly Problem[];
  readonly users: readonly User[];
  readonly header: Header | undefined;
}

/** Reads a small file, the header in line 1 and one row a line. */
export function read(sheet: Sheet): Outcome {
  const { pool, settings, header: names, rows = [] } = sheet;
  if (sheet.signIns) return { problems: readSignIns(sheet), users: [], header: undefined };
  const reading = readHeader({ line: 1, cells: names.split('|') }, pool, settingsWith(settings));
  const problems = [...reading.problems];
  const users: User[] = [];
  const { header } = reading;
  if (header === undefined) return { problems, users, header };
  const duplicates = new Duplicates(header, { seed: 1 });
  for (const [index, row] of rows.entries()) {
    const { user, problems: ofRow } = readRow({ line: index + 2, cells: row.split('|') }, header);
    const ofOthers = user === undefined ? [] : duplicates.check(user);
    problems.push(...ofRow, ...ofOthers);
    if (user !== undefined && ofOthers.every(({ severity }) => severity !== 'error'))
      users.push(user);
  }
  return { problems, users, header };
}

function readSignIns({ pool, signIns, header: names, rows = [] }: Sheet): readonly Problem[] {
  const cells = names.split('|');
  const settings = { withCode: signIns === 'with codes', mapping: new Map<string, string>() };
  const { header, problems } = readSignInHeader({ line: 1, cells }, pool, settings);
  if (!header) return problems;
  const ofRows = rows.flatMap((row, index) => {
    return readSignInRow({ line: index + 2, cells: row.split('|') }, header).problems;
  });
  return [...problems, ...ofRows];
}

export function codesOf({ problems }: Outcome): string[] {
  return problems.map(({ code }) => code);
}
