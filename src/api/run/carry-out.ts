import { once } from 'node:events';

import type { Calls, Effort } from '../../apply/calls.js';
import { applyAll } from '../../apply/engine.js';
import type { Earlier } from '../../apply/ledger.js';
import type { RowResult } from '../../apply/result.js';
import { Stopped } from '../../apply/stop.js';
import type { Stop, StopReason } from '../../apply/stop.js';
import type { Category } from '../../cognito/quotas.js';
import type { ReadableUserPool } from '../../cognito/user-pool.js';
import type { Journal } from '../../journal/journal.js';
import { sessionCalls } from './session.js';
import type { Session, SessionCalls } from './session.js';
import { unreadable } from './unreadable.js';

/** How long calls in flight may take to end once a person or the system wants the process to. */
const graceMs = 10_000;
/** How often the journal is told what was called. */
const figuresEveryMs = 5_000;

/** What a run does once everything is open and checked. */
export interface Work<A extends { readonly row: number }> {
  readonly journal: Journal;
  /** The category whose rate bounds the rows a second. */
  readonly pace: Category;
  /** Goes before the first row. */
  readonly prepare?: () => Promise<void>;
  /** What is pending, in file order. */
  readonly actions: AsyncIterable<readonly A[]>;
  readonly apply: (action: A, earlier: Earlier | undefined, effort: Effort) => Promise<RowResult>;
}

/**
 * Carries out all that is pending, at the rates of the account: those of `asked` are looked up.
 * Returns why it ended before the end, if it did. Rejects when the journal can't be written.
 */
export async function carryOut<A extends { readonly row: number }>(
  pool: ReadableUserPool,
  asked: readonly Category[],
  workOf: (calls: Calls) => Work<A>,
  session: Session,
): Promise<StopReason | undefined> {
  try {
    const made = await sessionCalls(session, pool, asked);
    await carryOutWork(workOf(made.calls), made, session);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  }
  return session.stop.reason;
}

async function carryOutWork<A extends { readonly row: number }>(
  work: Work<A>,
  { figures, rates }: SessionCalls,
  session: Session,
): Promise<void> {
  const { journal, apply, pace } = work;
  const { stop, clock, options, listener } = session;
  const over = new AbortController();
  const tellFigures = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(figuresEveryMs, over.signal);
      if (over.signal.aborted) return;
      journal.note(figures.take());
    }
  };
  void tellFigures();
  try {
    await work.prepare?.();
    const done = applyAll(
      whileReadable(work, stop),
      apply,
      {
        ...(options.concurrency !== undefined && { concurrency: options.concurrency }),
        rowsPerSecond: rates[pace].limit * rates[pace].share,
        ...(options.maxErrors && { errorLimit: options.maxErrors }),
        earlier: (row) => journal.earlier(row),
        onResult: (result) => {
          // What comes back after the grace is in no report.
          if (!over.signal.aborted) listener.onResult?.(result);
        },
      },
      { stop, clock, ledger: journal },
    );
    await untilGraceIsOver(done, session);
  } finally {
    over.abort();
    journal.note(figures.take());
  }
}

/** What is pending, up to where the file or the plan can't be read as it was: a reason to stop. */
async function* whileReadable<A extends { readonly row: number }>(
  { actions, journal }: Pick<Work<A>, 'actions' | 'journal'>,
  stop: Stop,
): AsyncGenerator<readonly A[]> {
  try {
    yield* actions;
  } catch (error) {
    const reason = unreadable(error, journal.begin);
    if (!reason) throw error;
    stop.request(reason);
  }
}

/**
 * Waits for the work to end; once the run was interrupted, no longer than the calls in flight are
 * given. What they were about is known from the journal, and `resume` looks it up.
 */
async function untilGraceIsOver(done: Promise<void>, { stop, clock }: Session): Promise<void> {
  const over = new AbortController();
  const grace = async (): Promise<void> => {
    if (!stop.interrupted.aborted) await once(stop.interrupted, 'abort');
    await clock.sleep(graceMs, over.signal);
  };
  try {
    await Promise.race([done, grace()]);
  } finally {
    over.abort();
  }
}
