import type { ReadableUserPool } from '../../cognito/user-pool.js';
import { forecast, publishedPrices } from '../../plan/forecast.js';
import type { Prices } from '../../plan/forecast.js';
import { PoolMatch } from '../../plan/pool-match.js';
import { reportable } from '../../record/reportable.js';
import type { Summary } from '../../report/summary.js';
import { sumFigures } from '../../report/summary.js';
import { ReportWriter } from '../../report/report-writer.js';
import type { Tally } from '../../report/tally.js';
import { writePage } from '../../report/page/write-page.js';
import { writeSummary } from '../../report/write-summary.js';
import type { Source } from '../../source/index.js';
import { seedFrom } from '../run/check-file.js';
import { checkedRows } from '../run/checked-rows.js';
import { ExpectedWork } from './expected-work.js';
import { forecastText } from './forecast-text.js';
import { foretell } from './foretell.js';
import { openView } from './import-run.js';
import type { FinishedRun } from '../run/finish-run.js';
import type { RunListener } from '../listener.js';
import { matchPool } from './match-pool.js';
import { lastingName, openNamed } from '../run/open-file.js';
import type { ImportOptions } from '../options.js';
import { descriptionHash, refuseExisting, writePlan } from '../plans/plan-file.js';
import type { PlanFile } from '../plans/plan-file.js';
import { perSecond } from '../run/rates.js';
import { rememberedFrom } from '../run/remembered.js';
import { Refusal } from '../refusal.js';
import { createRunFolder, defaultReports, removeRunFolder } from '../run/run-folder.js';
import type { RunFolder } from '../run/run-folder.js';
import { sessionCalls, withSession } from '../run/session.js';
import type { Session } from '../run/session.js';

export interface DryRunOptions extends ImportOptions {
  /** Writes the plan to a file that must not exist yet. */
  readonly savePlan?: string;
  /** Ends with exit code 4 where the run would change something. */
  readonly exitCode?: boolean;
  /** In place of the published ones. */
  readonly prices?: Prices;
}

/**
 * Says what an import would do, and what that would take, without a call that writes or bills. The
 * reports have the same form as those of the import. Rejects as `importUsers` does.
 */
export function dryRun(options: DryRunOptions, listener: RunListener = {}): Promise<FinishedRun> {
  return withSession(options, listener, async (session) => {
    const { releases, clock } = session;
    const source = await openNamed(options);
    releases.add(() => source.close());
    if (options.savePlan !== undefined && !source.resumable) {
      throw new Refusal(
        'A plan names a file that apply reads again: give a path instead of standard input.',
      );
    }
    if (options.savePlan !== undefined) await refuseExisting(options.savePlan);
    const startedAt = clock.wall();
    const view = await openView(options, options.pool, source, startedAt, session);
    const reports = options.reports ?? defaultReports;
    const folder = await createRunFolder(reports, options.run, options.file, new Date(startedAt));
    releases.add(() => folder.release());
    try {
      const looked = await look(source, view, session);
      const summary = await report(folder, startedAt, source, view, looked, options, session);
      if (options.savePlan !== undefined) {
        await writePlan(options.savePlan, planOf(options, summary, view, startedAt));
      }
      return { summary, folder: folder.path, resumable: false };
    } catch (error) {
      await folder.release();
      await removeRunFolder(folder);
      throw error;
    }
  });
}

type View = Awaited<ReturnType<typeof openView>>;

/** What a look at the file and the pool found. */
interface Looked {
  readonly match: PoolMatch;
  readonly calls: Awaited<ReturnType<typeof sessionCalls>>;
  readonly seed: number;
}

