import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';

import { readSavedDescription } from '../../src/api/pool/saved-description.js';
import { validateFile } from '../../src/api/validate/validate-file.js';
import type { PoolDescription } from '../../src/cognito/description.js';
import { descriptionFrom } from '../../src/cognito/read-description.js';
import { Duplicates } from '../../src/record/duplicates.js';
import { readHeader } from '../../src/record/header.js';
import type { Header } from '../../src/record/header.js';
import { reportable } from '../../src/record/reportable.js';
import { readRow } from '../../src/record/row.js';
import { readSignInHeader, readSignInRow } from '../../src/record/sign-in-row.js';
import type { User } from '../../src/record/user.js';
import { openSource } from '../../src/source/index.js';
import type { Source } from '../../src/source/index.js';
import { settingsWith } from '../record/reading.js';
import { fixtures } from '../support/cli.js';
import { canary, checkText } from './case.js';
import type { Surroundings, Target } from './case.js';
import { cells, encoded, mutateBytes, mutateJson, names } from './mutate.js';
import type { Draw } from './mutate.js';

const poolNames = [
  'case-sensitive',
  'email-alias',
  'email-sign-in',
  'passwordless',
  'plain-username',
  'prototype-names',
  'required-attributes',
];

const poolTexts: readonly unknown[] = poolNames.map(
  (name) => JSON.parse(readFileSync(join(fixtures, 'pools', `${name}.json`), 'utf8')) as unknown,
);
const pools: readonly PoolDescription[] = poolTexts.map(descriptionFrom);

/** Files that are good, to begin with. */
const files: readonly string[] = [
  `username,email,given_name,password,groups\nann,ann@example.com,Ann,${canary}1,staff\nbob,bob@example.com,Bob,${canary}2,"staff;admins"\n`,
  `email;phone_number;password;enabled\r\nann@example.com;+12025550123;${canary};true\r\n`,
  `cognito:username,name,email,email_verified,phone_number,phone_number_verified,cognito:mfa_enabled\nann,Ann\\, B,ann@example.com,TRUE,,FALSE,FALSE\n`,
  `sep=;\nusername;email\nann;"ann@example.com"\n`,
  `username\temail\tcustom:department\nann\tann@example.com\t"a\nb"\n`,
  `username,password,code\nann,${canary},123456\n`,
  `username,email,error_code,error_message\n'=ann,ann@example.com,invalid-email,mend it\n`,
];

/** A good file, one with strange names and cells, or rubbish. */
function fileOf(draw: Draw): Buffer {
  if (draw.oneIn(12)) return encoded(draw, draw.bytes(draw.below(400)));
  const text = draw.oneIn(2) ? draw.one(files) : strangeFile(draw);
  const bytes = Buffer.from(text);
  return encoded(draw, draw.oneIn(4) ? bytes : mutateBytes(draw, bytes));
}

function strangeFile(draw: Draw): string {
  const width = 1 + draw.below(6);
  const delimiter = draw.one([',', ';', '\t', '|']);
  const line = (list: readonly string[], first: string): string =>
    [first, ...Array.from({ length: width - 1 }, () => draw.one(list))]
      .map((cell) => (draw.oneIn(2) ? `"${cell.replaceAll('"', '""')}"` : cell))
      .join(delimiter);
  const rows = Array.from({ length: 1 + draw.below(8) }, () => line(cells, draw.one(cells)));
  const header = line(names, draw.oneIn(3) ? draw.one(names) : 'username');
  return [header, ...(draw.oneIn(8) ? [header] : []), ...rows].join(draw.one(['\n', '\r\n', '\r']));
}

const limits = { recordBytes: 20_000, gzipBytes: 100_000 };

async function opened(surroundings: Surroundings, work: (source: Source) => Promise<void>) {
  const { draw, write } = surroundings;
  const source = await openSource(write('file', fileOf(draw)), {
    encoding: draw.oneIn(8)
      ? draw.one(['utf-8', 'windows-1252', 'shift_jis', 'utf-7', '', 'x'])
      : 'auto',
    delimiter: draw.oneIn(10) ? draw.one([',', ';', '\t', '"', '', 'ab', '\n']) : 'auto',
    ...(draw.oneIn(20) && { header: ['username', draw.one(names)] }),
    limits,
    chunkSize: draw.oneIn(60) ? 7 : draw.one([1_024, 65_536]),
  });
  try {
    await work(source);
  } finally {
    await source.close();
  }
}

function settingsOf(draw: Draw): ReturnType<typeof settingsWith> {
  const table = (): [string, string][] =>
    draw.oneIn(4) ? [[draw.one(names), draw.one([...names, ...cells])]] : [];
  const mode = draw.one([undefined, 'none', 'temporary', 'permanent', 'challenge'] as const);
  return settingsWith({
    ...(mode && { passwordMode: mode }),
    generatesPasswords: draw.oneIn(4),
    verified: draw.oneIn(4) ? ['email'] : [],
    groups: draw.oneIn(5) ? [draw.one(names)] : [],
    createGroups: draw.oneIn(2),
    defaults: Object.fromEntries(table()),
    mapping: new Map(table()),
  });
}

