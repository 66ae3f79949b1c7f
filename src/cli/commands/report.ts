import { writeReport } from '../../api/resume-run.js';
import type { RunArguments, ScreenArguments } from '../options.js';
import { Screen } from '../screen/screen.js';

export type ReportArguments = { readonly run: string } & RunArguments & ScreenArguments;

export async function runReport(given: ReportArguments): Promise<number> {
  const screen = new Screen(given);
  try {
    screen.summary(await writeReport(given, screen.listener));
    return 0;
  } finally {
    screen.stop();
  }
}
