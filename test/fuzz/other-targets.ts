import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { PartFile } from '../../src/api/export/part-file.js';
import { readPlan } from '../../src/api/plans/plan-file.js';
import { planCounts, plannedOthers, plannedRows } from '../../src/api/plans/plan-lines.js';
import { presetFrom } from '../../src/api/presets/preset-file.js';
import { protectedPeople } from '../../src/api/sync/protected-people.js';
import { refuseShortFile } from '../../src/api/sync/sync-guards.js';
import { writeReport } from '../../src/api/resume/write-report.js';
import { readConfig } from '../../src/cli/config-file.js';
import { Journal } from '../../src/journal/journal.js';
import { takeLock } from '../../src/journal/lock.js';
import { PasswordFile } from '../../src/journal/password-file.js';
import { readFaultPlan, readLocalPoolSettings } from '../../src/local/index.js';
import { fixtures } from '../support/cli.js';
import type { Target } from './case.js';
import { almostJson, cells, mutateBytes, mutateJson, names } from './mutate.js';
import type { Draw } from './mutate.js';

const at = Date.UTC(2026, 5, 1);
const options = {
  file: { encoding: 'auto', s3: {} },
  rows: { mapping: { Login: 'username' }, groups: ['staff'], verified: ['email'], invite: 'none' },
  pool: { endpointUrl: 'http://127.0.0.1:9' },
};
const run = {
  t: 'run',
  version: 1,
  run: 'r',
  command: 'import',
  at,
  file: { name: 'f.csv', path: '/nowhere/f.csv' },
  pool: { id: 'eu-west-1_A', region: 'eu-west-1' },
  options,
};
const begun = { row: 1, line: 3, username: 'b', attempts: 1, at };

/** The journal of an import of a few rows. */
const journalLines: readonly object[] = [
  run,
  { t: 'session', at },
  { ...begun, t: 'row', row: 2, line: 4, status: 'invalid', code: 'x', steps: [], final: true },
  { t: 'checked', rows: 4, sha256: 'a'.repeat(64), missingGroups: ['staff'] },
  {
    t: 'try',
    rows: [
      [0, at],
      [1, at],
    ],
  },
  {
    ...begun,
    t: 'row',
    row: 0,
    status: 'created',
    sub: 's',
    steps: ['create'],
    final: true,
    made: 'm',
  },
  {
    ...begun,
    t: 'row',
    status: 'failed',
    code: 'X',
    message: 'no',
    steps: [],
    final: false,
    unknownSince: at,
  },
  {
    t: 'figures',
    at,
    seconds: 1,
    calls: { AdminCreateUser: { ok: 1, throttled: 0, retried: 0, failed: 1 } },
    rates: { UserCreation: { limit: 50, share: 0.8 } },
    latencies: { AdminCreateUser: { max: 3, buckets: [[1, 2]] } },
  },
  { t: 'end', at, outcome: 'stopped', reason: 'x: y', exitCode: 3 },
];

function journalOf(draw: Draw): Buffer {
  const lines = journalLines.map((line) =>
    draw.oneIn(5) ? almostJson(draw, line).toString() : JSON.stringify(line),
  );
  if (draw.oneIn(4)) lines.splice(draw.below(lines.length), 1);
  if (draw.oneIn(4)) lines.push(draw.one(lines));
  if (draw.oneIn(6)) lines.splice(draw.below(lines.length), 0, lines.pop() ?? '');
  const bytes = Buffer.from(`${lines.join('\n')}\n`);
  return draw.oneIn(3) ? mutateBytes(draw, bytes) : bytes;
}

async function addResult(journal: Journal): Promise<void> {
  const result = { username: 'd', status: 'exists', steps: [], attempts: 1, final: true } as const;
  journal.done({ row: 3, line: 5, ...result });
  await journal.flush();
  if (journal.resultOf(3)?.username !== 'd') throw new Error('a result is not read back');
}

/** A journal as `resume`, `undo` and `report` read it. */
const journal: Target = {
  name: 'journal',
  weight: 12,
  run: async ({ draw, write }) => {
    const opened = await Journal.resume(write('journal.jsonl', journalOf(draw)), () => at);
    try {
      const last = Math.min(opened.rows, 5_000);
      for (let row = 0; row < last; row++) {
        opened.stateOf(row);
        const result = opened.earlier(row)?.result;
        if (result && result.row !== row) throw new Error('another row was read back');
      }
      // What is flushed is on the disk, which takes its time.
      if (draw.oneIn(8)) await addResult(opened);
    } finally {
      await opened.close();
    }
  },
};