/** Holds a user that would be sent against what the service takes of anybody. */
function checkUser({ username, attributes, groups }: User, line: number, header: Header): void {
  const wrong = (what: string): never => {
    throw new Error(`line ${line}: ${what} of ${JSON.stringify({ username, attributes, groups })}`);
  };
  // [MODEL]: usernameType and attributeValueType, as AdminCreateUser's API reference has them.
  if (!/^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u.test(username)) wrong('the username');
  const seen = new Set<string>();
  for (const { Name, Value } of attributes) {
    if (!/^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,32}$/u.test(Name)) wrong('an attribute name');
    if (typeof Value !== 'string' || Value.length > 2_048) wrong(`the attribute ${Name}`);
    if (seen.has(Name)) wrong(`the attribute ${Name}, which is there twice,`);
    if (Object.hasOwn(Object.prototype, Name) && !header.plan.facts.known) wrong('a name');
    seen.add(Name);
  }
  for (const group of groups) {
    if (!/^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u.test(group)) wrong('a group');
  }
}

async function readWhole(source: Source, pool: PoolDescription | undefined, draw: Draw) {
  const { header, problems } = readHeader(source.header, pool, settingsOf(draw));
  for (const { message } of problems) checkText(message);
  if (!header) return;
  const duplicates = new Duplicates(header, { seed: draw.below(2 ** 31) });
  const { cellsOf, usernameOf, header: shown } = reportable(header);
  const secrets = header.columns.filter(({ kind }) =>
    ['password', 'secret', 'code'].includes(kind),
  );
  if (shown.length > header.columns.length - secrets.length) throw new Error('a password column');
  let line = 0;
  for await (const { rows } of source.read()) {
    for (const row of rows) {
      if (row.line <= line) throw new Error('lines go backwards');
      line = row.line;
      const reading = readRow(row, header);
      const across = reading.user ? duplicates.check(reading.user) : [];
      for (const problem of [...reading.problems, ...across]) checkText(problem.message);
      const isGood = [...reading.problems, ...across].every(({ severity }) => severity !== 'error');
      if (reading.user && isGood) checkUser(reading.user, row.line, header);
      if (!reading.user && isGood) throw new Error('a row is refused without a word');
      cellsOf(row);
      usernameOf(row);
    }
  }
  await source.digest();
}

/** FILE, from its bytes to what would be sent and reported of each row. */
const rows: Target = {
  name: 'FILE',
  weight: 60,
  run: (surroundings) =>
    opened(surroundings, async (source) => {
      const { draw } = surroundings;
      await readWhole(source, draw.oneIn(3) ? undefined : draw.one(pools), draw);
    }),
};

const signIns: Target = {
  name: 'FILE of people who sign in',
  weight: 10,
  run: (surroundings) =>
    opened(surroundings, async (source) => {
      const { draw } = surroundings;
      const pool = draw.oneIn(3) ? undefined : draw.one(pools);
      const settings = { withCode: draw.oneIn(2), mapping: settingsOf(draw).mapping };
      const { header, problems } = readSignInHeader(source.header, pool, settings);
      for (const { message } of problems) checkText(message);
      if (!header) return;
      for await (const batch of source.read()) {
        for (const row of batch.rows) {
          const reading = readSignInRow(row, header);
          for (const { message } of reading.problems) checkText(message);
        }
      }
    }),
};

/** `validate`, reports and all. */
const validation: Target = {
  name: 'validate',
  weight: 1,
  run: async ({ draw, folder, write }) => {
    const { summary, folder: reports } = await validateFile({
      file: write('file.csv', fileOf(draw)),
      schema: write('pool.json', JSON.stringify(draw.one(poolTexts))),
      reports: join(folder, 'reports'),
    });
    const results = readFileSync(join(reports, 'results.csv'), 'utf8');
    const lines = parse(results, { columns: true, bom: true });
    if (lines.length !== summary.rows.total) throw new Error('a row is missing in results.csv');
    for (const row of parse(results, { bom: true })) {
      const formula = row.find((cell) => /^[=+@\t\r-]/.test(cell));
      if (formula !== undefined) throw new Error(`a formula in results.csv: ${formula}`);
    }
    const page = readFileSync(join(reports, 'report.html'), 'utf8');
    if (page.includes('<script>alert')) throw new Error('a script of the file is in the page');
  },
};

/** `--schema`, and a file held against it. */
const schema: Target = {
  name: '--schema',
  weight: 10,
  run: async (surroundings) => {
    const { draw, write } = surroundings;
    const text = JSON.stringify(mutateJson(draw, draw.one(poolTexts)));
    const bytes = draw.oneIn(4) ? mutateBytes(draw, Buffer.from(text)) : Buffer.from(text);
    const pool = await readSavedDescription(write('pool.json', bytes));
    await opened(surroundings, (source) => readWhole(source, pool, draw));
  },
};

export const fileTargets: readonly Target[] = [rows, signIns, validation, schema];
