import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import type { RowResult } from '../../src/apply/result.js';
import type { CallCounts, FiguresEntry } from '../../src/journal/entries.js';
import { adviceFor } from '../../src/report/advice.js';
import { ruleAdviceFor } from '../../src/report/rule-advice.js';
import { rules } from '../../src/record/rules.js';
import { LatencyTally } from '../../src/report/latencies.js';
import type { RowBlock } from '../../src/report/page/row-block.js';
import { firstSentence } from '../../src/report/page/first-sentence.js';
import { html, jsonForScript } from '../../src/report/page/html.js';
import { maskedName, maskedText } from '../../src/report/page/mask.js';
import { PageRows } from '../../src/report/page/page-rows.js';
import { timelines } from '../../src/report/page/timelines.js';
import type { Summary } from '../../src/report/summary.js';
import { temporaryFolder } from '../support/folder.js';
import { resultWith, summaryWith, writePageOf } from '../support/page.js';

const forecast: NonNullable<Summary['forecast']> = {
  seconds: 250,
  messages: 120,
  messageDays: 3,
  monthlyActiveUsers: 340,
  costUsd: { lite: 0, essentials: 1.5, plus: 6.8 },
};

const pageOf = (folder: string): string => readFileSync(join(folder, 'report.html'), 'utf8');