/** `report`, from a folder with such a journal. */
const report: Target = {
  name: 'report',
  weight: 2,
  run: async ({ draw, folder, write }) => {
    rmSync(join(folder, 'reports', 'r'), { recursive: true, force: true });
    mkdirSync(join(folder, 'reports', 'r'), { recursive: true });
    const file = write('people.csv', 'Login,email\na,a@b.cc\nb,b@b.cc\nc,c@b.cc\nd,d@b.cc\n');
    const text = journalOf(draw).toString().replace('/nowhere/f.csv', file);
    const sha = /"sha256":"a{64}"/;
    const digest = await import('node:crypto').then(({ createHash }) =>
      createHash('sha256').update(readFileSync(file)).digest('hex'),
    );
    write('reports/r/journal.jsonl', text.replace(sha, `"sha256":"${digest}"`));
    await writeReport({ run: 'r', reports: join(folder, 'reports') });
  },
};

const plan = {
  plan: 'cognito-bulk',
  version: 1,
  command: 'sync',
  at,
  file: { path: '/nowhere/f.csv', sha256: 'a'.repeat(64), rows: 3 },
  pool: { id: 'eu-west-1_A', region: 'eu-west-1', withGroups: true, sha256: 'b'.repeat(64) },
  options: {
    ...options,
    sync: { missing: 'delete', scope: { is: 'all' }, maxRemovals: { percent: 10 } },
  },
};
const on = { sub: 's', as: 'f' };
const planText: readonly object[] = [
  plan,
  { row: 3, do: 'delete', ...on, username: 'x' },
  { row: 4, do: 'disable', ...on, username: 'y' },
  { row: 0, do: 'create' },
  { row: 1, do: 'update', ...on, attributes: ['email'], immutable: [], join: ['staff'], leave: [] },
  { row: 2, do: 'nothing', status: 'unchanged', sub: 's' },
  {
    do: 'end',
    counts: { create: 1, update: 1, disable: 1, enable: 0, delete: 1, nothing: 1, scope: 20 },
  },
];

/** PLAN, as `apply` and `resume` read it. */
const planFile: Target = {
  name: 'plan',
  weight: 15,
  run: async ({ draw, write }) => {
    const lines = planText.map((line) =>
      draw.oneIn(6) ? almostJson(draw, line).toString() : JSON.stringify(line),
    );
    if (draw.oneIn(6)) lines.splice(draw.below(lines.length), 1);
    if (draw.oneIn(6)) lines.splice(draw.below(lines.length), 0, draw.one(lines));
    const bytes = Buffer.from(`${lines.join('\n')}\n`);
    const path = write('plan.jsonl', draw.oneIn(3) ? mutateBytes(draw, bytes) : bytes);
    const head = await readPlan(path);
    const counts = await planCounts(path);
    const removed = new Set<number>();
    for await (const batch of plannedOthers(path, head.file.rows)) {
      for (const line of batch) {
        if (line.do === 'delete' || line.do === 'disable') removed.add(line.row);
      }
    }
    for await (const batch of plannedRows(path, head.file.rows)) {
      for (const line of batch) if (line.do === 'delete') removed.add(line.row);
    }
    const asked = counts.delete + counts.disable;
    if (removed.size > asked)
      throw new Error('more users are removed than a person is asked about');
  },
};

const known = {
  own: new Set(['region', 'map', 'verbose', 'columns', 'defaults', 'groups', 'rate']),
  others: new Set(['encoding']),
  booleans: new Set(['verbose']),
  lists: new Set(['map']),
};

const configTexts: readonly string[] = [
  'region: eu-west-1\nverbose: true\nmap:\n  - A=b\n  - "C="\ncolumns:\n  Login: username\ndefaults:\n  locale: de\n',
  '{"region": "eu-west-1", "groups": ["a", "b"], "columns": {"__proto__": "email"}}',
  'a: &a [x, x]\nb: &b [*a, *a]\ncolumns: *b\n',
  'defaults: &d\n  <<: *d\n',
  'map: !!js/function "x"\nregion: !!binary aGk=\n',
  'columns:\n  ? [a, b]\n  : c\n---\nregion: x\n',
];

