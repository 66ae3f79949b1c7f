import fc from 'fast-check';

import type { PoolDescription } from '../../src/cognito/description.js';
import type { ScriptedPool } from '../support/scripted-pool.js';
import { surroundings } from './arbitraries.js';
import type { Crash, Surroundings } from './world.js';

/** What of a row is wrong; `again`: it has the key of a row before. */
type Fault = 'nothing' | 'address' | 'flag' | 'no key' | 'too wide' | 'too narrow' | 'again';

/** A record of the file. */
interface Entry {
  readonly fault: Fault;
  /** Where a cell is too many, or is missing. */
  readonly faultAt: number;
  /** Whether somebody of this name was in the pool before, and with the same values. */
  readonly before: 'nobody' | 'the same' | 'another';
  /** What stands around the name. */
  readonly around: readonly [before: string, behind: string];
  readonly groups: readonly string[];
  readonly enabled: '' | 'true' | 'false';
  readonly hasPassword: boolean;
  readonly isRefused: boolean;
  readonly isQuoted: boolean;
  readonly blankLines: number;
  readonly lineEnd: string;
}

/** How the file is written, and read. */
interface Writing {
  readonly delimiter: string;
  readonly encoding: 'utf-8' | 'utf-8 with its mark' | 'utf-16le';
  readonly separatorLine: boolean;
  readonly lastLineEnds: boolean;
  readonly hasPasswords: boolean;
  /** Which of the columns comes first. */
  readonly first: number;
  readonly chunkSize: number;
}

/** One process of the run, and what comes after it. */
interface Sitting {
  readonly crash: Crash;
  /** After so many milliseconds it is asked to end. */
  readonly interruptMs: number | undefined;
  /** Whether `report` is asked for then, and where it dies: at its so-manieth access to the disk. */
  readonly report: 'not' | 'whole' | Pick<Crash, 'count' | 'how'>;
}

export interface FileCase extends Surroundings {
  /** Each sitting has its own. */
  readonly crashes: readonly [];
  readonly entries: readonly Entry[];
  readonly writing: Writing;
  readonly sittings: readonly Sitting[];
  readonly onExisting: 'skip' | 'update' | 'fail';
  readonly isPermanent: boolean;
  readonly retryFailed: boolean;
  readonly maxErrors: number;
}

const rarely = fc.nat(9).map((n) => n === 9);

const entry: fc.Arbitrary<Entry> = fc.record({
  fault: fc.oneof(
    { weight: 4, arbitrary: fc.constant('nothing' as const) },
    {
      weight: 3,
      arbitrary: fc.constantFrom<Fault[]>(
        ...(['address', 'flag', 'no key', 'too wide', 'too narrow', 'again'] as const),
      ),
    },
  ),
  faultAt: fc.nat(6),
  before: fc.oneof(
    { weight: 5, arbitrary: fc.constant('nobody' as const) },
    { weight: 1, arbitrary: fc.constantFrom('the same' as const, 'another' as const) },
  ),
  around: fc.tuple(
    fc.constantFrom('', '=', "'", '-', '"', 'é 日本 😀 '),
    fc.constantFrom(
      ...['', ', Jr.', '; x', '\tx', ' | x', ' "Jo" x', '"'],
      ...['\nx', '\r\nx', '\rx', '\n\nx'],
    ),
  ),
  groups: fc.subarray(['staff', 'editors', 'newcomers']),
  enabled: fc.constantFrom('', 'true', 'false'),
  hasPassword: fc.boolean(),
  isRefused: rarely,
  isQuoted: fc.boolean(),
  blankLines: fc.constantFrom(0, 0, 0, 1, 2),
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
});

const writing: fc.Arbitrary<Writing> = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  encoding: fc.constantFrom('utf-8', 'utf-8 with its mark', 'utf-16le'),
  separatorLine: rarely,
  lastLineEnds: fc.boolean(),
  hasPasswords: fc.boolean(),
  first: fc.nat(5),
  chunkSize: fc.constantFrom(7, 64, 65_536),
});

const how = fc.constantFrom('kill' as const, 'power cut' as const);
/** Reports take some fifty accesses to the disk, and all before them about as many. */
const count = fc.integer({ min: 1, max: 60 });

const crash: fc.Arbitrary<Crash> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      at: fc.constant('report' as const),
      count,
      how,
      pauseMs: fc.constant(0),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      at: fc.constantFrom('call' as const, 'disk' as const, 'time' as const),
      ...{ count, how, pauseMs: fc.constantFrom(0, 500, 30_000) },
    }),
  },
);

const sitting: fc.Arbitrary<Sitting> = fc.record({
  crash,
  interruptMs: fc.constantFrom(undefined, undefined, 30, 150, 1_000),
  report: fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom('not' as const, 'whole' as const) },
    { weight: 1, arbitrary: fc.record({ count, how }) },
  ),
});

export const fileCase: fc.Arbitrary<FileCase> = fc.record({
  ...surroundings,
  crashes: fc.constant([]),
  entries: fc.array(entry, { maxLength: 7 }),
  writing,
  sittings: fc.array(sitting, { maxLength: 3 }),
  onExisting: fc.constantFrom('skip', 'update', 'fail'),
  isPermanent: fc.boolean(),
  retryFailed: fc.boolean(),
  maxErrors: fc.constantFrom(Infinity, 0, 1),
});

/** A row of the file as whoever wrote it means it. */
export interface Meant {
  /** On which it starts. */
  readonly line: number;
  readonly cells: readonly string[];
  /** The rule that it breaks. */
  readonly broken: string | undefined;
  readonly username: string;
  readonly email: string;
  readonly name: string;
  readonly entry: Entry;
}