/** What a page tells without its script, style and data. */
const textOf = (page: string): string =>
  page
    .replace(/<(style|script)\b[^>]*>[^]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

/** The blocks of rows in a page. */
const blocksOf = (page: string): RowBlock[] =>
  [...page.matchAll(/class="data-rows"[^>]*>([^<]*)</g)].map(
    ([, json]) => JSON.parse(json ?? '') as RowBlock,
  );

describe('the first sentence', () => {
  const rows = (byStatus: Summary['rows']['byStatus']): Summary['rows'] => ({
    total: Object.values(byStatus).reduce((sum, count) => sum + count, 0),
    byStatus,
  });

  it.each<[string, Partial<Summary>]>([
    [
      'The import of users.csv into pool eu-west-1_Test ran to its end after 12 s: 326 of 340 people were created and 14 rows are not fine.',
      {},
    ],
    [
      'The import of users.csv into pool eu-west-1_Test ran to its end after 4 min 10 s: all 1,200 people were created.',
      { durationSeconds: 250, rows: rows({ created: 1_200 }) },
    ],
    [
      'The import of users.csv into pool eu-west-1_Test stopped before its end after 12 s: 1 of 5 people was created, 3 were there before and 1 row is not fine.',
      {
        outcome: 'stopped',
        reason: 'max-errors: too many',
        rows: rows({ created: 1, exists: 3, 'not-attempted': 1 }),
      },
    ],
    [
      'The rehearsal of the import of users.csv into a local pool was interrupted after 12 s: none of 2 people was brought in and 2 rows are not fine.',
      { outcome: 'interrupted', rehearsal: true, rows: rows({ 'not-attempted': 2 }) },
    ],
    [
      'The dry run of the sync of users.csv with pool eu-west-1_Test ran to its end after 12 s: 2 of 6 people would be created, 3 would be updated and 1 would be deleted.',
      {
        command: 'sync',
        dryRun: true,
        forecast,
        rows: rows({ 'would-create': 2, 'would-update': 3, 'would-delete': 1 }),
      },
    ],
    [
      'The validation of users.csv without a pool ran to its end after 0.1 s: 1 of 2 rows is valid and 1 row is not fine.',
      {
        command: 'validate',
        durationSeconds: 0.08,
        pool: { id: null, region: null },
        rows: rows({ valid: 1, invalid: 1 }),
      },
    ],
    [
      'The undo of r1 in pool eu-west-1_Test ran to its end after 12 s: the one person was deleted.',
      { command: 'undo', file: { name: 'r1', sha256: '', rows: 1 }, rows: rows({ deleted: 1 }) },
    ],
    [
      'The sending of codes of users.csv in pool eu-west-1_Test ran to its end after 12 s: all 2 people were sent a code.',
      { command: 'verify send', rows: rows({ 'code-sent': 2 }) },
    ],
    [
      'The import of users.csv into pool eu-west-1_Test ran to its end after 2 h 5 min: the file has no rows.',
      {
        durationSeconds: 7_500,
        rows: rows({}),
        file: { name: '/home/ada/users.csv', sha256: '', rows: 0 },
      },
    ],
  ])('is “%s”', (sentence, more) => {
    expect(firstSentence(summaryWith(more))).toBe(sentence);
  });
});

describe('a page', () => {
  it('tells what was run, how it ended, what is not fine and what to do', async () => {
    const folder = temporaryFolder();
    const taken = { status: 'failed', code: 'AliasExistsException', message: 'taken' } as const;
    await writePageOf(folder, [resultWith(0), resultWith(1, taken), resultWith(2, taken)]);
    const page = pageOf(folder);
    const text = textOf(page);
    expect(text).toContain(firstSentence(summaryWith()));
    expect(text).toContain('326 created 95.9 %');
    expect(text).toMatch(
      /AliasExistsException failed 2 rows Another user has this email .* Line 3 says: taken Lines 3 , 4/,
    );
    expect(page).toContain('href="#line-3"');
    expect(text).not.toContain('undefined');
    expect((statSync(join(folder, 'report.html')).mode & 0o777).toString(8)).toBe('600');
    expect(readdirSync(folder)).toEqual(['report.html']);
  });

  it('of a dry run and of a rehearsal says that nothing was written', async () => {
    const folder = temporaryFolder();
    await writePageOf(folder, [], { summary: summaryWith({ dryRun: true, forecast }) });
    expect(textOf(pageOf(folder))).toContain('Nothing was written to the pool.');
    expect(textOf(pageOf(folder))).toContain('Would take 4 min 10 s Messages 120, over 3 days');
    await writePageOf(folder, [], { summary: summaryWith({ rehearsal: true }) });
    expect(textOf(pageOf(folder))).toContain('Nobody was created or messaged in AWS.');
  });

  it('of a stopped run says why it ended and how to go on', async () => {
    const folder = temporaryFolder();
    const summary = summaryWith({ outcome: 'stopped', reason: 'max-errors: too many' });
    await writePageOf(folder, [], { summary });
    expect(textOf(pageOf(folder))).toContain(
      `Why it ended: max-errors: too many. To go on: cognito-bulk resume ${folder} `,
    );
  });

  it('says what to do next, as the terminal does', async () => {
    const folder = temporaryFolder();
    const textWith = async (more: Partial<Summary>, resumable?: boolean): Promise<string> => {
      await writePageOf(folder, [], { summary: summaryWith(more), resumable });
      return textOf(pageOf(folder));
    };
    expect(await textWith({})).toContain(
      `To try failed rows again: cognito-bulk resume ${folder} --retry-failed `,
    );
    expect(await textWith({ rows: { total: 1, byStatus: { created: 1 } } })).toContain(
      `To take it back: cognito-bulk undo ${folder} --dry-run `,
    );
    expect(
      await textWith({ dryRun: true, rows: { total: 1, byStatus: { 'would-create': 1 } } }),
    ).toContain('To do it: the same command without --dry-run');
    const dry = {
      command: 'sync',
      dryRun: true,
      rows: { total: 9, byStatus: { 'would-delete': 9 } },
    } as const;
    expect(await textWith({ ...dry, savedPlan: "ann's plan" })).toContain(
      String.raw`To do it: cognito-bulk apply 'ann'\''s plan' `.replaceAll("'", '&#39;'),
    );
    const overCap = { removals: 9, allowed: 2 };
    expect(await textWith({ ...dry, overCap })).toContain(
      'If that is right: the same command without --dry-run, with --max-removals 9 ',
    );
    expect(await textWith({ ...dry, overCap, savedPlan: 'p' })).toContain(
      'If that is right: cognito-bulk apply p, with --max-removals 9 ',
    );
    expect(await textWith({ outcome: 'stopped' }, false)).not.toContain('cognito-bulk resume');
    expect(await textWith({ outcome: 'stopped', rehearsal: true })).not.toContain('To go on');
    expect(await textWith({ command: 'validate' })).not.toContain('cognito-bulk resume');
  });

  it('has what else was said of the run', async () => {
    const folder = temporaryFolder();
    const notices = ['The sync itself would be refused: ada@example.com is one too many.'];
    await writePageOf(folder, [], { summary: summaryWith({ notices }) });
    expect(textOf(pageOf(folder))).toContain(notices[0]);
    await writePageOf(folder, [], { summary: summaryWith({ notices }), mask: true });
    expect(textOf(pageOf(folder))).toContain('would be refused: a…@e….com is');
  });

  it('says of a broken rule what to do in general, and of one row what is wrong with it', async () => {
    const folder = temporaryFolder();
    const wide = { status: 'invalid', code: 'wrong-column-count', message: 'It has 14.' } as const;
    await writePageOf(folder, [resultWith(0, wide), resultWith(1, { ...wide, message: '15' })]);
    expect(textOf(pageOf(folder))).toMatch(
      /wrong-column-count invalid 2 rows Put values that hold the delimiter .* Line 2 says: It has 14\. Lines 2 , 3/,
    );
  });

  it('says what to do about a status where nothing is known of the code', async () => {
    const folder = temporaryFolder();
    await writePageOf(folder, [resultWith(0, { status: 'not-attempted', code: 'same-error' })]);
    expect(textOf(pageOf(folder))).toContain('1 row The run ended before these rows.');
  });

  it('of a run that was measured once has a sentence instead of a chart', async () => {
    const folder = temporaryFolder();
    const calls = { ok: 43, throttled: 0, retried: 0, failed: 0 };
    const figures = [1, 2].map((n): FiguresEntry => ({
      t: 'figures',
      at: n * 1_500,
      seconds: 1.5,
      calls: { ListUsersInGroup: calls },
      rates: { UserList: { limit: 30, share: 0.8 } },
    }));
    const summary = summaryWith({
      calls: { ListUsersInGroup: calls },
      rates: { UserList: { limit: 30, share: 0.8, achieved: 28.67 } },
    });
    await writePageOf(folder, [], { summary, figures: figures.slice(0, 1) });
    const once = pageOf(folder);
    expect(textOf(once)).toContain('The calls took too little time for a chart of it.');
    expect(once).not.toContain('class="chart"');
    expect(textOf(once)).not.toContain('28.67');
    expect(textOf(once)).toContain('ListUsersInGroup read a group&#39;s members 43');
    await writePageOf(folder, [], { summary, figures });
    expect(pageOf(folder)).toContain('class="chart"');
  });

  it('of a validation has the warnings too', async () => {
    const folder = temporaryFolder();
    const problems: NonNullable<Summary['problems']> = {
      errors: 0,
      warnings: 3,
      mendable: 0,
      byCode: { 'mistyped-email': { severity: 'warning', count: 3, byColumn: { 'E-Mail': 3 } } },
    };
    await writePageOf(folder, [], { summary: summaryWith({ command: 'validate', problems }) });
    expect(textOf(pageOf(folder))).toMatch(
      /Warnings .*mistyped-email 3 times E-Mail Look whether the domain/,
    );
  });

  it('lets the browser run its own script and style, and nothing else', async () => {
    const folder = temporaryFolder();
    await writePageOf(folder, []);
    const page = pageOf(folder);
    const hash = (text = ''): string =>
      `&#39;sha256-${createHash('sha256').update(text).digest('base64')}&#39;`;
    const style = /<style>([^]*?)<\/style>/.exec(page)?.[1];
    const script = /<script>([^]*?)<\/script>/.exec(page)?.[1];
    expect(page).toContain(
      `content="default-src &#39;none&#39;; script-src ${hash(script)}; style-src ${hash(style)};`,
    );
    expect(page).not.toMatch(/\b(?:src|srcset)=|<link|@import|url\(/);
    expect(script).toContain('MIT License');
  });

  it('shows what a file holds as text, whatever it is', async () => {
    const folder = temporaryFolder();
    const hostile = '</script><script>alert(1)</script><!--<script>\u2028"\'&\u202e\u001b[31m';
    await writePageOf(
      folder,
      [
        resultWith(0, { username: hostile }),
        resultWith(1, { status: 'failed', code: hostile, message: hostile }),
      ],
      { summary: summaryWith({ reason: hostile, file: { name: hostile, sha256: '', rows: 2 } }) },
    );
    const page = pageOf(folder);
    expect(page).not.toContain('<script>alert');
    expect(page.match(/<script>/g)).toHaveLength(1);
    expect(page).not.toContain('\u001b');
    expect(textOf(page)).not.toContain('\u202e');
    expect(page).not.toContain('<!--');
    const [block] = blocksOf(page);
    expect(block?.username).toEqual([hostile, 'user-1']);
    expect(block?.words).toContain(hostile);
  });

  it('leaves the old one where it can’t be written', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'report.html'), 'old');
    const rows = await PageRows.create(folder, { mask: false });
    rows.add(resultWith(0));
    await rows.remove();
    expect(readdirSync(folder)).toEqual(['report.html']);
    expect(pageOf(folder)).toBe('old');
  });
});

