import type { ValidatedFile } from '../../api/validate/validate-file.js';
import { counted } from '../../record/counted.js';
import type { Problem } from '../../record/problem.js';
import type { CodeCount, ProblemCounts } from '../../report/problem-tally.js';
import type { Summary } from '../../report/summary.js';
import { shownText } from '../../source/shown-text.js';
import { pc } from './colours.js';
import { durationText } from './duration-text.js';
import { plainTable } from './plain-table.js';

/** Lines of the table of counts; a file with more kinds of problems has other worries. */
const mostCounts = 15;
/** Narrower than this, a sentence is a column of single words. */
const narrowestMessage = 30;

/**
 * A validation as a person reads it: the first problems, how many there are of each kind, what was
 * changed, and where the reports are.
 *
 * @param problems those to show; empty where they were shown already.
 * @param columns of the terminal; undefined where there is none, so that nothing is wrapped.
 */
export function validationText(
  { summary, folder, changes }: ValidatedFile,
  problems: readonly Problem[],
  columns: number | undefined,
): string {
  const counts = summary.problems ?? { errors: 0, warnings: 0, mendable: 0, byCode: {} };
  const all = counts.errors + counts.warnings;
  const parts = [headline(summary, counts)];
  if (problems.length > 0) {
    if (all > problems.length) {
      parts.push(`The first ${problems.length} of ${all.toLocaleString('en')} problems:`);
    }
    parts.push(problemTable(problems, columns));
  }
  if (all > 0) parts.push(countTable(counts));
  if (changes) parts.push(changesText(changes));
  parts.push(...nextLines(summary, counts, folder, changes !== undefined));
  // A table fills its last column up with spaces.
  return parts.join('\n\n').replace(/ +$/gm, '');
}

function headline({ rows, pool, durationSeconds }: Summary, counts: ProblemCounts): string {
  const { valid = 0, invalid = 0 } = rows.byStatus;
  const time = durationSeconds < 1 ? '' : ` in ${durationText(durationSeconds)}`;
  const checked = `${counted(rows.total, 'row')} checked${time}`;
  const verdict =
    invalid > 0
      ? pc.red(pc.bold(`${invalid.toLocaleString('en')} invalid`))
      : pc.green(pc.bold('all valid'));
  const rest = invalid > 0 ? `, ${valid.toLocaleString('en')} valid` : '';
  const { errors, warnings } = counts;
  const found = errors + warnings > 0 ? ` (${inWords(errors, warnings)})` : '';
  const first = `${checked}: ${verdict}${rest}${found}`;
  if (rows.total === 0)
    return `${pc.yellow('The file has a header and no rows.')} ${against(pool)}`;
  return `${first}\n${against(pool)}`;
}

function inWords(errors: number, warnings: number): string {
  const parts = [];
  if (errors > 0) parts.push(counted(errors, 'error'));
  if (warnings > 0) parts.push(counted(warnings, 'warning'));
  return parts.join(', ');
}

function against({ id }: Summary['pool']): string {
  return id === null
    ? 'Checked is what holds in every pool. Give --user-pool-id or --schema to check its attributes,\npassword policy, groups and sign-in as well.'
    : `Checked against pool ${id}.`;
}

function problemTable(problems: readonly Problem[], columns: number | undefined): string {
  const cells = problems.map(({ line, column = '', severity, code, message }) => [
    String(line),
    severity,
    shownText(column),
    code,
    message,
  ]);
  const head = ['line', '', 'column', 'code', 'what to do'];
  const table = plainTable(head, columns === undefined ? undefined : widths(head, cells, columns));
  for (const [line = '', severity = '', ...rest] of cells) {
    table.push([line, colourOf(severity)(severity), ...rest]);
  }
  return table.toString();
}

/** Each column as wide as its cells, and the last one what is left. */
function widths(
  head: readonly string[],
  cells: readonly (readonly string[])[],
  columns: number,
): number[] {
  const own = head.slice(0, -1).map((name, index) => {
    const longest = cells.reduce((most, row) => Math.max(most, row[index]?.length ?? 0), 0);
    return Math.max(name.length, longest) + 2;
  });
  const used = own.reduce((sum, width) => sum + width, 0);
  return [...own, Math.max(narrowestMessage, columns - used - 4)];
}

function countTable({ byCode }: ProblemCounts): string {
  const lines = Object.entries(byCode).flatMap(([code, counts]) => countLines(code, counts));
  const table = plainTable(['', 'code', 'column', 'count']);
  for (const [severity, code, column, number] of lines.slice(0, mostCounts)) {
    const content = number.toLocaleString('en');
    table.push([colourOf(severity)(severity), code, column, { content, hAlign: 'right' }]);
  }
  const more = lines.length - mostCounts;
  return more > 0 ? `${table.toString()}\n  … and ${more} more in summary.json` : table.toString();
}

function countLines(
  code: string,
  { severity, count: all, byColumn }: CodeCount,
): [severity: string, code: string, column: string, count: number][] {
  const columns = Object.entries(byColumn).sort(([, a], [, b]) => b - a);
  const inColumns = columns.reduce((sum, [, number]) => sum + number, 0);
  const whole: [string, number][] = all > inColumns ? [['', all - inColumns]] : [];
  return [...columns, ...whole].map(([column, number]) => [
    severity,
    code,
    shownText(column),
    number,
  ]);
}

function changesText({ file: path, byCode, first }: NonNullable<ValidatedFile['changes']>): string {
  const file = shownText(path);
  const all = Object.values(byCode).reduce((sum, number) => sum + number, 0);
  if (all === 0)
    return `${file}: nothing could be corrected safely, so it has the rows as they were.`;
  const kinds = Object.entries(byCode).map(([code, number]) => `${number} ${code}`);
  const lines = [
    `${file}: ${counted(all, 'cell')} corrected (${kinds.join(', ')}). Check it before you import it.`,
  ];
  for (const { line, column, code } of first)
    lines.push(`  line ${line}, ${shownText(column)}: ${code}`);
  if (all > first.length) lines.push(`  … and ${(all - first.length).toLocaleString('en')} more`);
  return lines.join('\n');
}

function nextLines(
  { rows }: Summary,
  { errors, warnings, mendable }: ProblemCounts,
  path: string,
  fixed: boolean,
): string[] {
  const folder = shownText(path);
  const lines = [
    `Report: ${folder}/report.html, to look at in a browser`,
    `        ${folder}/results.csv, one line for each row`,
  ];
  if (errors + warnings > 0) {
    lines.push(`        ${folder}/problems.csv, one line for each problem, with proposals`);
  }
  if ((rows.byStatus.invalid ?? 0) > 0) {
    lines.push(`        ${folder}/rejects.csv, the invalid rows, to be mended and imported later`);
  }
  lines.push(`        ${folder}/summary.json`);
  const parts = [lines.join('\n')];
  if (!fixed && mendable > 0) {
    parts.push(
      `${counted(mendable, 'problem')} can be corrected safely: add --fix corrected.csv for a file with that done.`,
    );
  }
  return parts;
}

function colourOf(severity: string): (text: string) => string {
  return severity === 'error' ? pc.red : pc.yellow;
}
