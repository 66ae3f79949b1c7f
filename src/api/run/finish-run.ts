import type { RowResult } from '../../apply/result.js';
import type { StopReason } from '../../apply/stop.js';
import { AppendError, DeletedError } from '../../files/append-file.js';
import { isSystemError } from '../../files/system-error.js';
import type { EndEntry } from '../../journal/entries.js';
import type { Journal, TimedResult } from '../../journal/journal.js';
import type { Forecast, Foretold } from '../../plan/forecast.js';
import type { OverCap } from '../../plan/removal-cap.js';
import { summaryOf } from '../../report/summary.js';
import type { Summary } from '../../report/summary.js';
import type { Tally } from '../../report/tally.js';
import { writePage } from '../../report/page/write-page.js';
import { writeReports } from '../../report/write-reports.js';
import type { ReportedRow, WrittenReports } from '../../report/write-reports.js';
import { writeSummary } from '../../report/write-summary.js';
import type { RunListener } from '../listener.js';
import type { ForetellingOptions } from '../options.js';
import { countRows } from './count-rows.js';
import { calledToWrite, exitCodeOf } from './exit-code.js';
import type { ReportedRows } from './reported-rows.js';
import type { RunFolder } from './run-folder.js';
import type { Session } from './session.js';
import { unknownOutcome } from './unknown-outcome.js';
import type { UnknownOutcome } from './unknown-outcome.js';
import { unreadable } from './unreadable.js';

/** What a run's reports are made from. */
export interface Reported extends ReportedRows {
  readonly folder: Pick<RunFolder, 'path'>;
  readonly journal: Journal;
  /** Whether the page masks usernames; default what the run was begun with. */
  readonly mask?: boolean | undefined;
  /** Only of a dry run. */
  readonly dry?: Foretelling;
}

/** What a dry run says beside what it found. */
interface Foretelling extends Pick<ForetellingOptions, 'savePlan' | 'exitCode'> {
  readonly overCap?: OverCap | undefined;
  /** Called once every row was seen; what it notices stands in the reports. */
  readonly forecast: () => Forecast;
}

/** A run that has its reports. */
export interface FinishedRun {
  readonly summary: Summary;
  /** The folder that holds them. */
  readonly folder: string;
  /** Whether `resume` can go on with it: not where the file or the pool is gone with the process. */
  readonly resumable: boolean;
  /**
   * Set where the file could not be read again, so that there is a summary and no other report: what
   * of those is in the folder is of an earlier session. `resume` writes them.
   */
  readonly withoutRows?: true;
}

function foretoldBy(dry: Foretelling | undefined): Foretold | undefined {
  if (!dry) return undefined;
  const { savePlan, overCap } = dry;
  return {
    forecast: dry.forecast(),
    ...(savePlan !== undefined && { savedPlan: savePlan }),
    ...(overCap && { overCap }),
  };
}

/** Reports but for the summary; of a file that can't be read again, the counts and why. */
type Made =
  | (WrittenReports & { readonly missing?: undefined })
  | { readonly tally: Tally; readonly page?: undefined; readonly missing: StopReason };

/** Writes the reports of a run that ends now, and says in its journal how it ended. */
export async function finishRun(
  ending: Omit<Reported, 'mask'> & Pick<FinishedRun, 'resumable'>,
  stopped: StopReason | undefined,
  {
    clock,
    listener,
    options,
    notices,
  }: Pick<Session, 'clock' | 'listener' | 'options' | 'notices'>,
  onResult: (result: RowResult) => void = () => undefined,
): Promise<FinishedRun> {
  const { resumable, ...reported } = ending;
  const run: Reported = { ...reported, mask: options.mask };
  const inDoubt: RowResult[] = [];
  const watched = (result: RowResult): void => {
    if (result.status === 'failed' && !result.final && inDoubt.length === 0) inDoubt.push(result);
    onResult(result);
  };
  const reports = await toDisk(run, () => makeReports(run, listener, watched));
  const { tally, missing } = reports;
  const reason = stopped ?? missing;
  const foretold = foretoldBy(run.dry);
  const end: EndEntry = {
    t: 'end',
    at: clock.wall(),
    outcome: reason?.outcome ?? 'complete',
    ...(reason && { reason: `${reason.code}: ${reason.message}` }),
    ...(notices.length > 0 && { notices: [...notices] }),
    ...(foretold && { foretold }),
    exitCode: exitCodeOf(tally, {
      reason,
      mayHaveWritten: inDoubt.length > 0 || calledToWrite(run.journal.figures),
      tellsDifferences: run.dry?.exitCode,
    }),
  };
  run.journal.note(end);
  await run.journal.flush();
  const summary = await toDisk(run, () => summarize({ run, reports, end, resumable }));
  if (missing) tellMissing(missing, listener);
  return { summary, folder: run.folder.path, resumable, ...(missing && { withoutRows: true }) };
}

