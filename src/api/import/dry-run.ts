import type { RowResult } from '../../apply/result.js';
import type { ReadableUserPool } from '../../cognito/user-pool.js';
import { forecast, publishedPrices } from '../../plan/forecast.js';
import type { Prices } from '../../plan/forecast.js';
import type { ImportSettings } from '../../plan/import-plan.js';
import { PoolMatch } from '../../plan/pool-match.js';
import type { Match } from '../../plan/pool-match.js';
import { reportable } from '../../record/reportable.js';
import type { Summary } from '../../report/summary.js';
import { sumFigures } from '../../report/summary.js';
import { ReportWriter } from '../../report/report-writer.js';
import type { Tally } from '../../report/tally.js';
import { writePage } from '../../report/page/write-page.js';
import { writeSummary } from '../../report/write-summary.js';
import type { Source } from '../../source/index.js';
import { seedFrom } from '../run/check-file.js';
import { checkedRows, firstError } from '../run/checked-rows.js';
import type { CheckedRow } from '../run/checked-rows.js';
import { ExpectedWork } from './expected-work.js';
import { forecastText } from './forecast-text.js';
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
  { header, description, settings, pool }: View,
  { match, calls, seed }: Looked,
  options: DryRunOptions,
  session: Session,
): Promise<Summary> {
  const { listener, clock } = session;
  const work = new ExpectedWork(settings);
  /** New users who could never sign in. */
  let cannotSignIn = 0;
  listener.onPhase?.('reporting', source.totals?.rows ?? 0);
  const shown = reportable(header);
  const reports = await ReportWriter.create(folder.path, shown.header, options.mask ?? false);
  try {
    for await (const { rows } of checkedRows(source, header, seed)) {
      for (const checked of rows) {
        const { row, user, raw, problems } = checked;
        const result = foretell(checked, match.matchOf(row), settings, shown.usernameOf(raw));
        if (user && result.status === 'would-create') {
          work.addCreate(row, user);
          if (problems.some(({ code }) => code === 'cannot-sign-in')) cannotSignIn++;
        } else if (user) work.addExisting(user, result.status === 'would-update');
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

  const { tally } = reports;
  const prices = options.prices ?? publishedPrices;
  const would = forecast(work.expected(description.UserPool), perSecond(calls.rates), prices);
  for (const text of forecastText(would, prices, cannotSignIn)) session.notice(text);
  const actions = work.operations.map((name) => `cognito-idp:${name}`).join(', ');
  session.notice(`The run needs permissions that a dry run can't try out: ${actions}.`);
  const figures = [calls.figures.take()];
  const summary: Summary = {
    run: folder.run,
    command: 'import',
    file: { name: source.name, sha256: source.totals?.sha256 ?? '', rows: tally.total },
    pool: { id: pool.userPoolId, region: pool.region },
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: new Date(clock.wall()).toISOString(),
    ...sumFigures(figures),
    outcome: 'complete',
    reason: null,
    rows: { total: tally.total, byStatus: tally.byStatus },
    byCode: Object.fromEntries([...tally.byCode].sort(([, a], [, b]) => b - a)),
    dryRun: true,
    forecast: would,
    exitCode: exitCodeOf(tally, options),
  };
  await writeSummary(folder.path, summary);
  await writePage(folder.path, summary, figures, reports.page);
  return summary;
}

/** As the import says it. */
const taken = {
  code: 'UsernameExistsException',
  message: 'a user with this username was there before',
} as const;

/** What the run would make of a row. */
function foretell(
  { row, raw, user, problems }: CheckedRow,
  match: Match,
  { onExisting }: ImportSettings,
  username: string,
): RowResult {
  const base = { row, line: raw.line, username, steps: [], attempts: 0, final: true } as const;
  if (!user) {
    const error = firstError(problems);
    return {
      ...base,
      status: 'invalid',
      ...(error && { code: error.code, message: error.message }),
    };
  }
  switch (match) {
    case 'absent':
      return { ...base, username: user.username, status: 'would-create' };
    case 'alias-taken':
      return {
        ...base,
        status: 'failed',
        code: 'AliasExistsException',
        message:
          'another user of the pool has the verified email or phone number of this row: correct it, or leave it unverified',
      };
    case 'external':
      return {
        ...base,
        status: 'exists',
        code: 'external-user',
        message: 'an identity provider owns this user',
      };
    case 'same':
    case 'different':
    case 'ambiguous':
    case 'name-taken':
      if (onExisting === 'update' && match === 'different')
        return { ...base, status: 'would-update' };
      if (onExisting !== 'fail') return { ...base, status: 'exists', ...taken };
      return {
        ...base,
        status: 'failed',
        ...taken,
      };
  }
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
