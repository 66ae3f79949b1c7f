import type { FinishedRun } from '../../api/run/finish-run.js';
import type { Status } from '../../apply/result.js';
import type { Summary } from '../../report/summary.js';
import { shownText } from '../../source/shown-text.js';
import { pc } from './colours.js';
import { durationText } from './duration-text.js';
import { plainTable } from './plain-table.js';

/** Statuses that are no trouble; the others are shown in red or yellow. */
const fine: ReadonlySet<string> = new Set([
  'would-create',
  'would-update',
  'would-disable',
  'would-delete',
  'created',
  'updated',
  'unchanged',
  'exists',
  'disabled',
  'deleted',
  'verified',
  'code-sent',
]);

/** The end of a run as a person reads it: a table by status and by code, and where the reports are. */
export function summaryText({ summary, folder: path, resumable }: FinishedRun): string {
  const folder = shownText(path);
  const lines = [headline(summary), '', statusTable(summary)];
  const codes = Object.entries(summary.byCode);
  if (codes.length > 0) lines.push('', codeTable(codes));
  lines.push('', ...next(summary, folder, resumable));
  return lines.join('\n');
}

function headline(summary: Summary): string {
  const { outcome, rows, durationSeconds, pool, reason, rehearsal, dryRun } = summary;
  const count = rows.total.toLocaleString('en');
  if (dryRun)
    return pc.bold(`Dry run: ${count} rows against pool ${pool.id ?? ''}; nothing was written`);
  const what = rehearsal === true ? 'Rehearsal on a local pool, ' : '';
  const text = `${what}${count} ${rows.total === 1 ? 'row' : 'rows'}, pool ${pool.id}, ${durationText(durationSeconds)}`;
  switch (outcome) {
    case 'complete':
      return pc.bold(`Done: ${text}`);
    case 'stopped':
      return pc.red(pc.bold(`Stopped: ${text}\n${shownText(reason ?? '')}`));
    case 'interrupted':
      return pc.yellow(pc.bold(`Interrupted: ${text}\n${shownText(reason ?? '')}`));
  }
}

function statusTable({ rows }: Summary): string {
  const table = plainTable(['status', 'rows']);
  for (const [status, count] of Object.entries(rows.byStatus)) {
    const name = fine.has(status) ? pc.green(status) : colourOf(status)(status);
    table.push([name, { content: count.toLocaleString('en'), hAlign: 'right' }]);
  }
  return table.toString();
}

function codeTable(codes: readonly (readonly [string, number])[]): string {
  const table = plainTable(['code', 'rows']);
  for (const [code, count] of codes) {
    table.push([code, { content: count.toLocaleString('en'), hAlign: 'right' }]);
  }
  return table.toString();
}

/** Where the reports are, and what to do next. */
function next(summary: Summary, folder: string, resumable: boolean): string[] {
  const lines = [
    `Report: ${folder}/report.html, to look at in a browser`,
    `        ${folder}/results.csv, one line for each row`,
  ];
  if (hasAny(summary, 'invalid', 'failed', 'partial', 'not-attempted')) {
    lines.push(`        ${folder}/rejects.csv, ${rejects(summary, resumable)}`);
  }
  lines.push(`        ${folder}/summary.json`);
  const step = nextStep(summary, folder, resumable);
  return step === undefined ? lines : [...lines, '', step];
}

/** What rejects.csv is good for. */
function rejects({ command, outcome }: Summary, resumable: boolean): string {
  if (outcome !== 'complete' && resumable) return 'the rows that are not fine so far';
  switch (command) {
    case 'sync':
      return 'the rows to mend where the file comes from';
    case 'undo':
      return 'the users who are not taken back';
    case 'verify send':
    case 'verify confirm':
      return 'the rows to mend and hand in again';
    default:
      return 'the rows to mend and import again';
  }
}

function nextStep(summary: Summary, folder: string, resumable: boolean): string | undefined {
  if (summary.dryRun) return nextOfDryRun(summary);
  if (!resumable) return undefined;
  if (summary.outcome !== 'complete') return `To go on: cognito-bulk resume ${folder}`;
  if (hasAny(summary, 'failed', 'partial')) {
    return `To try failed rows again: cognito-bulk resume ${folder} --retry-failed`;
  }
  const canBeUndone = summary.command !== 'undo' && hasAny(summary, 'created', 'disabled');
  return canBeUndone ? `To take it back: cognito-bulk undo ${folder} --dry-run` : undefined;
}

function nextOfDryRun({ command, rows }: Summary): string | undefined {
  if (!Object.keys(rows.byStatus).some((status) => status.startsWith('would-'))) return undefined;
  return command === 'undo'
    ? 'To do it: the same command without --dry-run'
    : 'To do it: the same command without --dry-run, or cognito-bulk apply with the plan that --save-plan writes';
}

function hasAny({ rows }: Summary, ...statuses: readonly Status[]): boolean {
  return statuses.some((status) => (rows.byStatus[status] ?? 0) > 0);
}

function colourOf(status: string): (text: string) => string {
  return status === 'not-attempted' || status === 'partial' ? pc.yellow : pc.red;
}
