import type { Examination, Finding, Need, Readiness } from '../../api/pool/examine-pool.js';
import { shownText } from '../../source/shown-text.js';
import { pc } from './colours.js';
import { plainTable } from './plain-table.js';

const words = { fine: 'ok', warning: 'note', missing: 'missing' } as const;
const findingColours = { fine: pc.green, warning: pc.yellow, missing: pc.red } as const;
const mayColours = {
  yes: pc.green,
  mostly: pc.yellow,
  'as far as tried': pc.yellow,
  no: pc.red,
} as const;

/** The widths of the first columns, with the space behind them. */
const wordColumn = 'missing'.length + 2;
const commandColumn = 'verify confirm'.length + 2;
const mayColumn = 'as far as tried'.length + 2;
const indent = 2;
/** Narrower, words would be cut. */
const narrowest = 76;

const howTried = [
  'Policies for each command: docs/iam.md. Calls that change something were tried',
  'on a user, a group and an app client who do not exist.',
];
const withoutPool = [
  'What works without the pool: validate with --schema or with neither, import with',
  '--rehearse and --schema, report, local and demo.',
];

/**
 * What the doctor found: what it looked at, and then what each command lacks.
 * @param columns that the screen has; nothing is wider.
 */
export function examinationText(
  { pool, findings, commands }: Examination,
  columns: number,
): string {
  const room = Math.max(narrowest, columns) - indent;
  return [
    pc.bold(`Pool ${shownText(pool.id)}`),
    '',
    findingTable(findings, room),
    '',
    commandTable(commands, room),
    '',
    ...(commands.every(({ may }) => may === 'no') ? withoutPool : howTried),
  ].join('\n');
}

function findingTable(findings: readonly Finding[], room: number): string {
  const table = plainTable([], [wordColumn, room - wordColumn]);
  for (const { about, is, text } of findings) {
    table.push([findingColours[is](words[is]), `${about}: ${shownText(text)}`]);
  }
  return table.toString();
}

function commandTable(commands: readonly Readiness[], room: number): string {
  const needs = room - commandColumn - mayColumn;
  const table = plainTable(
    ['command', 'may be run', 'lacks, or what was not tried'],
    [commandColumn, mayColumn, needs],
  );
  for (const { command, may, missing, notTried } of commands) {
    const lines = [
      ...missing.map((need) => textOf(need)),
      ...notTried.map((need) => `not tried: ${textOf(need)}`),
    ];
    table.push([command, mayColours[may](may), lines.join('\n')]);
  }
  return table.toString();
}

function textOf({ what, when }: Need): string {
  return shownText(when === undefined ? what : `${what} (needed for: ${when})`);
}
