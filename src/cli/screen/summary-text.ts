import { counted } from '../../record/counted.js';
import type { FinishedRun } from '../../api/run/finish-run.js';
import type { Status } from '../../apply/result.js';
import { nextStep } from '../../report/next-step.js';
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
export function summaryText(run: FinishedRun): string {
  const { summary, folder: path } = run;
  const folder = shownText(path);
  const lines = [headline(summary), '', statusTable(summary)];
  const codes = Object.entries(summary.byCode);
  if (codes.length > 0) lines.push('', codeTable(codes));
  lines.push('', ...next(run, folder));
  return lines.join('\n');
}

function headline(summary: Summary): string {
  const { outcome, durationSeconds, pool, reason, rehearsal, dryRun } = summary;
  const count = countText(summary);
  if (dryRun)
    return pc.bold(`Dry run: ${count} against pool ${pool.id ?? ''}; nothing was written`);
  const how = (ended: string): string =>
    rehearsal === true ? `Rehearsal on a local pool ${ended.toLowerCase()}` : ended;
  const text = `${count}, pool ${pool.id}, ${durationText(durationSeconds)}`;
  switch (outcome) {
    case 'complete':
      return pc.bold(`${how('Done')}: ${text}`);
    case 'stopped':
      return pc.red(pc.bold(`${how('Stopped')}: ${text}\n${shownText(reason ?? '')}`));
    case 'interrupted':
      return pc.yellow(pc.bold(`${how('Interrupted')}: ${text}\n${shownText(reason ?? '')}`));
  }
}

/** A sync tells of users who are in no row as well; an undo of nobody else. */
function countText({ command, file, rows }: Summary): string {
  if (command === 'undo') return counted(rows.total, 'user');
  const others = command === 'sync' ? rows.total - file.rows : 0;
  if (others <= 0) return counted(rows.total, 'row');
  return `${counted(file.rows, 'row')} and ${counted(others, 'user')} in none of them`;
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
function next(run: FinishedRun, folder: string): string[] {
  const { summary, resumable, withoutRows } = run;
  if (withoutRows) return nextWithoutRows(folder, resumable);
  const lines = [
    `Report: ${folder}/report.html, to look at in a browser`,
    `        ${folder}/results.csv, one line for each row`,
  ];
  if (hasAny(summary, 'invalid', 'failed', 'partial', 'not-attempted')) {
    lines.push(`        ${folder}/rejects.csv, ${rejects(summary, resumable)}`);
  }
  lines.push(`        ${folder}/summary.json`);
  const step = nextStep(summary, folder, resumable);
  return step === undefined ? lines : [...lines, '', shownText(step)];
}

/** Where the file could not be read again, which the other reports are made from. */
function nextWithoutRows(folder: string, resumable: boolean): string[] {
  const lines = [`Report: ${folder}/summary.json alone`];
  if (!resumable) return lines;
  return [
    ...lines,
    '',
    `To go on, and for the other reports: put back what was changed, then: cognito-bulk resume ${folder}`,
  ];
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

function hasAny({ rows }: Summary, ...statuses: readonly Status[]): boolean {
  return statuses.some((status) => (rows.byStatus[status] ?? 0) > 0);
}

function colourOf(status: string): (text: string) => string {
  return status === 'not-attempted' || status === 'partial' ? pc.yellow : pc.red;
}
