import pLimit from 'p-limit';

import type { Calls } from '../../apply/calls.js';
import { findBySub } from '../../apply/lookup.js';
import type { UserPool } from '../../cognito/user-pool.js';
import { userFingerprint } from '../../plan/fingerprint.js';
import { forecast, publishedPrices } from '../../plan/forecast.js';
import type { Forecast } from '../../plan/forecast.js';
import type { PlanCounts } from '../../plan/planned.js';
import { writesNothing } from '../../plan/planned.js';
import { finishRun } from '../run/finish-run.js';
import type { Reported } from '../run/finish-run.js';
import type { FinishedRun } from '../run/finish-run.js';
import type { RunListener } from '../listener.js';
import { planCounts, plannedOthers } from '../plans/plan-lines.js';
import { defaultRates, perSecond } from '../run/rates.js';
import { sessionCalls, withSession } from '../run/session.js';
import type { Session } from '../run/session.js';
import { planPath } from '../sync/sync-run.js';
import type { UndoDryRunOptions } from './undo-options.js';
import { plannedPeople } from './undo-rows.js';
import type { Obstacle } from './undo-rows.js';
import { beginJournal, beginUndo, changesOf, tellLasting } from './undo-run.js';

/** Says what an undo would do, after a look at every user. Calls nothing that writes or bills. */
export function dryRunUndo(
  options: UndoDryRunOptions,
  listener: RunListener = {},
): Promise<FinishedRun> {
  return withSession(options, listener, (session) =>
    beginUndo(options, true, session, async (undo) => {
      const { lasting, folder, journal, pool, counts } = undo;
      tellLasting(lasting, session);
      await beginJournal(journal);
      const { calls, figures } = await sessionCalls(session, pool, []);
      const looks = await lookAtUsers(planPath(folder), pool, calls, session);
      journal.note(figures.take());
      const rows = plannedPeople(planPath(folder), listener, ({ row }) => looks.get(row));
      const foretold = (): ReturnType<NonNullable<Reported['foretold']>> => ({
        forecast: forecastOf(counts, session),
        differs: options.exitCode === true && !writesNothing(counts),
      });
      return finishRun(
        { folder, journal, resumable: false, ...rows, foretold },
        undefined,
        session,
      );
    }),
  );
}

/** What the undo would take; it messages nobody and makes nobody active. */
function forecastOf(counts: PlanCounts, { options }: Session): Forecast {
  const calls = {
    ListUsers: changesOf(counts),
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

/** Looks at every user whom a plan would change, without billing anybody. */
async function lookAtUsers(
  path: string,
  pool: UserPool,
  calls: Calls,
  { stop, listener }: Session,
): Promise<Map<number, Obstacle>> {
  const obstacles = new Map<number, Obstacle>();
  const limit = pLimit(looksAtOnce);
  listener.onPhase?.('reading the pool', changesOf(await planCounts(path)));
  let done = 0;
  for await (const lines of plannedOthers(path, 0)) {
    stop.throwIfRequested();
    await limit.map(lines, async (planned) => {
      if (planned.do !== 'delete' && planned.do !== 'enable') return;
      const found = await findBySub(planned.sub, pool, calls, { attempts: 0, pacedMs: 0 });
      if (!found) {
        obstacles.set(planned.row, {
          status: 'unchanged',
          code: 'gone',
          message: 'this user is not there any more',
        });
      } else if (!userFingerprint(found).startsWith(planned.as)) {
        obstacles.set(planned.row, {
          status: 'failed',
          code: 'changed-since-plan',
          message:
            'somebody changed the attributes of this user since the run: take --even-if-changed to delete them all the same',
        });
      }
      listener.onProgress?.(++done);
    });
  }
  return obstacles;
}
