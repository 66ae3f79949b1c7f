import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { finishRun, reportRun } from '../../src/api/run/finish-run.js';
import { fileRows } from '../../src/api/run/reported-rows.js';
import type { Status } from '../../src/apply/result.js';
import type { StopReason } from '../../src/apply/stop.js';
import { Journal } from '../../src/journal/journal.js';
import { readHeader } from '../../src/record/header.js';
import type { Summary } from '../../src/report/summary.js';
import { openSource } from '../../src/source/index.js';
import { poolOf, settingsWith } from '../record/reading.js';
import { interruption } from '../support/apply-bench.js';
import { temporaryFolder } from '../support/folder.js';
import { VirtualClock } from '../support/virtual-clock.js';

const startedAt = Date.UTC(2026, 0, 1);

type Ending = Parameters<typeof finishRun>[0];

/** A run over as many rows as there are statuses; `tried` has no result, '' nothing at all. */
async function runWith(...statuses: readonly (Status | 'tried' | '')[]): Promise<Ending> {
  const folder = temporaryFolder();
  const path = join(folder, 'users.csv');
  writeFileSync(path, `username\n${statuses.map((_, row) => `user-${row}\n`).join('')}`);
  const source = await openSource(path, {});
  onTestFinished(() => source.close());
  const { header } = readHeader(source.header, poolOf(), settingsWith());
  if (!header) throw new Error('the header is wrong');
  const journal = await Journal.create(
    join(folder, 'journal.jsonl'),
    {
      t: 'run',
      version: 1,
      run: 'test',
      command: 'import',
      at: startedAt,
      file: { name: 'users.csv', path },
      pool: { id: 'eu-west-1_Test', region: 'eu-west-1' },
      options: {},
    },
    () => startedAt + 5_000,
  );
  onTestFinished(() => journal.close());
  journal.checked({ t: 'checked', rows: statuses.length, sha256: 'abc', missingGroups: [] });
  for (const [row, status] of statuses.entries()) {
    if (status === 'tried') await journal.willTry(row, startedAt);
    else if (status !== '') {
      const final = status !== 'not-attempted';
      const line = row + 2;
      journal.done({ row, line, username: `user-${row}`, status, steps: [], attempts: 1, final });
    }
  }
  return { folder: { path: folder }, journal, resumable: true, ...fileRows(source, header, {}) };
}

const finish = async (run: Ending, reason?: StopReason): Promise<Summary> => {
  const clock = new VirtualClock(startedAt + 60_000);
  return (await finishRun(run, reason, { clock, listener: {}, options: {}, notices: [] })).summary;
};

const stopped: StopReason = { outcome: 'stopped', code: 'max-errors', message: 'too many' };

describe('the exit code of a run', () => {
  it.each<[number, StopReason | undefined, (Status | 'tried' | '')[]]>([
    [0, undefined, ['created', 'updated', 'unchanged', 'exists']],
    [0, undefined, []],
    [1, undefined, ['created', 'invalid']],
    [1, undefined, ['created', 'failed']],
    [1, undefined, ['created', 'partial']],
    [1, undefined, ['created', '']],
    [1, undefined, ['tried']],
    [3, stopped, ['created', '']],
    [3, stopped, ['partial', '']],
    [3, stopped, ['updated', '']],
    // A create was sent: who says that nothing was written?
    [3, stopped, ['tried', '']],
    [2, stopped, ['failed', '']],
    [2, stopped, ['not-attempted', '']],
    [2, stopped, ['invalid', 'exists', 'unchanged', '']],
    [130, interruption, ['created', '']],
    [143, { ...interruption, exitCode: 143 }, ['']],
  ])('is %i with %o and %j', async (exitCode, reason, statuses) => {
    const run = await runWith(...statuses);
    const summary = await finish(run, reason);
    expect(summary.exitCode).toBe(exitCode);
    expect(summary.outcome).toBe(reason?.outcome ?? 'complete');
  });
});

