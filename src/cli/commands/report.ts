import { writeReport } from '../../api/resume/write-report.js';
import { runFrom } from '../arguments/run.js';
import type { Given } from '../options.js';
import { Screen } from '../screen/screen.js';
import { summaryText } from '../screen/summary-text.js';

type ReportArguments = Given<'reports' | 'screen'> & { readonly run: string };

export async function runReport(given: ReportArguments): Promise<number> {
  const screen = await Screen.open(given);
  try {
    const options = { ...runFrom(given), run: given.run };
    const run = await writeReport(options, screen.listener);
    await screen.end(run.summary, summaryText(run));
    return 0;
  } finally {
    screen.stop();
  }
}
