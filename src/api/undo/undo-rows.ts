import type { ReportedRow } from '../../report/write-reports.js';
import type { RunListener } from '../listener.js';
import { allPlanned } from '../plans/plan-lines.js';
import type { ReportedRows } from '../run/reported-rows.js';
import { resultOfPlan } from '../plans/result-of-plan.js';

/**
 * The people of an undo for its reports.
 *
 * @param dry whether the plan was only made, and the reports say what would be done.
 */
export function undoRows(path: string, dry: boolean, listener: RunListener): ReportedRows {
  async function* read(): AsyncGenerator<readonly ReportedRow[]> {
    let done = 0;
    for await (const people of allPlanned(path)) {
      yield people.map((planned) => {
        const line = ('line' in planned ? planned.line : undefined) ?? 0;
        const username = ('username' in planned ? planned.username : undefined) ?? '';
        const otherwise = resultOfPlan(planned, line, username, dry);
        return { line, username, cells: [username], ...(otherwise && { otherwise }) };
      });
      listener.onProgress?.((done += people.length));
    }
  }
  return { header: ['username'], rows: { [Symbol.asyncIterator]: read } };
}
