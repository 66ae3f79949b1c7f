import { notFine } from './not-fine.js';
import type { Summary } from './summary.js';

/** How a command ended, as its metrics tell it. */
interface MeasuredRun {
  readonly command: string;
  /** Empty where no pool is known. */
  readonly userPoolId: string;
  /** When it ended, in milliseconds since 1970. */
  readonly endedAt: number;
  readonly exitCode: number;
  /** Absent where the run never began, or broke off without one. */
  readonly summary?: Summary;
}

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number];

/** What every name begins with; the text itself begins with `# HELP` and this. */
const prefix = 'cognito_bulk_run_';
export const metricsStart = `# HELP ${prefix}`;

/**
 * The figures of a run in Prometheus's text format, version 0.0.4. Holds no personal data: others
 * read it. Source: prometheus.io, "Exposition formats".
 */
export function metricsText(run: MeasuredRun): string {
  const { command, userPoolId, endedAt, exitCode, summary } = run;
  const own: Labels = { command, user_pool_id: userPoolId };
  const isComplete = summary?.outcome === 'complete';
  const families = [
    family('last_timestamp_seconds', 'gauge', 'When the last run ended, in seconds since 1970.', [
      [own, endedAt / 1_000],
    ]),
    family('exit_code', 'gauge', 'Exit code of the last run.', [[own, exitCode]]),
    family('complete', 'gauge', 'Whether the last run came to its end: 1 or 0.', [
      [own, isComplete ? 1 : 0],
    ]),
    ...(summary ? figures(summary, own) : []),
  ];
  return families.join('');
}

function figures({ durationSeconds, rows, byCode, calls, rates }: Summary, own: Labels): string[] {
  // What to raise an alarm on has a sample also where no row has it.
  const byStatus = {
    ...Object.fromEntries([...notFine].map((status) => [status, 0])),
    ...rows.byStatus,
  };
  const perCategory = (figure: 'limit' | 'achieved'): Sample[] =>
    Object.entries(rates).map(([category, rate]) => [{ ...own, category }, rate[figure]]);
  return [
    family('duration_seconds', 'gauge', 'Seconds that the last run worked.', [
      [own, durationSeconds],
    ]),
    family('rows', 'gauge', 'Rows of the last run by status.', samples(byStatus, own, 'status')),
    family('errors', 'gauge', 'Rows of the last run by code.', samples(byCode, own, 'code')),
    family(
      'calls_total',
      'counter',
      'Calls of the last run by operation and outcome.',
      Object.entries(calls).flatMap(([operation, outcomes]) =>
        samples(outcomes, { ...own, operation }, 'outcome'),
      ),
    ),
    family('rate_limit', 'gauge', 'Calls a second that the quota allows.', perCategory('limit')),
    family('rate_achieved', 'gauge', 'Accepted calls a second.', perCategory('achieved')),
  ];
}

function samples(values: object, own: Labels, label: string): Sample[] {
  return Object.entries(values).map(([name, value]) => [{ ...own, [label]: name }, Number(value)]);
}

/** A metric with all its samples; nothing where it has none. */
function family(
  name: string,
  type: 'gauge' | 'counter',
  help: string,
  all: readonly Sample[],
): string {
  if (all.length === 0) return '';
  const lines = all.map(([labels, value]) => `${prefix}${name}{${labelText(labels)}} ${value}\n`);
  return `# HELP ${prefix}${name} ${help}\n# TYPE ${prefix}${name} ${type}\n${lines.join('')}`;
}

function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',');
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
