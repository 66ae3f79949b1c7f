import { parse } from 'csv-parse/sync';
import { readFileSync, statSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect } from 'vitest';

import { importUsers } from '../../src/api/import/import-users.js';
import type { ImportOptions } from '../../src/api/options.js';
import { categories } from '../../src/cognito/quotas.js';
import {
  defaultSettings,
  NO_LIMITS,
  readLocalPoolSettings,
  startLocalPool,
  type LocalPool,
  type LocalPoolOptions,
  type LocalPoolSettings,
  type LocalUser,
} from '../../src/local/index.js';
import type { Summary } from '../../src/report/summary.js';
import { fixtures, runCli, startCli, startCliBy } from './cli.js';
import type { CliOptions, Ended, Running } from './cli.js';
import { runInTurn, type Answer } from './in-turn.js';

/** Rates that no test waits for. */
export const fast = [
  '--rate',
  [
    ...['UserCreation', 'UserAccountRecovery', 'UserRead', 'UserUpdate', 'UserResourceRead'],
    ...['UserList', 'UserPoolResourceUpdate', 'UserPoolResourceRead'],
  ]
    .map((category) => `${category}=5000`)
    .join(','),
];

/** A line of results.csv by its columns. */
export type Result = Readonly<Record<(typeof resultColumns)[number], string>>;

export const resultColumns = [
  'line',
  'username',
  'status',
  'sub',
  'code',
  'message',
  'steps',
  'attempts',
  'finished_at',
] as const;

type Surroundings = Partial<CliOptions>;

/** What the library needs to work in a place: where the pool and the reports are, and the rates. */
type Whereabouts = Pick<ImportOptions, 'pool'> & Required<Pick<ImportOptions, 'reports' | 'rate'>>;

/** A temporary folder, a local pool, and commands that run in the one against the other. */
export class Place {
  readonly folder: string;
  readonly pool: LocalPool;

  constructor(folder: string, pool: LocalPool) {
    this.folder = folder;
    this.pool = pool;
  }

  /** What points a command at the pool. */
  get env(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: this.pool.endpoint,
      AWS_REGION: this.pool.region,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      COGNITO_USER_POOL_ID: this.pool.userPoolId,
    };
  }

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  async write(name: string, content: string | Buffer): Promise<string> {
    await writeFile(this.path(name), content);
    return this.path(name);
  }

  remove(...names: string[]): Promise<void> {
    return rm(this.path(...names), { recursive: true, force: true });
  }

  start(args: readonly string[], surroundings: Surroundings = {}): Running {
    return startCli(args, this.#with(surroundings));
  }

  /** As `start`, by way of another program. */
  startBy(
    program: readonly string[],
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Running {
    return startCliBy(program, args, this.#with({ env }));
  }

  run(args: readonly string[], surroundings: Surroundings = {}): Promise<Ended> {
    return runCli(args, this.#with(surroundings));
  }

  #with({ env, ...others }: Surroundings): CliOptions {
    return { cwd: this.folder, env: { ...this.env, ...env }, ...others };
  }

  /** Runs commands one after the other in one process; see `runInTurn`. */
  inTurn(commands: readonly (readonly string[])[]): Promise<Answer[]> {
    return runInTurn(commands, { cwd: this.folder, env: this.env });
  }

  /** Imports as the run `r`, as fast as it goes. */
  import(file: string, ...args: readonly string[]): Promise<Ended> {
    return this.run(['import', file, '--run', 'r', ...fast, ...args]);
  }

  /** For the functions of the library, as fast as they go. */
  get library(): Whereabouts {
    return {
      pool: {
        userPoolId: this.pool.userPoolId,
        region: this.pool.region,
        endpointUrl: this.pool.endpoint,
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      },
      reports: this.path('reports'),
      rate: Object.fromEntries(categories.map((category) => [category, 5_000])),
    };
  }

  /**
   * Imports as `import` does, in this process: where the run is what a test begins with, and not
   * what it is about.
   */
  async imported(file: string, options: Partial<ImportOptions> = {}, exitCode = 0): Promise<void> {
    const path = resolve(this.folder, file);
    const { summary } = await importUsers({ ...this.library, run: 'r', ...options, file: path });
    expect(summary.exitCode, JSON.stringify(summary)).toBe(exitCode);
  }

  resume(...args: readonly string[]): Promise<Ended> {
    return this.run(['resume', 'r', ...fast, ...args]);
  }

  text(name: string, run = 'r'): string {
    return readFileSync(this.path('reports', run, name), 'utf8');
  }

  cells(name: string, run = 'r'): string[][] {
    return parse(this.text(name, run), { relax_column_count: true });
  }

  results(run = 'r'): Result[] {
    return parse(this.text('results.csv', run), { columns: true });
  }

  summary(run = 'r'): Summary {
    return JSON.parse(this.text('summary.json', run)) as Summary;
  }

  /** How many rows have which status. */
  statuses(run = 'r'): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { status } of this.results(run)) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  }

  users(): Map<string, LocalUser> {
    return new Map([...this.pool.users()].map((user) => [user.username, user]));
  }

  /** Calls of an operation that the pool has seen, however they ended. */
  calls(operation: string): number {
    const counts = this.pool.stats().operations[operation];
    return counts ? counts.ok + counts.throttled + counts.failed : 0;
  }

  /** The runs that have a folder. */
  runs(): Promise<string[]> {
    return readdir(this.path('reports')).catch(() => []);
  }

  mode(...names: string[]): string {
    return (statSync(this.path(...names)).mode & 0o777).toString(8);
  }

  /** The most messages that any one user got. */
  get mostMessages(): number {
    const counts = new Map<string, number>();
    for (const { sub } of this.pool.messages) counts.set(sub, (counts.get(sub) ?? 0) + 1);
    return Math.max(0, ...counts.values());
  }
}