export interface MeantFile {
  readonly bytes: Buffer;
  readonly header: readonly string[];
  readonly rows: readonly Meant[];
}

/** Writes the file of a case, and says what stands in it. */
export function fileOf({ entries, writing, byEmail }: FileCase): MeantFile {
  const header = columnsOf(writing, byEmail);
  const text = new Text(writing.delimiter);
  if (writing.separatorLine) text.add(`sep=${writing.delimiter}\n`);
  text.record(header, false);
  text.add('\n');
  const rows: Meant[] = [];
  entries.forEach((entry, row) => {
    text.add(entry.lineEnd.repeat(entry.blankLines));
    const meant = meantBy(entry, row, rows, byEmail);
    const values: Readonly<Record<string, string>> = {
      username: meant.username,
      email: meant.email,
      given_name: meant.name,
      groups: entry.groups.join(';'),
      enabled: meant.broken === 'not-a-boolean' ? 'perhaps' : entry.enabled,
      password: entry.hasPassword ? passwordOf(row) : '',
    };
    const cells = header.map((name) => values[name] ?? '');
    const faultAt = entry.faultAt % cells.length;
    if (entry.fault === 'too wide') cells.splice(faultAt, 0, 'more');
    if (entry.fault === 'too narrow') cells.splice(faultAt, 1);
    rows.push({ ...meant, line: text.line, cells });
    text.record(cells, entry.isQuoted);
    if (writing.lastLineEnds || row < entries.length - 1) text.add(entry.lineEnd);
  });
  return { bytes: text.bytes(writing), header, rows };
}

export const secretStart = 'Secret-';
export const passwordOf = (row: number): string => `${secretStart}${row}`;

function columnsOf({ hasPasswords, first }: Writing, byEmail: boolean): readonly string[] {
  const own = byEmail ? [] : ['username'];
  const all = [...own, 'email', 'given_name', 'groups', 'enabled'];
  const columns = hasPasswords ? [...all, 'password'] : all;
  const at = first % columns.length;
  return [...columns.slice(at), ...columns.slice(0, at)];
}

function meantBy(
  entry: Entry,
  row: number,
  before: readonly Meant[],
  byEmail: boolean,
): Omit<Meant, 'line' | 'cells'> {
  const twin = before.find(({ broken }) => broken === undefined);
  const [start, end] = entry.around;
  const own = {
    username: byEmail ? '' : `u${row}`,
    email: `u${row}@example.com`,
    name: `${start}Given ${row}${end}`,
    broken: undefined,
    entry,
  };
  const key = byEmail ? 'email' : 'username';
  switch (entry.fault) {
    case 'nothing':
      return own;
    case 'again':
      return twin ? { ...own, [key]: twin[key], broken: `duplicate-${key}` } : own;
    case 'address':
      return { ...own, email: 'nobody', broken: 'invalid-email' };
    case 'flag':
      return { ...own, broken: 'not-a-boolean' };
    case 'no key':
      return { ...own, [key]: '', broken: 'missing-username' };
    case 'too wide':
    case 'too narrow':
      return { ...own, broken: 'wrong-column-count' };
  }
}

/** Text that knows on which line it ends. */
class Text {
  readonly #delimiter: string;
  #text = '';

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  get line(): number {
    return this.#text.split(/\r\n|\n|\r/).length;
  }

  add(text: string): void {
    this.#text += text;
  }

  record(cells: readonly string[], isQuoted: boolean): void {
    const needsQuotes = (cell: string): boolean =>
      isQuoted || cell.includes(this.#delimiter) || /["\r\n]/.test(cell);
    const written = cells.map((cell) =>
      needsQuotes(cell) ? `"${cell.replaceAll('"', '""')}"` : cell,
    );
    this.#text += written.join(this.#delimiter);
  }

  bytes({ encoding }: Writing): Buffer {
    const text = encoding === 'utf-8' ? this.#text : `\uFEFF${this.#text}`;
    return Buffer.from(text, encoding === 'utf-16le' ? 'utf16le' : 'utf8');
  }
}

/** What the pool is, as DescribeUserPool and ListGroups tell it. */
export function descriptionOf({ byEmail }: Pick<FileCase, 'byEmail'>): PoolDescription {
  return {
    UserPool: {
      Id: 'eu-west-1_Scripted',
      SchemaAttributes: ['email', 'given_name'].map((Name) => ({ Name, Mutable: true })),
      ...(byEmail && { UsernameAttributes: ['email'] }),
    },
    Groups: [{ GroupName: 'staff' }, { GroupName: 'editors' }],
  };
}

/** Whom a trigger refuses. */
export function refusedIn({ rows }: MeantFile): ReadonlySet<string> {
  const refused = rows.filter(({ entry, broken }) => entry.isRefused && broken === undefined);
  return new Set(refused.map(({ username, email }) => username || email));
}

/** Puts everybody in who was there before; says by row what they were. */
export function settle(
  pool: ScriptedPool,
  { rows }: MeantFile,
  byEmail: boolean,
): ReadonlyMap<number, string> {
  pool.groups = ['staff', 'editors'];
  const before = new Map<number, string>();
  rows.forEach(({ entry, broken, email, name }, row) => {
    if (entry.before === 'nobody' || broken !== undefined) return;
    const given_name = entry.before === 'the same' ? name : 'Another';
    const user = pool.put(byEmail ? `before-${row}` : `u${row}`, { email, given_name });
    before.set(row, asText(user));
  });
  return before;
}

/** All that is known of a user. */
export function asText(user: ScriptedPool['users'][number] | undefined): string {
  return JSON.stringify({ ...user, groups: [...(user?.groups ?? [])] });
}
