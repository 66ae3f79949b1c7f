import { writeReport } from '../../api/run/write-report.js';
import { maskFrom } from '../options.js';
import type { ReportsArguments, ScreenArguments } from '../options.js';
import { Screen } from '../screen/screen.js';

export type ReportArguments = { readonly run: string } & ReportsArguments & ScreenArguments;

export async function runReport(given: ReportArguments): Promise<number> {
  const screen = new Screen(given);
  try {
    const options = { run: given.run, reports: given.reports, ...maskFrom(given) };
    screen.summary(await writeReport(options, screen.listener));
    return 0;
  } finally {
    screen.stop();
  }
}
