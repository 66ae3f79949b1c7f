import type { Examination, Finding, Readiness } from '../../api/pool/examine-pool.js';
import { shownText } from '../../source/shown-text.js';
import { pc } from './colours.js';
import { plainTable } from './plain-table.js';

const words = { fine: 'ok', warning: 'note', missing: 'missing' } as const;
const colours = { fine: pc.green, warning: pc.yellow, missing: pc.red } as const;

/** What the doctor found: what it looked at, and then what each command lacks. */
export function examinationText({ pool, findings, commands }: Examination): string {
  return [
    pc.bold(`Pool ${pool.id}`),
    '',
    ...findings.map(lineOf),
    '',
    commandTable(commands),
    '',
    'Policies for each command: docs/iam.md. Calls that change something were tried on a user who does not exist.',
  ].join('\n');
}

function lineOf({ about, is, text }: Finding): string {
  return `  ${colours[is](words[is].padEnd(7))}  ${about}: ${shownText(text)}`;
}

function commandTable(commands: readonly Readiness[]): string {
  const table = plainTable(['command', 'may be run', 'lacks the permission for']);
  for (const { command, missing, missingSometimes } of commands) {
    const may =
      missing.length > 0
        ? pc.red('no')
        : missingSometimes.length > 0
          ? pc.yellow('mostly')
          : pc.green('yes');
    const lacks = [
      ...missing,
      ...missingSometimes.map(({ operation, when }) => `${operation} (needed for: ${when})`),
    ];
    table.push([command, may, lacks.join('\n')]);
  }
  return table.toString();
}
