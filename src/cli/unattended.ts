import type { Summary } from '../report/summary.js';
import { commandInfo, textOf } from './command-info.js';
import type { AnyArguments, CommandInfo } from './command-info.js';
import type { Failure } from './failure.js';

/** What is told of a command that ended without a summary. */
export interface NoSummary {
  readonly command: string;
  /** `refused`: nothing was begun. */
  readonly outcome: 'refused' | 'stopped' | 'interrupted';
  readonly reason: string;
  readonly exitCode: number;
}

/** Says what could not be told; the run and its exit code stand. */
type Warn = (message: string) => void;

/**
 * Before a command is run: throws a `UsageError` where `--notify` or `--metrics` can't be. What they
 * need is loaded only where they are given.
 */
export async function checkUnattended(given: AnyArguments): Promise<void> {
  const { address, file } = receivers(given);
  if (address !== undefined) (await import('./notify.js')).notifyAddress(address);
  if (file !== undefined) await (await import('./metrics-file.js')).checkMetricsFile(file);
}

/** After a run: writes the metrics and posts the summary, as far as that is asked for. */
export async function tellEnd(given: AnyArguments, summary: Summary, warn: Warn): Promise<void> {
  const { address, file } = receivers(given);
  if (file !== undefined) {
    const { command, pool, finishedAt, exitCode } = summary;
    const endedAt = Date.parse(finishedAt);
    const run = { command, userPoolId: pool.id ?? '', endedAt, exitCode, summary };
    await writeMetrics(file, run, warn);
  }
  if (address !== undefined) await post(address, summary, warn);
}

/** After a command that ended without a summary, so that nobody waits in vain for word of it. */
export async function tellNoSummary(
  given: AnyArguments,
  end: NoSummary,
  warn: Warn,
): Promise<void> {
  const { address, file } = receivers(given);
  if (file !== undefined && (await isFine(() => checkUnattended({ metrics: file })))) {
    const { pool: userPoolId = '' } = commandInfo(given);
    const { command, exitCode } = end;
    await writeMetrics(file, { command, userPoolId, endedAt: Date.now(), exitCode }, warn);
  }
  if (address !== undefined && (await isFine(() => checkUnattended({ notify: address })))) {
    await post(address, end, warn);
  }
}

export function noSummary({ command }: CommandInfo, { message, exitCode }: Failure): NoSummary {
  const outcome = exitCode === 2 ? 'refused' : exitCode > 128 ? 'interrupted' : 'stopped';
  return { command, outcome, reason: message, exitCode };
}

function receivers(given: AnyArguments): { address: string | undefined; file: string | undefined } {
  return { address: textOf(given, 'notify'), file: textOf(given, 'metrics') };
}

async function writeMetrics(
  file: string,
  run: Parameters<typeof import('../report/metrics.js').metricsText>[0],
  warn: Warn,
): Promise<void> {
  const { metricsText } = await import('../report/metrics.js');
  const { writeMetricsFile } = await import('./metrics-file.js');
  const problem = await writeMetricsFile(file, metricsText(run));
  if (problem !== undefined) warn(problem);
}

async function post(address: string, document: object, warn: Warn): Promise<void> {
  const { notify, notifyAddress } = await import('./notify.js');
  const problem = await notify(notifyAddress(address), document);
  if (problem !== undefined) warn(problem);
}

/** Whether an argument was none of what is wrong. */
async function isFine(check: () => Promise<void>): Promise<boolean> {
  return check().then(
    () => true,
    () => false,
  );
}
