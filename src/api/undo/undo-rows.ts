import type { Planned } from '../../plan/planned.js';
import type { ReportedRow } from '../../report/write-reports.js';
import type { RunListener } from '../listener.js';
import { plannedOthers } from '../plans/plan-lines.js';
import type { Remembered } from '../run/remembered.js';
import type { ReportedRows } from '../run/reported-rows.js';
import { resultOfPlan } from '../plans/result-of-plan.js';

/** The people of an undo for its reports. */
export function undoRows(
  path: string,
  { dryRun }: Pick<Remembered, 'dryRun'>,
  listener: RunListener,
): ReportedRows {
  return plannedPeople(path, listener, dryRun === true ? () => undefined : undefined);
}

/** What a look found that keeps a user from being changed. */
export type Obstacle = Pick<Extract<Planned, { do: 'nothing' }>, 'status' | 'code' | 'message'>;

/** @param obstacleOf present in a dry run. */
export function plannedPeople(
  path: string,
  listener: RunListener,
  obstacleOf?: (planned: Planned) => Obstacle | undefined,
): ReportedRows {
  async function* read(): AsyncGenerator<readonly ReportedRow[]> {
    let done = 0;
    for await (const lines of plannedOthers(path, 0)) {
      yield lines.map((planned) => {
        const line = ('line' in planned ? planned.line : undefined) ?? 0;
        const username = ('username' in planned ? planned.username : undefined) ?? '';
        const result = resultOfPlan(planned, line, username, obstacleOf !== undefined);
        const obstacle = obstacleOf?.(planned);
        const otherwise = result && obstacle ? { ...result, ...obstacle } : result;
        return { line, username, cells: [username], ...(otherwise && { otherwise }) };
      });
      listener.onProgress?.((done += lines.length));
    }
  }
  return { header: ['username'], rows: { [Symbol.asyncIterator]: read } };
}
