import { writeReport } from '../../api/run/write-report.js';
import { runFrom } from '../arguments/run.js';
import type { Given } from '../options.js';
import { Screen } from '../screen/screen.js';

type ReportArguments = Given<'reports' | 'screen'> & { readonly run: string };

export async function runReport(given: ReportArguments): Promise<number> {
  const screen = await Screen.open(given);
  try {
    const options = { ...runFrom(given), run: given.run };
    screen.summary(await writeReport(options, screen.listener));
    return 0;
  } finally {
    screen.stop();
  }
}
