import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';

import { importUsers } from '../../src/api/import/import-users.js';
import type { RowOptions } from '../../src/api/options.js';
import { readingSettings } from '../../src/api/run/settings.js';
import { categories } from '../../src/cognito/quotas.js';
import { descriptionFrom } from '../../src/cognito/read-description.js';
import { NO_LIMITS, readLocalPoolSettings, startLocalPool } from '../../src/local/index.js';
import type { LocalPool, LocalUser } from '../../src/local/index.js';
import { readHeader } from '../../src/record/header.js';
import { readRow } from '../../src/record/row.js';
import type { User } from '../../src/record/user.js';
import { openSource } from '../../src/source/index.js';
import { fixtures } from '../support/cli.js';
import type { Result } from '../support/place.js';
import { checkText } from './case.js';
import type { Target } from './case.js';
import { cells, encoded, mutateBytes } from './mutate.js';
import type { Draw } from './mutate.js';

const poolTexts: readonly unknown[] = ['case-sensitive', 'email-sign-in', 'plain-username'].map(
  (name) => JSON.parse(readFileSync(join(fixtures, 'pools', `${name}.json`), 'utf8')) as unknown,
);

/** Columns that every pool takes, with what is good in them. */
const columns: Readonly<Record<string, (n: number) => string>> = {
  username: (n) => `user-${n}@example.com`,
  email: (n) => `user-${n}@example.com`,
  given_name: (n) => `Ann ${n}`,
  phone_number: (n) => `+1202555${String(1_000 + n)}`,
  birthdate: () => '1999-12-31',
  groups: (n) => (n % 2 === 0 ? 'staff' : 'staff;admins'),
  enabled: (n) => (n % 3 === 0 ? 'false' : ''),
  password: (n) => (n % 2 === 0 ? `G00d-Passw0rd-${n}!` : ''),
};

/** Most cells are good, a few are not, and now and then the bytes of it all are changed. */
function fileOf(draw: Draw): Buffer {
  const names = Object.keys(columns).filter((name) => name === 'username' || draw.oneIn(2));
  const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
  const rows = Array.from({ length: 1 + draw.below(12) }, (_, n) =>
    names.map((name) => quoted(draw.oneIn(15) ? draw.one(cells) : (columns[name]?.(n) ?? ''))),
  );
  const bytes = Buffer.from([names, ...rows].map((row) => row.join(',')).join('\n') + '\n');
  return encoded(draw, draw.oneIn(2) ? bytes : mutateBytes(draw, bytes));
}

function optionsOf(draw: Draw, folder: string): RowOptions {
  const generates = draw.oneIn(4) && { generatePasswords: join(folder, 'generated.csv') };
  return {
    createGroups: !draw.oneIn(4),
    invite: draw.one(['none', 'email'] as const),
    passwordMode: draw.one(['temporary', 'permanent'] as const),
    ...generates,
    ...(draw.oneIn(4) && { verified: ['email'] }),
    ...(draw.oneIn(4) && { defaultCountry: 'US' }),
  };
}

/** What each row asks for, as the reader has it; undefined where it has an error of its own. */
async function usersIn(
  file: string,
  json: unknown,
  options: RowOptions,
): Promise<(User | undefined)[]> {
  const source = await openSource(file, { encoding: 'auto', delimiter: 'auto' });
  try {
    const settings = await readingSettings(options, new Date());
    const { header } = readHeader(source.header, descriptionFrom(json), settings);
    const users: (User | undefined)[] = [];
    if (!header) return users;
    for await (const { rows } of source.read()) {
      for (const row of rows) users.push(readRow(row, header).user);
    }
    return users;
  } finally {
    await source.close();
  }
}

function wrong(row: Result, what: string, user?: LocalUser): never {
  throw new Error(`${what}: ${JSON.stringify({ row, user })}`);
}

/** Holds a user in the pool against the row that says it made them. */
function checkMade(row: Result, wanted: User, user: LocalUser): void {
  const made = new Map(Object.entries(user.attributes));
  made.delete('sub');
  for (const { Name, Value } of wanted.attributes) {
    if (made.get(Name) !== Value) wrong(row, `the attribute ${Name} is another`, user);
    made.delete(Name);
  }
  const isSignInName = ([name, value]: [string, string]): boolean =>
    name === 'email_verified' || value === wanted.username;
  if (![...made].every(isSignInName)) wrong(row, 'an attribute of nobody', user);
  if (row.status !== 'created') return;
  const groups = [...new Set(wanted.groups)].sort();
  if (groups.join() !== [...user.groups].sort().join()) wrong(row, 'other groups', user);
  if (user.enabled !== (wanted.enabled ?? true)) wrong(row, 'enabled or not', user);
}

/** Holds every row of the report against the pool, and everybody in the pool against the report. */
function checkReport(
  results: readonly Result[],
  wanted: readonly (User | undefined)[],
  pool: LocalPool,
): void {
  if (results.length !== wanted.length) throw new Error('rows are missing in results.csv');
  const users = new Map([...pool.users()].map((user) => [user.sub, user]));
  for (const [at, row] of results.entries()) {
    checkText(row.message);
    if (row.status !== 'created' && row.status !== 'partial') {
      if (row.sub !== '') wrong(row, 'a sub of somebody who was not made');
      continue;
    }
    const user = users.get(row.sub);
    const asked = wanted[at];
    if (!user || !asked) wrong(row, 'made, and not there or not asked for', user);
    checkMade(row, asked, user);
    users.delete(row.sub);
  }
  if (users.size > 0) throw new Error(`in no row: ${JSON.stringify([...users.values()])}`);
}

function mostMessages({ messages }: LocalPool): number {
  const counts = new Map<string, number>();
  for (const { sub } of messages) counts.set(sub, (counts.get(sub) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

/** `import` into a pool, which is then held against the report: no call is a wrong one. */
export const importing: Target = {
  name: 'import',
  weight: 3,
  run: async ({ draw, folder, write }) => {
    const json = draw.one(poolTexts);
    const options = optionsOf(draw, folder);
    const file = write('people.csv', fileOf(draw));
    const reports = join(folder, 'imported');
    rmSync(reports, { recursive: true, force: true });
    rmSync(join(folder, 'generated.csv'), { force: true });
    const pool = await startLocalPool({
      settings: readLocalPoolSettings(json),
      limits: NO_LIMITS,
    });
    try {
      await importUsers({
        ...options,
        ...{ file, reports, run: 'r' },
        rate: Object.fromEntries(categories.map((category) => [category, 5_000])),
        pool: {
          userPoolId: pool.userPoolId,
          region: pool.region,
          endpointUrl: pool.endpoint,
          credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
        },
      });
      const results = parse<Result>(readFileSync(join(reports, 'r/results.csv'), 'utf8'), {
        columns: true,
      });
      checkReport(results, await usersIn(file, json, options), pool);
      if (mostMessages(pool) > (options.invite === 'email' ? 1 : 0)) throw new Error('told twice');
    } catch (error) {
      if (pool.userCount > 0 && !existsSync(join(reports, 'r/results.csv'))) {
        throw new Error('users were made, and no report says so', { cause: error });
      }
      throw error;
    } finally {
      await pool.close();
    }
  },
};
