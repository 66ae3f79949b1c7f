import type { PoolDescription } from '../cognito/description.js';
import type { Journal } from '../journal/journal.js';
import { Duplicates } from '../record/duplicates.js';
import { readHeader } from '../record/header.js';
import type { Header } from '../record/header.js';
import type { Problem } from '../record/problem.js';
import { reportable } from '../record/reportable.js';
import { readRow } from '../record/row.js';
import type { ReadingSettings } from '../record/settings.js';
import type { User } from '../record/user.js';
import type { Source } from '../source/index.js';
import { Refusal } from './refusal.js';
import type { Session } from './session.js';

/** More groups than a pool can have can't be made anyway. Source: "Quotas in Amazon Cognito". */
const mostGroups = 10_000;

/** Reads the header as a whole. Throws a `Refusal` that names every error in it. */
export function checkHeader(
  source: Source,
  pool: PoolDescription | undefined,
  settings: ReadingSettings,
  session: Session,
): Header {
  const { header, problems } = readHeader(source.header, pool, settings);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (!header || errors.length > 0) throw new Refusal(headerMessage(source, errors));
  for (const { message } of problems) session.notice(message);
  return header;
}

/**
 * Reads every row once, before anything is sent: an unreadable file shows here, and so does each
 * row that can't succeed, which is written to the journal.
 */
export async function checkFile(
  source: Source,
  header: Header,
  pool: PoolDescription,
  journal: Journal,
  session: Session,
): Promise<void> {
  const { listener, stop, random } = session;
  const { usernameOf } = reportable(header);
  const duplicates = new Duplicates(header, { seed: Math.floor(random() * 2 ** 32) });
  const existing = new Set(pool.Groups?.map(({ GroupName }) => GroupName));
  const missingGroups = new Set<string>();

  listener.onPhase?.('checking', source.size);
  const pass = source.read();
  for await (const { rows, start } of pass) {
    stop.throwIfRequested();
    for (const [index, row] of rows.entries()) {
      const { user, problems } = readRow(row, header);
      const error = firstError(problems) ?? (user && firstError(duplicates.check(user)));
      if (error) {
        journal.done({
          row: start.row + index,
          line: row.line,
          username: user?.username ?? usernameOf(row),
          status: 'invalid',
          code: error.code,
          message: error.message,
          steps: [],
          attempts: 0,
          final: true,
        });
      } else if (user) {
        addMissing(user, existing, missingGroups);
      }
    }
    listener.onProgress?.(pass.bytesRead);
    // Keeps what waits to be written small, however many rows are invalid.
    await journal.flush();
  }
  const { totals } = source;
  if (!totals) throw new Error('a whole pass has totals');
  journal.checked({ t: 'checked', ...totals, missingGroups: [...missingGroups] });
  await journal.flush();
}

function addMissing(user: User, existing: ReadonlySet<string>, missing: Set<string>): void {
  for (const group of user.groups) {
    if (existing.has(group) || missing.has(group)) continue;
    missing.add(group);
    if (missing.size > mostGroups) {
      throw new Refusal(
        `The file names more than ${mostGroups} groups, and a pool can't have more: check the groups column.`,
      );
    }
  }
}

function firstError(problems: readonly Problem[]): Problem | undefined {
  return problems.find(({ severity }) => severity === 'error');
}

function headerMessage(source: Source, errors: readonly Problem[]): string {
  const shown = errors.slice(0, 5).map(({ message }) => message);
  if (errors.length > shown.length) shown.push(`And ${errors.length - shown.length} more.`);
  return `Line ${source.header.line} of ${source.name}: ${shown.join(' ')}`;
}
