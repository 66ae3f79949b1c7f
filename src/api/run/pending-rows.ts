import type { Earlier } from '../../apply/ledger.js';
import type { RowResult } from '../../apply/result.js';
import type { Journal } from '../../journal/journal.js';
import type { Position, Row, Source } from '../../source/index.js';
import type { Phase } from '../listener.js';
import type { Session } from './session.js';

/** The rows of a file, and what is to be done for each. */
export interface RowWork<A> {
  readonly source: Source;
  readonly journal: Journal;
  readonly phase: Phase;
  /** Whether rows that failed are tried again. */
  readonly retryFailed: boolean;
  /** What is to be done for a row; absent where it does not fit the pool any more. */
  readonly plan: (row: number, cells: Row) => A | undefined;
}

/** Rows that have no result that stands, as actions, in file order. */
export async function* pendingRows<A>(
  work: RowWork<A>,
  { listener }: Session,
): AsyncGenerator<readonly A[]> {
  const { source, journal, phase } = work;
  listener.onPhase?.(phase, countPending(work));
  const from = placeBeforeFirst(work);
  for await (const { rows, start } of source.read({ ...(from && { from }) })) {
    const actions: A[] = [];
    for (const [index, cells] of rows.entries()) {
      const row = start.row + index;
      if (!isPending(work, row)) continue;
      const action = work.plan(row, cells);
      // Checked before; only a pool that was changed since can make it invalid now.
      if (action) {
        actions.push(action);
        continue;
      }
      const result = invalidNow(row, cells.line, journal.earlier(row));
      journal.done(result);
      listener.onResult?.(result);
    }
    yield actions;
  }
}

/** Rows that neither are invalid nor have a result that stands. */
function countPending<A>(work: RowWork<A>): number {
  const rows = work.journal.whole?.rows ?? 0;
  let count = 0;
  for (let row = 0; row < rows; row++) if (isPending(work, row)) count++;
  return count;
}

/** The last place that nothing pending lies before: absent for the beginning of the file. */
function placeBeforeFirst<A>(work: RowWork<A>): Position | undefined {
  const { whole } = work.journal;
  let first = 0;
  while (first < (whole?.rows ?? 0) && !isPending(work, first)) first++;
  return whole?.places?.findLast(({ row }) => row <= first);
}

/** Whether something is still to be done for a row, or is to be tried again. */
export function isPending(
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
  const { username = '', status, steps = [], sub, attempts = 0 } = earlier?.result ?? {};
  const unknownSince = earlier?.triedAt;
  const isPartial = steps.length > 0 || status === 'partial';
  const isUntouched = !isPartial && unknownSince === undefined;
  return {
    row,
    line,
    username,
    status: isUntouched ? 'invalid' : isPartial ? 'partial' : 'failed',
    ...(sub !== undefined && { sub }),
    code: 'pool-changed',
    message: 'the row does not fit the pool as it is now: validate the file again',
    steps,
    attempts,
    final: isUntouched,
    ...(unknownSince !== undefined && { unknownSince }),
  };
}
