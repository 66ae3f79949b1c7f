import type { Effort } from '../apply/calls.js';
import { applyAll } from '../apply/engine.js';
import type { Earlier } from '../apply/ledger.js';
import type { RowResult } from '../apply/result.js';
import type { StopReason } from '../apply/stop.js';
import type { Category } from '../cognito/quotas.js';
import type { Journal } from '../journal/journal.js';
import type { Row, Source } from '../source/index.js';
import type { Phase } from './listener.js';
import type { Session, SessionCalls } from './session.js';

/** How long calls in flight may take to end once a person or the system wants the process to. */
const graceMs = 10_000;
/** How often the journal is told what was called. */
const figuresEveryMs = 5_000;

/** What a run does with the rows of its file, once everything is open and checked. */
export interface Work<A extends { readonly row: number }> {
  readonly source: Source;
  readonly journal: Journal;
  readonly phase: Phase;
  /** Whether rows that failed are tried again. */
  readonly retryFailed: boolean;
  /** The category whose rate bounds the rows a second. */
  readonly pace: Category;
  /** Goes before the first row. */
  readonly prepare?: () => Promise<void>;
  /** What is to be done for a row; absent where it does not fit the pool any more. */
  readonly plan: (row: number, cells: Row) => A | undefined;
  readonly apply: (action: A, earlier: Earlier | undefined, effort: Effort) => Promise<RowResult>;
}

/**
 * Carries out every row that is pending. Returns why it ended before the end, if it did. Rejects when
 * the journal can't be written or the file can't be read.
 */
export async function carryOut<A extends { readonly row: number }>(
  work: Work<A>,
  { figures, rates }: SessionCalls,
  session: Session,
): Promise<StopReason | undefined> {
  const { journal, apply, pace } = work;
  const { stop, clock, options, listener } = session;
  const timer = setInterval(() => {
    journal.note(figures.take());
  }, figuresEveryMs);
  try {
    await work.prepare?.();
    const done = applyAll(
      pendingActions(work, session),
      apply,
      {
        ...(options.concurrency !== undefined && { concurrency: options.concurrency }),
        rowsPerSecond: rates[pace].limit * rates[pace].share,
        ...(options.maxErrors && { errorLimit: options.maxErrors }),
        earlier: (row) => journal.earlier(row),
        onResult: (result) => listener.onResult?.(result),
      },
      { stop, clock, ledger: journal },
    );
    await untilGraceIsOver(done, session);
  } finally {
    clearInterval(timer);
    journal.note(figures.take());
  }
  return stop.reason;
}

/** Rows that have no result that stands, as actions, in file order. */
async function* pendingActions<A extends { readonly row: number }>(
  work: Work<A>,
  { listener }: Session,
): AsyncGenerator<readonly A[]> {
  const { source, journal, phase } = work;
  listener.onPhase?.(phase, journal.whole?.rows ?? 0);
  for await (const { rows, start } of source.read()) {
    const actions: A[] = [];
    for (const [index, cells] of rows.entries()) {
      const row = start.row + index;
      if (!isPending(work, row)) continue;
      const action = work.plan(row, cells);
      // Checked before; only a pool that was changed since can make it invalid now.
      if (action) actions.push(action);
      else journal.done(invalidNow(row, cells.line, journal.earlier(row)));
    }
    yield actions;
  }
}

function isPending(
  { journal, retryFailed }: { readonly journal: Journal; readonly retryFailed: boolean },
  row: number,
): boolean {
  const state = journal.stateOf(row);
  return (
    state === 'untouched' ||
    state === 'tried' ||
    state === 'open' ||
    (retryFailed && state === 'failed')
  );
}

/** What was done for the row before, or may have been, stays known. */
function invalidNow(row: number, line: number, earlier: Earlier | undefined): RowResult {
  const { username = '', steps = [], sub, attempts = 0 } = earlier?.result ?? {};
  const unknownSince = earlier?.triedAt;
  const isUntouched = steps.length === 0 && unknownSince === undefined;
  return {
    row,
    line,
    username,
    status: isUntouched ? 'invalid' : steps.length > 0 ? 'partial' : 'failed',
    ...(sub !== undefined && { sub }),
    code: 'pool-changed',
    message: 'the row does not fit the pool as it is now: validate the file again',
    steps,
    attempts,
    final: isUntouched,
    ...(unknownSince !== undefined && { unknownSince }),
  };
}

/**
 * Waits for the work to end; once the run was interrupted, no longer than the calls in flight are
 * given. What they were about is known from the journal, and `resume` looks it up.
 */
async function untilGraceIsOver(done: Promise<void>, { stop, clock }: Session): Promise<void> {
  const over = new AbortController();
  const grace = async (): Promise<void> => {
    await new Promise<void>((resolve) => {
      const onStop = (): void => {
        if (stop.reason?.outcome === 'interrupted') resolve();
      };
      onStop();
      stop.signal.addEventListener('abort', onStop);
    });
    await clock.sleep(graceMs, over.signal);
  };
  try {
    await Promise.race([done, grace()]);
  } finally {
    over.abort();
  }
}