/** `--config`. */
const config: Target = {
  name: '--config',
  weight: 20,
  run: ({ draw, write }) => {
    const text = draw.oneIn(10)
      ? draw
          .one(['[', '{', '- ', '? ', 'a: ', '&a ', '*a ', '!!set ', '"', '|\n '])
          .repeat(draw.below(4_000))
      : draw.one(configTexts).replace('Login', draw.one([...names, ...cells]));
    const bytes = draw.oneIn(4) ? Buffer.from(text) : mutateBytes(draw, Buffer.from(text));
    const found = readConfig(write('config.yaml', bytes), known);
    for (const [name, value] of Object.entries(found)) {
      if (!known.own.has(name)) throw new Error(`an option that is none: ${name}`);
      const isText = typeof value === 'string' || (Array.isArray(value) && value.every(isString));
      const isTable =
        typeof value === 'object' && value !== null && Object.values(value).every(isString);
      if (!isText && !isTable) throw new Error(`${name} is no text`);
    }
    if (({} as Record<string, unknown>)['polluted'] !== undefined) throw new Error('polluted');
  },
};

const isString = (value: unknown): boolean => typeof value === 'string';

const preset: Target = {
  name: 'preset',
  weight: 5,
  run: ({ draw }) => {
    const name = draw.one(['auth0', 'firebase', 'keycloak', 'okta']);
    const json: unknown = JSON.parse(
      readFileSync(new URL(`../../presets/${name}.json`, import.meta.url), 'utf8'),
    );
    presetFrom(mutateJson(draw, json), name);
  },
};

const summary = {
  command: 'sync',
  outcome: 'complete',
  pool: { id: 'eu-west-1_A' },
  file: { rows: 10 },
  finishedAt: '2026-06-01T00:00:00.000Z',
};

/** What other runs left under `--reports`, and `--protect`. */
const surroundings: Target = {
  name: '--reports and --protect',
  weight: 5,
  run: async ({ draw, folder, write }) => {
    mkdirSync(join(folder, 'past', 'r'), { recursive: true });
    write('past/r/summary.json', almostJson(draw, summary));
    await protectedPeople(write('protect', draw.bytes(draw.below(60))));
    await refuseShortFile('f.csv', draw.below(20), {
      file: 'f.csv',
      pool: { userPoolId: 'eu-west-1_A' },
      reports: join(folder, 'past'),
    });
  },
};

const claim = { id: 'x', pid: 2 ** 30, host: 'elsewhere', started: '1' };

const lock: Target = {
  name: 'lock',
  weight: 5,
  run: async ({ draw, write }) => {
    const lines = [claim, { released: 'x' }].map((line) => almostJson(draw, line).toString());
    const release = await takeLock(write('lock', `${lines.join('\n')}\n`));
    await release();
  },
};

const head = { export: 'cognito-bulk', version: 1, pool: 'p', region: 'r', at };
const page = {
  users: [{ username: 'a', attributes: [['email', 'a@b.cc']], enabled: true, groups: [] }],
  next: 'token',
};

/** What an export that was ended left, and a file of generated passwords. */
const leftovers: Target = {
  name: 'leftovers',
  weight: 5,
  run: async ({ draw, folder, write }) => {
    const lines = [head, page].map((line) => almostJson(draw, line).toString());
    write('out.csv.part', `${lines.join('\n')}\n`);
    const passwords = Buffer.from('username,password\nann,"a""b"\n"b\nb",c\n');
    const book = await PasswordFile.resume(write('pw.csv', mutateBytes(draw, passwords)), {});
    await book.passwordFor('ann');
    await book.finish(() => draw.oneIn(2));
    const part = await PartFile.open(join(folder, 'out.csv'), {
      ...head,
      export: 'cognito-bulk',
      version: 1,
    });
    await part.close();
  },
};

const localPool = JSON.parse(
  readFileSync(join(fixtures, 'pools', 'email-alias.json'), 'utf8'),
) as unknown;

/** What the local pool is told: its settings and its misfortunes. */
const local: Target = {
  name: 'local pool',
  weight: 5,
  run: ({ draw }) => {
    const faults = { rules: [{ kind: 'slow', ms: 5, username: '^a', between: [0, 1], count: 1 }] };
    readFaultPlan(mutateJson(draw, faults));
    readLocalPoolSettings(mutateJson(draw, localPool));
  },
};

export const otherTargets: readonly Target[] = [
  journal,
  report,
  planFile,
  config,
  preset,
  surroundings,
  lock,
  leftovers,
  local,
];