const opened: (() => Promise<unknown>)[] = [];

afterAll(async () => {
  await Promise.all(opened.splice(0).map((close) => close()));
});

/** A folder that is gone after the tests of the file. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cognito-bulk-'));
  opened.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The settings of a local pool as in `fixtures/pools/`. */
export function poolOf(name: string): LocalPoolSettings {
  return readLocalPoolSettings(
    JSON.parse(readFileSync(join(fixtures, 'pools', `${name}.json`), 'utf8')),
  );
}

export interface PlaceOptions extends LocalPoolOptions {
  readonly local?: LocalPoolSettings['Local'];
}

/** Opens a place with a pool without quotas; closed after the tests of the file. */
export async function openPlace({ local, ...options }: PlaceOptions = {}): Promise<Place> {
  const settings = options.settings ?? defaultSettings();
  const pool = await startLocalPool({
    limits: NO_LIMITS,
    ...options,
    settings: { ...settings, ...(local && { Local: { ...settings.Local, ...local } }) },
  });
  opened.push(() => pool.close());
  return new Place(await temporaryFolder(), pool);
}

/** A file of people `u0001`, `u0002`, … with what else is wanted of each. */
export function people(
  count: number,
  columns: Readonly<Record<string, (n: number) => string>> = {},
): string {
  const lines = [['username', 'email', ...Object.keys(columns)].join(',')];
  for (let n = 1; n <= count; n++) {
    const username = `u${String(n).padStart(4, '0')}`;
    const more = Object.values(columns).map((cell) => cell(n));
    lines.push([username, `${username}@example.com`, ...more].join(','));
  }
  return lines.join('\n') + '\n';
}

/** Says that a text is for people: one or two lines, and no trace of where in the code it happened. */
export const stackTrace = /^\s+at .*[(:]\S*:\d+/m;

/** Waits until something is so, for at most a minute. */
export async function until(isSo: () => boolean): Promise<void> {
  for (let waited = 0; !isSo(); waited += 5) {
    if (waited > 60_000) throw new Error(`it did not come about: ${isSo.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Numbers from 0 up to but not 1 that are the same at every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