describe('the rows of a page', () => {
  const results = (count: number, more: (row: number) => Partial<RowResult>): RowResult[] =>
    Array.from({ length: count }, (_, row) => resultWith(row, more(row)));
  const failedEvery = (nth: number) => (row: number) =>
    row % nth === 0 ? ({ status: 'failed', code: 'X', message: 'm' } as const) : {};

  it('are all of them while there is room', async () => {
    const folder = temporaryFolder();
    await writePageOf(folder, results(6, failedEvery(2)), { most: 6 });
    const [block] = blocksOf(pageOf(folder));
    expect(block).toMatchObject({
      words: ['failed', 'created', 'X', '', 'm', 'create + groups'],
      line: [2, 1, 1, 1, 1, 1],
      status: [0, 1, 0, 1, 0, 1],
      steps: 5,
      attempts: 1,
      at: 0,
      since: Date.UTC(2026, 0, 1, 10) / 1_000,
    });
  });

  it('are those that are not fine where there are more', async () => {
    const folder = temporaryFolder();
    await writePageOf(folder, results(8, failedEvery(2)), { most: 6 });
    const page = pageOf(folder);
    expect(blocksOf(page)[0]?.username).toEqual(['user-0', 'user-2', 'user-4', 'user-6']);
    expect(textOf(page)).toContain(
      'The file has 8 rows, too many for a page: only the 4 that are not fine are here. results.csv beside this page has them all.',
    );
  });

  it('are never more than there is room for', async () => {
    const folder = temporaryFolder();
    await writePageOf(folder, results(9, failedEvery(1)), { most: 6 });
    const page = pageOf(folder);
    expect(blocksOf(page)[0]?.username).toHaveLength(6);
    expect(textOf(page)).toContain('only the first 6 that are not fine are here');
    expect(textOf(page)).toContain('X failed 9 rows');
  });

  it('come in blocks, and a user who is in no row has no line', async () => {
    const folder = temporaryFolder();
    await writePageOf(folder, [...results(4_001, () => ({})), resultWith(4_001, { line: 0 })]);
    const blocks = blocksOf(pageOf(folder));
    expect(blocks.map(({ username }) => username.length)).toEqual([4_000, 2]);
    expect(blocks[1]?.line).toEqual([4_002, -4_002]);
  });

  it('are masked where that is asked for, messages included', async () => {
    const folder = temporaryFolder();
    const ada = { username: 'ada@example.com', status: 'failed', code: 'X' } as const;
    const message = 'ada@example.com is not bob@example.org, nor +44 20 7946 0958';
    const summary = summaryWith({ reason: 'stopped at ada@example.com' });
    await writePageOf(folder, [resultWith(0, { ...ada, message })], { mask: true, summary });
    const page = pageOf(folder);
    expect(page).not.toMatch(/ada@|bob@|7946/);
    expect(blocksOf(page)[0]?.username).toEqual(['a…@e….com']);
    expect(textOf(page)).toContain('a…@e….com is not b…@e….org, nor +…');
  });
});

