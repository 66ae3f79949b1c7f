import pLimit from 'p-limit';

import type { Calls } from '../../apply/calls.js';
import { findBySub } from '../../apply/lookup.js';
import type { RowResult } from '../../apply/result.js';
import type { PoolUser } from '../../cognito/user-pool.js';
import { userFingerprint } from '../../plan/fingerprint.js';
import { forecast, publishedPrices } from '../../plan/forecast.js';
import type { Forecast } from '../../plan/forecast.js';
import type { PlanCounts, PlannedOn } from '../../plan/planned.js';
import type { RunListener } from '../listener.js';
import type { UndoDryRunOptions } from '../options.js';
import { tellCap } from '../plans/before-writing.js';
import { allPlanned } from '../plans/plan-lines.js';
import { finishRun } from '../run/finish-run.js';
import type { FinishedRun } from '../run/finish-run.js';
import { defaultRates, perSecond } from '../run/rates.js';
import { sessionCalls, withSession } from '../run/session.js';
import type { Session } from '../run/session.js';
import { undoRows } from './undo-rows.js';
import { beginJournal, beginUndo, noCap, tellLasting } from './undo-run.js';
import type { Undo } from './undo-run.js';

/** Says what an undo would do, after a look at every user. Calls nothing that writes or bills. */
export function dryRunUndo(
  options: UndoDryRunOptions,
  listener: RunListener = {},
): Promise<FinishedRun> {
  return withSession(options, listener, (session) =>
    beginUndo(options, true, session, async (undo) => {
      const { lasting, folder, journal, pool, counts } = undo;
      const overCap = tellCap('undo', counts, options.maxRemovals ?? noCap, session);
      tellLasting(lasting, session);
      await beginJournal(journal);
      const { calls, figures } = await sessionCalls(session, pool, []);
      await lookAtUsers(undo, calls, session);
      journal.note(figures.take());
      const rows = undoRows(folder.plan, true, listener);
      const dry = { ...options, overCap, forecast: () => forecastOf(counts, session) };
      return finishRun({ folder, journal, resumable: false, ...rows, dry }, undefined, session);
    }),
  );
}

/** What the undo would take; it messages nobody and makes nobody active. */
function forecastOf(counts: PlanCounts, { options }: Session): Forecast {
  const calls = {
    ListUsers: counts.delete + counts.enable,
    AdminDeleteUser: counts.delete,
    AdminEnableUser: counts.enable,
  };
  return forecast(
    { calls, messages: 0, builtInSender: false, monthlyActiveUsers: 0 },
    perSecond(defaultRates(options)),
    publishedPrices,
  );
}

const looksAtOnce = 16;

/** Looks at every user whom a plan would change, and says in the journal who would be left alone. */
async function lookAtUsers(
  { folder, journal, pool, counts }: Undo,
  calls: Calls,
  { stop, listener }: Session,
): Promise<void> {
  const limit = pLimit(looksAtOnce);
  listener.onPhase?.('reading the pool', counts.delete + counts.enable);
  let done = 0;
  for await (const people of allPlanned(folder.plan)) {
    stop.throwIfRequested();
    await limit.map(people, async (planned) => {
      if (planned.do !== 'delete' && planned.do !== 'enable') return;
      const { row, line = 0, username, sub } = planned;
      const obstacle = obstacleTo(planned, await findBySub(sub, pool, calls));
      const nothingDone = { steps: [], attempts: 0, final: true } as const;
      if (obstacle) journal.done({ row, line, username, sub, ...obstacle, ...nothingDone });
      listener.onProgress?.(++done);
    });
  }
}

/** Why the user would not be changed. */
function obstacleTo(
  { as }: PlannedOn,
  found: PoolUser | undefined,
): Pick<RowResult, 'status' | 'code' | 'message'> | undefined {
  if (!found) {
    return { status: 'unchanged', code: 'gone', message: 'this user is not there any more' };
  }
  if (userFingerprint(found).startsWith(as)) return undefined;
  return {
    status: 'failed',
    code: 'changed-since-plan',
    message:
      'somebody changed the attributes of this user since the run: take --even-if-changed to delete them all the same',
  };
}
