import type { Calls } from '../../apply/calls.js';
import { changeUser } from '../../apply/change-user.js';
import type { ChangeAction } from '../../apply/change-user.js';
import type { RowResult } from '../../apply/result.js';
import { applyRow } from '../../apply/row.js';
import { planCreate } from '../../plan/import-plan.js';
import type { Action } from '../../plan/import-plan.js';
import type { Planned } from '../../plan/planned.js';
import { reportable } from '../../record/reportable.js';
import { readRow } from '../../record/row.js';
import type { ReportedRow } from '../../report/write-reports.js';
import type { Work } from '../run/carry-out.js';
import { importTools, makeGroups } from '../import/import-work.js';
import type { Import } from '../import/import-work.js';
import type { RunListener } from '../listener.js';
import { blankRow } from '../run/count-rows.js';
import { isPending } from '../run/pending-rows.js';
import { allPlanned, plannedOthers, plannedRows } from '../plans/plan-lines.js';
import { rowsWithPlan } from '../plans/planned-rows.js';
import type { PlannedRow } from '../plans/planned-rows.js';
import { reportedRow } from '../run/reported-rows.js';
import type { ReportedRows } from '../run/reported-rows.js';
import { resultOfPlan } from '../plans/result-of-plan.js';
import type { Session } from '../run/session.js';

/** A sync once its plan is made: an import whose rows have a plan each. */
export interface Sync extends Import {
  /** The file that has the plan. */
  readonly plan: string;
}

type SyncAction = (Action & { readonly planned?: undefined }) | ChangeAction;

/** What a sync does: the missing groups, then the rows in file order, then whoever is in no row. */
export function syncWork(sync: Sync, calls: Calls, session: Session): Work<SyncAction> {
  const tools = { ...importTools(sync, calls, session), ifChanged: 'make a new plan' };
  return {
    journal: sync.journal,
    pace: 'UserCreation',
    prepare: () => makeGroups(sync, calls, session),
    actions: pendingActions(sync, session),
    apply: async (action, earlier, effort) => {
      if (action.planned) return changeUser(action, earlier, effort, tools);
      const result = await applyRow(action, earlier, effort, tools);
      return result.code === 'UsernameExistsException' ? madeMeanwhile(result) : result;
    },
  };
}

async function* pendingActions(
  sync: Sync,
  { listener }: Session,
): AsyncGenerator<readonly SyncAction[]> {
  const { journal, source, plan } = sync;
  const rows = journal.whole?.rows ?? 0;
  listener.onPhase?.('syncing', await countPending(sync));
  for await (const batch of rowsWithPlan(source, plan, rows)) {
    for (const row of batch.rows) tellObstacle(row.planned, row.raw.line, listener);
    yield batch.rows.flatMap((planned) => actionOf(planned, sync) ?? []);
  }
  for await (const batch of plannedOthers(plan, rows)) {
    for (const planned of batch) tellObstacle(planned, 0, listener);
    yield batch.flatMap((planned) => removalOf(planned, sync) ?? []);
  }
}

/** Results that this session brings: of what is to be done, and of what the plan found to fail. */
async function countPending(sync: Sync): Promise<number> {
  let count = 0;
  for await (const batch of allPlanned(sync.plan)) {
    for (const planned of batch) {
      const isToCome =
        planned.do === 'nothing'
          ? planned.status === 'failed' || planned.status === 'exists'
          : isPending(sync, planned.row);
      if (isToCome) count++;
    }
  }
  return count;
}

/** What the plan itself found to be in the way. */
function tellObstacle(planned: Planned | undefined, line: number, { onResult }: RunListener): void {
  if (planned?.do !== 'nothing' || planned.status === 'unchanged') return;
  const result = resultOfPlan(planned, line, planned.username ?? '', false);
  if (result) onResult?.(result);
}

function actionOf({ row, raw, planned }: PlannedRow, sync: Sync): SyncAction | undefined {
  if (planned?.do !== 'create' && planned?.do !== 'update') return undefined;
  if (!isPending(sync, row)) return undefined;
  const { user } = readRow(raw, sync.header);
  if (!user) throw new Error('a row that was planned can be read');
  if (planned.do === 'create') return planCreate(row, user, sync.settings);
  return { row, line: raw.line, username: user.username, planned, user };
}

function removalOf(planned: Planned, sync: Sync): ChangeAction | undefined {
  if (planned.do !== 'disable' && planned.do !== 'delete') return undefined;
  if (!isPending(sync, planned.row)) return undefined;
  return { row: planned.row, line: 0, username: planned.username, planned };
}

/** A user whom the plan did not find, made by somebody else since. */
function madeMeanwhile(result: RowResult): RowResult {
  return {
    ...result,
    status: 'failed',
    code: 'changed-since-plan',
    message: 'somebody made a user of this name since the plan was made: make a new plan',
  };
}

/**
 * The rows of a sync for its reports, and behind them whoever is in none.
 *
 * @param dry whether the plan was only made, and the reports say what would be done.
 * @param onRow sees every row that has a plan.
 * @param onOther sees everybody who is in no row.
 */
export function syncRows(
  { source, header, journal, plan }: Pick<Sync, 'source' | 'header' | 'journal' | 'plan'>,
  dry: boolean,
  listener: RunListener,
  onRow: (row: PlannedRow) => void = () => undefined,
  onOther: (planned: Planned) => void = () => undefined,
): ReportedRows {
  const shown = reportable(header);
  const count = journal.whole?.rows ?? 0;

  async function* read(): AsyncGenerator<readonly ReportedRow[]> {
    for await (const { rows, done } of rowsWithPlan(source, plan, count)) {
      yield rows.map((row) => {
        const { raw, planned } = row;
        if (planned) onRow(row);
        const username = shown.usernameOf(raw);
        const otherwise = planned && resultOfPlan(planned, raw.line, username, dry);
        return reportedRow(raw, username, shown, otherwise);
      });
      listener.onProgress?.(done);
    }
    yield* readOthers();
  }
  async function* readOthers(): AsyncGenerator<readonly ReportedRow[]> {
    for await (const others of plannedOthers(plan, count)) {
      yield others.map((planned) => {
        onOther(planned);
        const username = 'username' in planned ? (planned.username ?? '') : '';
        const otherwise = resultOfPlan(planned, 0, username, dry);
        return { line: 0, username, cells: [], ...(otherwise && { otherwise }) };
      });
    }
  }
  async function* readPlan(): AsyncGenerator<readonly ReportedRow[]> {
    let next = 0;
    for await (const lines of plannedRows(plan, count)) {
      for (const planned of lines) {
        yield Array.from({ length: planned.row - next }, () => blankRow);
        const otherwise = resultOfPlan(planned, 0, '', dry);
        yield [{ ...blankRow, ...(otherwise && { otherwise }) }];
        next = planned.row + 1;
      }
    }
    yield Array.from({ length: count - next }, () => blankRow);
    yield* readOthers();
  }
  return {
    header: shown.header,
    rows: { [Symbol.asyncIterator]: read },
    withoutFile: { [Symbol.asyncIterator]: readPlan },
  };
}