describe('a run that ends', () => {
  it('has a summary, in its folder and as the result', async () => {
    const run = await runWith('created', 'tried', '');
    const summary = await finish(run, stopped);
    expect(summary).toEqual({
      run: 'test',
      command: 'import',
      file: { name: 'users.csv', sha256: 'abc', rows: 3 },
      pool: { id: 'eu-west-1_Test', region: 'eu-west-1' },
      startedAt: '2026-01-01T00:00:00.000Z',
      finishedAt: '2026-01-01T00:01:00.000Z',
      durationSeconds: 0,
      outcome: 'stopped',
      reason: 'max-errors: too many',
      rows: { total: 3, byStatus: { created: 1, failed: 1, 'not-attempted': 1 } },
      byCode: { 'outcome-unknown': 1 },
      calls: {},
      rates: {},
      exitCode: 3,
    });
    expect(JSON.parse(readFileSync(join(run.folder.path, 'summary.json'), 'utf8'))).toEqual(
      summary,
    );
    expect(run.journal.stateOf(1)).toBe('tried');
  });

  it('is told the same again from its journal', async () => {
    const run = await runWith('created', 'failed');
    const summary = await finish(run);
    await run.journal.close();
    const files = ['results.csv', 'rejects.csv', 'summary.json'];
    const before = files.map((name) => readFileSync(join(run.folder.path, name), 'utf8'));
    const journal = await Journal.resume(join(run.folder.path, 'journal.jsonl'), () => 0);
    expect((await reportRun({ ...run, journal }, {})).summary).toEqual(summary);
    expect(files.map((name) => readFileSync(join(run.folder.path, name), 'utf8'))).toEqual(before);
    await journal.close();
  });

  it('without a word is one that died, at the last time that its journal knows', async () => {
    const run = await runWith('created', 'tried');
    await run.journal.close();
    const journal = await Journal.resume(join(run.folder.path, 'journal.jsonl'), () => 0);
    expect((await reportRun({ ...run, journal }, {})).summary).toMatchObject({
      outcome: 'interrupted',
      exitCode: 3,
      finishedAt: '2026-01-01T00:00:05.000Z',
      rows: { byStatus: { created: 1, failed: 1 } },
    });
    await journal.close();
  });

  it('takes no notice of a call that comes back while its reports are written', async () => {
    const run = await runWith('tried', 'created');
    const late = { row: 0, line: 2, username: 'user-0', steps: [], attempts: 1, final: true };
    const listener = {
      onPhase: () => {
        run.journal.done({ ...late, status: 'created' });
      },
    };
    const session = { clock: new VirtualClock(startedAt), listener, options: {}, notices: [] };
    const { summary } = await finishRun(run, interruption, session);
    expect(summary.rows.byStatus).toEqual({ failed: 1, created: 1 });
    expect(run.journal.stateOf(0)).toBe('tried');
  });
});

describe('what a session said', () => {
  it('stands in the summary and on the page, also where they are written again', async () => {
    const run = await runWith('created');
    const clock = new VirtualClock(startedAt + 60_000);
    const notices = ['The sync itself would be refused.'];
    const page = (): string => readFileSync(join(run.folder.path, 'report.html'), 'utf8');
    const session = { clock, listener: {}, options: {}, notices };
    expect((await finishRun(run, undefined, session)).summary.notices).toEqual(notices);
    expect(page()).toContain(notices[0]);
    writeFileSync(join(run.folder.path, 'report.html'), '');
    await run.journal.close();
    const journal = await Journal.resume(join(run.folder.path, 'journal.jsonl'), () => startedAt);
    onTestFinished(() => journal.close());
    expect((await reportRun({ ...run, journal }, {})).summary.notices).toEqual(notices);
    expect(page()).toContain(notices[0]);
  });

  it('is absent where it said nothing', async () => {
    expect(await finish(await runWith('created'))).not.toHaveProperty('notices');
  });
});