/** Writes the reports of the rows; only counts them where the file can't be read any more. */
async function makeReports(
  run: Reported,
  listener: RunListener,
  onResult: (result: RowResult) => void,
): Promise<Made> {
  try {
    return await reportRows(run, listener, onResult);
  } catch (error) {
    const missing = unreadable(error, run.journal.begin);
    // A dry run has nothing to tell but what its reports say.
    if (!missing || run.journal.begin.options['dryRun'] === true) throw error;
    return { tally: await countRows(run, resultsOf(run, {}, onResult)), missing };
  }
}

function tellMissing({ message }: StopReason, { onNotice }: RunListener): void {
  const sentence = message.charAt(0).toUpperCase() + message.slice(1);
  onNotice?.(`${sentence}. Until then results.csv, rejects.csv and report.html are not written.`);
}

/** Writes the reports again, of a run that ended before. */
export async function reportRun(run: Reported, listener: RunListener): Promise<FinishedRun> {
  const reports = await toDisk(run, () => reportRows(run, listener, () => undefined));
  // Without an end in the journal the process died; its last sign of life stands for the time.
  const end: EndEntry = run.journal.end ?? {
    t: 'end',
    at: run.journal.lastAt,
    outcome: 'interrupted',
    reason: 'process-died: the run ended without a word; resume goes on with it',
    exitCode: 3,
  };
  const summary = await toDisk(run, () => summarize({ run, reports, end, resumable: true }));
  return { summary, folder: run.folder.path, resumable: true };
}

/** Says in the run's own terms that the disk gave up. */
async function toDisk<T>({ folder }: Reported, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new AppendError(`The reports in ${folder.path} can't be written (${String(error.code)})`);
  }
}

async function reportRows(
  { folder, header, rows, journal, mask }: Reported,
  listener: RunListener,
  onResult: (result: RowResult) => void,
): Promise<WrittenReports> {
  await journal.seal();
  listener.onPhase?.('reporting', journal.whole?.rows ?? 0);
  const resultOf = resultsOf({ folder, journal }, listener, onResult);
  const begunMasked = journal.begin.options['mask'] === true;
  return writeReports({ folder: folder.path, header, rows, resultOf, mask: mask ?? begunMasked });
}

/** What the journal says of a row; undefined where nothing was done for it. */
function resultsOf(
  { folder, journal }: Pick<Reported, 'folder' | 'journal'>,
  listener: RunListener,
  onResult: (result: RowResult) => void,
): (row: number, reported: ReportedRow) => TimedResult | RowResult | undefined {
  const unknown = unknownOutcome(journal.begin);
  return (row, reported) => {
    const isUnknown = journal.stateOf(row) === 'tried';
    const known = resultIn(journal, row, folder);
    const result = isUnknown ? unknownResult(row, reported, unknown, known) : known;
    if (!result) return undefined;
    if (isUnknown) listener.onResult?.(result);
    onResult(result);
    return result.username === '' ? { ...result, username: reported.username } : result;
  };
}

function resultIn(
  journal: Journal,
  row: number,
  folder: Reported['folder'],
): TimedResult | undefined {
  try {
    return journal.resultOf(row);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new DeletedError(`The journal in ${folder.path} was overwritten during the run`);
  }
}

/** A call was sent, and nobody has heard what became of it. */
function unknownResult(
  row: number,
  { line, username }: ReportedRow,
  unknown: UnknownOutcome,
  before: RowResult | undefined,
): RowResult {
  const { steps = [], sub, attempts = 1 } = before ?? {};
  return {
    row,
    line,
    username,
    // What an earlier session did for the row stands.
    status: steps.length > 0 || before?.status === 'partial' ? 'partial' : 'failed',
    ...(sub !== undefined && { sub }),
    ...unknown,
    steps,
    attempts,
    final: false,
  };
}

/** All that a summary and a page are made from. */
interface Summed {
  readonly run: Reported;
  readonly reports: Pick<Made, 'tally' | 'page'>;
  readonly end: EndEntry;
  readonly resumable: boolean;
}

async function summarize({ run, reports, end, resumable }: Summed): Promise<Summary> {
  const { folder, journal } = run;
  const { begin, whole, figures } = journal;
  const { tally, page } = reports;
  const summary = summaryOf({
    begin,
    file: { name: begin.file.name, sha256: whole?.sha256 ?? '', rows: whole?.rows ?? tally.total },
    tally,
    figures,
    end,
    more: {
      ...(begin.options['dryRun'] === true && { dryRun: true }),
      ...(begin.rehearsal && { rehearsal: true }),
    },
  });
  await writeSummary(folder.path, summary);
  if (page) await writePage(folder.path, summary, figures, page, resumable);
  return summary;
}