describe('a mask', () => {
  it.each([
    ['ada@example.com', 'a…@e….com'],
    ['ada', 'a…'],
    ['😀smile', '😀…'],
    ['@', '@'],
    ['a@localhost', 'a…@l…'],
    ['', ''],
  ])('of %j is %j', (name, masked) => {
    expect(maskedName(name)).toBe(masked);
  });

  it('leaves a text without names as it is', () => {
    expect(maskedText('"email" has 3 characters, line 12')).toBe(
      '"email" has 3 characters, line 12',
    );
  });
});

describe('HTML', () => {
  it('escapes all but itself', () => {
    expect(
      html`<p title="${'"\'<&>'}">${html`<b>${1}</b>`}${undefined}${['a', 'b']}</p>`.text,
    ).toBe('<p title="&quot;&#39;&lt;&amp;&gt;"><b>1</b>ab</p>');
  });

  it('holds JSON that comes back as it was', () => {
    const value = { '</script>': '<!--&\u2028\u2029' };
    expect(jsonForScript(value)).not.toMatch(/[<>&\u2028\u2029]/);
    expect(JSON.parse(jsonForScript(value))).toEqual(value);
  });
});

describe('calls over time', () => {
  const counts = (ok: number, throttled = 0): CallCounts => ({
    ok,
    throttled,
    retried: 0,
    failed: 0,
  });
  const entry = (second: number, ok: number, throttled = 0): FiguresEntry => ({
    t: 'figures',
    at: second * 1_000,
    seconds: 5,
    calls: { AdminCreateUser: counts(ok, throttled) },
    rates: { UserCreation: { limit: 50, share: 0.8 } },
  });

  it('are of each span of time, and nothing while the run did not work', () => {
    expect(timelines([entry(5, 100), entry(10, 200, 10), entry(1_000, 50)])).toEqual([
      {
        category: 'UserCreation',
        at: [0, 5, 10, 10, 995, 1_000],
        calls: [20, 20, 40, null, 10, 10],
        quota: [50, 50, 50, null, 50, 50],
        throttled: [0, 0, 2, null, 0, 0],
      },
    ]);
  });

  it('are joined where there are many', () => {
    const [timeline] = timelines(Array.from({ length: 5_000 }, (_, n) => entry(5 * n + 5, 100)));
    expect(timeline?.at.length).toBeLessThan(300);
    expect(new Set(timeline?.calls)).toEqual(new Set([20]));
    expect(timeline?.at.at(-1)).toBe(25_000);
  });

  it('leave out what was hardly called', () => {
    const calls = { AdminCreateUser: counts(1_000), DescribeUserPool: counts(1) };
    const found = timelines([{ ...entry(5, 0), calls }]);
    expect(found.map(({ category }) => category)).toEqual(['UserCreation']);
  });

  it('of a run that was too short for a rate are none', () => {
    expect(timelines([{ ...entry(5, 3), seconds: 0 }])[0]?.at).toEqual([]);
  });
});

