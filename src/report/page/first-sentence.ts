import { counted } from '../../record/counted.js';
import type { Status } from '../../apply/result.js';
import { notFine } from '../not-fine.js';
import type { Summary } from '../summary.js';
import { durationText, listText } from './words.js';

/** What became of people, in words that follow a number. */
const deeds: Partial<Record<Status, readonly [one: string, many: string]>> = {
  created: ['was created', 'were created'],
  updated: ['was updated', 'were updated'],
  unchanged: ['was already as the file says', 'were already as the file says'],
  exists: ['was there before', 'were there before'],
  disabled: ['was disabled', 'were disabled'],
  deleted: ['was deleted', 'were deleted'],
  verified: ['has the address verified', 'have the address verified'],
  'code-sent': ['was sent a code', 'were sent a code'],
  valid: ['is valid', 'are valid'],
  'would-create': ['would be created', 'would be created'],
  'would-update': ['would be updated', 'would be updated'],
  'would-disable': ['would be disabled', 'would be disabled'],
  'would-delete': ['would be deleted', 'would be deleted'],
};

/** What each command is called where it was run, and where it was only looked at. */
const commands: Readonly<Record<string, string>> = {
  import: 'import',
  sync: 'sync',
  apply: 'plan',
  undo: 'undo',
  validate: 'validation',
  'verify send': 'sending of codes',
  'verify confirm': 'confirmation of codes',
};

/** What stands between a command and its pool. */
const links: Readonly<Record<string, string>> = {
  import: 'into',
  apply: 'into',
  sync: 'with',
  validate: 'against',
};

/** A file's name without the folders of whoever ran it; an address as it is. */
export function fileName(name: string): string {
  return name.includes('://') ? name : (name.split(/[\\/]/).at(-1) ?? name);
}

/** What was run, against which pool, and how it ended. */
export function firstSentence(summary: Summary): string {
  return `${whatRan(summary)} ${howItEnded(summary)}: ${whatBecame(summary)}.`;
}

/** What was run, for a title. */
export function whatRan(summary: Summary): string {
  const { command, file, pool, dryRun, rehearsal } = summary;
  const name = commands[command] ?? command;
  const what = dryRun ? `dry run of the ${name}` : rehearsal ? `rehearsal of the ${name}` : name;
  const where = rehearsal ? 'a local pool' : `pool ${pool.id ?? ''}`;
  const link = links[command] ?? 'in';
  return `The ${what} of ${fileName(file.name)} ${pool.id === null ? 'without a pool' : `${link} ${where}`}`;
}

function howItEnded({ outcome, durationSeconds }: Summary): string {
  const after = `after ${durationText(durationSeconds)}`;
  switch (outcome) {
    case 'complete':
      return `ran to its end ${after}`;
    case 'stopped':
      return `stopped before its end ${after}`;
    case 'interrupted':
      return `was interrupted ${after}`;
  }
}

/** For example: 326 of 340 people were created, 14 rows are not fine. */
function whatBecame({ command, rows }: Summary): string {
  const { total, byStatus } = rows;
  if (total === 0) return 'the file has no rows';
  const unit =
    command === 'validate' ? (['row', 'rows'] as const) : (['person', 'people'] as const);
  const done = Object.entries(deeds).flatMap(([status, [one, many]]) => {
    const count = byStatus[status as Status] ?? 0;
    return count === 0 ? [] : [{ count, text: count === 1 ? one : many }];
  });
  const [first, ...others] = done;
  const wrong = Object.entries(byStatus).reduce(
    (sum, [status, count]) => sum + (notFine.has(status) ? count : 0),
    0,
  );
  const parts = first
    ? [
        `${numberOf(first.count, total, unit)} ${first.text}`,
        ...others.map(({ count, text }) => `${count.toLocaleString('en')} ${text}`),
      ]
    : [`none of ${counted(total, unit[0], unit[1])} was brought in`];
  if (wrong > 0) parts.push(`${counted(wrong, 'row is', 'rows are')} not fine`);
  return listText(parts);
}

function numberOf(
  count: number,
  total: number,
  [one, many]: readonly [one: string, many: string],
): string {
  if (count === total) return total === 1 ? `the one ${one}` : `all ${counted(total, one, many)}`;
  return `${count.toLocaleString('en')} of ${counted(total, one, many)}`;
}
