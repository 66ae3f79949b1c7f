import type { Status } from '../apply/result.js';
import { categories, categoryOf } from '../cognito/quotas.js';
import type { Category, Operation } from '../cognito/quotas.js';
import type { BeginEntry, CallCounts, EndEntry, FiguresEntry } from '../journal/entries.js';
import type { Foretold } from '../plan/forecast.js';
import type { ProblemCounts } from './problem-tally.js';
import type { Tally } from './tally.js';

export type Outcome = 'complete' | 'stopped' | 'interrupted';

/** `summary.json`: what a run did, in figures. */
export interface Summary extends Partial<Foretold> {
  readonly run: string;
  readonly command: string;
  readonly file: { readonly name: string; readonly sha256: string; readonly rows: number };
  /** Of `validate` without a pool: null. */
  readonly pool: { readonly id: string | null; readonly region: string | null };
  /** ISO 8601. */
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Seconds that the run worked, over all its sessions. */
  readonly durationSeconds: number;
  readonly outcome: Outcome;
  /** Why it ended, where it did not run to its end. */
  readonly reason: string | null;
  readonly rows: {
    readonly total: number;
    readonly byStatus: Readonly<Partial<Record<Status, number>>>;
  };
  readonly byCode: Readonly<Record<string, number>>;
  readonly calls: Readonly<Partial<Record<Operation, CallCounts>>>;
  /** `achieved`: accepted calls a second while the run was calling. */
  readonly rates: Readonly<
    Partial<Record<Category, { limit: number; share: number; achieved: number }>>
  >;
  /** Only of a dry run: true, since nothing was done. */
  readonly dryRun?: true;
  /** Only of a rehearsal: true, so that nobody takes it for the real thing. */
  readonly rehearsal?: true;
  /** What had to be said beside the figures, in sentences; absent where nothing had. */
  readonly notices?: readonly string[];
  /** Only of `validate`: every problem, where `byCode` has one for each invalid row. */
  readonly problems?: ProblemCounts;
  readonly exitCode: number;
}

/** What a summary is made from. */
interface Ended {
  readonly begin: Pick<BeginEntry, 'run' | 'command' | 'at'> & Pick<Summary, 'pool'>;
  readonly file: Summary['file'];
  readonly tally: Tally;
  readonly figures: readonly FiguresEntry[];
  readonly end: Omit<EndEntry, 't'>;
  /** What only some kinds of runs have. */
  readonly more: Partial<Pick<Summary, 'durationSeconds' | 'dryRun' | 'rehearsal' | 'problems'>>;
}

/** Sums up a run, a dry run or a validation. */
export function summaryOf({ begin, file, tally, figures, end, more }: Ended): Summary {
  const { calls, rates, durationSeconds } = sumFigures(figures);
  return {
    run: begin.run,
    command: begin.command,
    file,
    pool: begin.pool,
    startedAt: new Date(begin.at).toISOString(),
    finishedAt: new Date(end.at).toISOString(),
    durationSeconds,
    outcome: end.outcome,
    reason: end.reason ?? null,
    rows: { total: tally.total, byStatus: tally.byStatus },
    byCode: tally.byCode,
    calls,
    rates,
    ...more,
    ...end.foretold,
    ...(end.notices && end.notices.length > 0 && { notices: [...end.notices] }),
    exitCode: end.exitCode,
  };
}

/** Whether a dry run found anything that would be written. */
export function wouldWrite({ byStatus }: Pick<Summary['rows'], 'byStatus'>): boolean {
  return Object.keys(byStatus).some((status) => status.startsWith('would-'));
}

/** Adds up what the sessions called. */
export function sumFigures(
  figures: readonly FiguresEntry[],
): Pick<Summary, 'calls' | 'rates' | 'durationSeconds'> {
  const calls: Partial<Record<Operation, CallCounts>> = {};
  const accepted = new Map<Category, number>();
  const busySeconds = new Map<Category, number>();
  let seconds = 0;
  for (const entry of figures) {
    seconds += entry.seconds;
    const called = new Set<Category>();
    for (const [name, counts] of Object.entries(entry.calls)) {
      const operation = name as Operation;
      calls[operation] = add(calls[operation], counts);
      const category = categoryOf(operation);
      accepted.set(category, (accepted.get(category) ?? 0) + counts.ok);
      called.add(category);
    }
    for (const category of called) {
      busySeconds.set(category, (busySeconds.get(category) ?? 0) + entry.seconds);
    }
  }
  const rates: Partial<Record<Category, { limit: number; share: number; achieved: number }>> = {};
  for (const category of categories) {
    const rate = figures.findLast((entry) => entry.rates[category])?.rates[category];
    const busy = busySeconds.get(category);
    if (!rate || busy === undefined) continue;
    const achieved = busy > 0 ? (accepted.get(category) ?? 0) / busy : 0;
    rates[category] = { ...rate, achieved: round(achieved) };
  }
  return { calls, rates, durationSeconds: round(seconds) };
}

function add(sum: CallCounts | undefined, more: CallCounts): CallCounts {
  return {
    ok: (sum?.ok ?? 0) + more.ok,
    throttled: (sum?.throttled ?? 0) + more.throttled,
    retried: (sum?.retried ?? 0) + more.retried,
    failed: (sum?.failed ?? 0) + more.failed,
  };
}

const round = (value: number): number => Math.round(value * 100) / 100;