describe('how long calls took', () => {
  it('is right to a tenth, over all that was counted', () => {
    const [first, second] = [new LatencyTally(), new LatencyTally()];
    for (let ms = 1; ms <= 900; ms++) first.add(ms);
    for (let ms = 901; ms <= 1_000; ms++) second.add(ms);
    const all = new LatencyTally();
    all.addCounts(first.counts);
    all.addCounts(second.counts);
    const { p50 = 0, p95 = 0, max } = all.latency ?? {};
    expect(max).toBe(1_000);
    expect(Math.abs(p50 / 500 - 1)).toBeLessThan(0.1);
    expect(Math.abs(p95 / 950 - 1)).toBeLessThan(0.1);
    expect(all.counts.buckets.length).toBeLessThan(50);
  });

  it('is nothing of nothing', () => {
    expect(new LatencyTally().latency).toBeUndefined();
  });

  it('stands beside each call, and old journals have none', async () => {
    const folder = temporaryFolder();
    const tally = new LatencyTally();
    tally.add(80);
    const figures: FiguresEntry = {
      t: 'figures',
      at: 5_000,
      seconds: 5,
      calls: {},
      rates: {},
      latencies: { AdminCreateUser: tally.counts },
    };
    const calls = { ok: 1, throttled: 2, retried: 3, failed: 4 };
    const summary = summaryWith({ calls: { AdminCreateUser: calls, ListUsers: calls } });
    await writePageOf(folder, [], { summary, figures: [figures] });
    const text = textOf(pageOf(folder));
    expect(text).toContain('AdminCreateUser create or invite 1 2 3 4 80 80 80');
    expect(text).toContain('ListUsers read the pool 1 2 3 4 – – –');
  });
});

describe('advice', () => {
  /** Rules of the header line stand before it; an error there refuses the file. */
  const firstOfRows = rules.findIndex(({ code }) => code === 'wrong-column-count');

  it('is a sentence, and left to the row where there is none', () => {
    expect(adviceFor('UsernameExistsException')).toMatch(/^The pool has .*\.$/);
    expect(adviceFor('weak-password')).toBeUndefined();
    expect(adviceFor('constructor')).toBeUndefined();
  });

  it('is there for every rule that a row can break, or that warns', () => {
    const lacking = rules
      .filter(({ severity }, index) => severity === 'warning' || index >= firstOfRows)
      .filter(({ code }) => ruleAdviceFor(code)?.endsWith('.') !== true);
    expect(lacking).toEqual([]);
    expect(ruleAdviceFor('constructor')).toBeUndefined();
  });
});