/** Reads the file once, then the pool once. */
async function look(source: Source, view: View, session: Session): Promise<Looked> {
  const { header, description } = view;
  // Nothing that writes can be called from here on.
  const pool: ReadableUserPool = view.pool;
  const { listener, stop } = session;
  const seed = seedFrom(session);
  const match = new PoolMatch(description.UserPool, seed);

  listener.onPhase?.('checking', source.size);
  for await (const { rows, bytesRead } of checkedRows(source, header, seed)) {
    stop.throwIfRequested();
    for (const { row, user } of rows) {
      if (user) match.addRow(row, user);
    }
    listener.onProgress?.(bytesRead);
  }
  if (view.settings.onExisting === 'update' && description.Groups !== undefined) {
    session.notice(
      'Whether users who are there lack a group is not looked at: that would take a call for each.',
    );
  }
  const calls = await sessionCalls(session, pool, ['UserCreation']);
  const rowCount = source.totals?.rows ?? 0;
  const again = (): ReturnType<typeof checkedRows> => checkedRows(source, header, seed);
  await matchPool(match, again, rowCount, pool, description.UserPool, calls.calls, session);
  return { match, calls, seed };
}

/** Writes the reports of what was found, and sums up. */
async function report(
  folder: RunFolder,
  startedAt: number,
  source: Source,
  view: View,
  looked: Looked,
  options: DryRunOptions,
  session: Session,
): Promise<Summary> {
  const work = new ExpectedWork(view.settings);
  session.listener.onPhase?.('reporting', source.totals?.rows ?? 0);
  const { tally, page } = await writeRows(folder, source, view, looked, options, work, session);
  const { calls } = looked;
  const prices = options.prices ?? publishedPrices;
  const would = forecast(work.expected(view.description.UserPool), perSecond(calls.rates), prices);
  for (const text of forecastText(would, prices, work.cannotSignIn)) session.notice(text);
  const actions = work.operations.map((name) => `cognito-idp:${name}`).join(', ');
  session.notice(`The run needs permissions that a dry run can't try out: ${actions}.`);
  const figures = [calls.figures.take()];
  const summary: Summary = {
    run: folder.run,
    command: 'import',
    file: { name: source.name, sha256: source.totals?.sha256 ?? '', rows: tally.total },
    pool: { id: view.pool.userPoolId, region: view.pool.region },
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: new Date(session.clock.wall()).toISOString(),
    ...sumFigures(figures),
    outcome: 'complete',
    reason: null,
    rows: { total: tally.total, byStatus: tally.byStatus },
    byCode: tally.byCode,
    dryRun: true,
    forecast: would,
    ...(session.notices.length > 0 && { notices: [...session.notices] }),
    exitCode: exitCodeOf(tally, options),
  };
  await writeSummary(folder.path, summary);
  await writePage(folder.path, summary, figures, page);
  return summary;
}

/** Writes a line for each row, and adds up what the run would do. */
async function writeRows(
  folder: RunFolder,
  source: Source,
  { header, settings }: View,
  { match, seed }: Looked,
  options: DryRunOptions,
  work: ExpectedWork,
  { listener }: Session,
): Promise<ReportWriter> {
  const shown = reportable(header);
  const reports = await ReportWriter.create(folder.path, shown.header, options.mask ?? false);
  try {
    for await (const { rows } of checkedRows(source, header, seed)) {
      for (const checked of rows) {
        const { row, raw } = checked;
        const result = foretell(checked, match.matchOf(row), settings, shown.usernameOf(raw));
        work.addForetold(checked, result);
        reports.add(result, () => shown.cellsOf(raw));
        listener.onResult?.(result);
      }
      await reports.drain();
    }
    await reports.finish();
  } catch (error) {
    await reports.abandon();
    throw error;
  }
  return reports;
}

function exitCodeOf({ byStatus }: Tally, { exitCode }: DryRunOptions): number {
  if ((byStatus.invalid ?? 0) + (byStatus.failed ?? 0) > 0) return 1;
  const differences = (byStatus['would-create'] ?? 0) + (byStatus['would-update'] ?? 0);
  return exitCode === true && differences > 0 ? 4 : 0;
}

function planOf(
  options: DryRunOptions,
  { file, rows }: Summary,
  { pool, description }: View,
  at: number,
): PlanFile {
  return {
    plan: 'cognito-bulk',
    version: 1,
    command: 'import',
    at,
    file: { path: lastingName(options.file), sha256: file.sha256, rows: file.rows },
    pool: {
      id: pool.userPoolId,
      region: pool.region,
      withGroups: description.Groups !== undefined,
      sha256: descriptionHash(description),
    },
    options: rememberedFrom(options),
    byStatus: rows.byStatus,
  };
}
