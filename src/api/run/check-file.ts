import type { PoolDescription } from '../../cognito/description.js';
import type { CheckedEntry } from '../../journal/entries.js';
import type { Journal } from '../../journal/journal.js';
import { readHeader } from '../../record/header.js';
import type { Header } from '../../record/header.js';
import type { Problem } from '../../record/problem.js';
import { reportable } from '../../record/reportable.js';
import type { ReadingSettings } from '../../record/settings.js';
import type { User } from '../../record/user.js';
import type { Position, Source } from '../../source/index.js';
import { checkedRows, firstError, invalidResult } from './checked-rows.js';
import type { CheckedBatch } from './checked-rows.js';
import { HeaderRefusal, Refusal } from '../refusal.js';
import type { Session } from './session.js';

/** More groups than a pool can have can't be made anyway. Source: "Quotas in Amazon Cognito". */
const mostGroups = 10_000;

/** Reads the header as a whole and tells its warnings. Throws as `readWholeHeader` does. */
export function checkHeader(
  source: Source,
  pool: PoolDescription | undefined,
  settings: ReadingSettings,
  session: Session,
): Header {
  const { header, warnings } = readWholeHeader(source, pool, settings);
  for (const { message } of warnings) session.notice(message);
  return header;
}

/** Reads the header as a whole. Throws a `HeaderRefusal` that names every error in it. */
export function readWholeHeader(
  source: Source,
  pool: PoolDescription | undefined,
  settings: ReadingSettings,
): { readonly header: Header; readonly warnings: readonly Problem[] } {
  const { header, problems } = readHeader(source.header, pool, settings);
  return { header: headerWithoutErrors(source, header, problems), warnings: problems };
}

/** Throws a `HeaderRefusal` that names every error where there is one. */
export function headerWithoutErrors<H>(
  source: Source,
  header: H | undefined,
  problems: readonly Problem[],
): H {
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (!header || errors.length > 0) throw new HeaderRefusal(headerMessage(source, errors), errors);
  return header;
}

/**
 * Reads every row once, before anything is sent: an unreadable file shows here, and so does each
 * row that can't succeed, which is written to the journal. Throws a `Refusal` where the content is not
 * the one that was `wanted`, by its sha256.
 */
export async function checkFile(
  source: Source,
  header: Header,
  pool: PoolDescription,
  journal: Journal,
  session: Session,
  wanted?: string,
): Promise<void> {
  const existing = new Set(pool.Groups?.map(({ GroupName }) => GroupName));
  const missingGroups = new Set<string>();
  const rows = checkedRows(source, header, seedFrom(session));
  const places = await checkRows(source, rows, header, journal, session, (user) => {
    addMissing(user, existing, missingGroups);
  });
  if (wanted !== undefined && source.totals?.sha256 !== wanted) {
    throw new Refusal(`${source.name} was changed since the plan was made: make a new plan.`);
  }
  await endCheck(source, { missingGroups: [...missingGroups], places }, journal, session);
}

/** How many rows lie between the places that `resume` can read on from. */
const rowsBetweenPlaces = 2 ** 16;

/**
 * The pass itself, for any file: `onUser` gets whom each good row names. Resolves with places in the
 * file for `resume`.
 */
export async function checkRows<U>(
  { size }: Source,
  batches: AsyncIterable<CheckedBatch<U>>,
  header: Parameters<typeof reportable>[0],
  journal: Journal,
  { listener, stop }: Session,
  onUser: (user: U) => void,
): Promise<readonly Position[]> {
  const { usernameOf } = reportable(header);
  listener.onPhase?.('checking', size);
  const places: Position[] = [];
  for await (const { rows, start, bytesRead } of batches) {
    stop.throwIfRequested();
    if (start.row >= (places.at(-1)?.row ?? 0) + rowsBetweenPlaces) places.push(start);
    for (const checked of rows) {
      const { raw, user, problems } = checked;
      if (user) {
        onUser(user);
        continue;
      }
      const result = invalidResult(checked, usernameOf(raw), firstError(problems));
      journal.done(result);
      listener.onResult?.(result);
    }
    listener.onProgress?.(bytesRead);
    // Keeps what waits to be written small, however many rows are invalid.
    await journal.flush();
  }
  return places;
}

/** Says in the journal that the whole file was read, after which calls may be sent. */
export async function endCheck(
  { totals, name }: Source,
  found: Pick<CheckedEntry, 'missingGroups' | 'places'>,
  journal: Journal,
  session: Session,
): Promise<void> {
  if (!totals) throw new Error('a whole pass has totals');
  if (totals.rows === 0) session.notice(`${name} has a header and no rows: nothing to do.`);
  journal.checked({ t: 'checked', ...totals, ...found });
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

/** Another one for each run, so that nobody can arrange for two names to collide. */
export function seedFrom({ random }: Session): number {
  return Math.floor(random() * 2 ** 32);
}

function headerMessage(source: Source, errors: readonly Problem[]): string {
  const shown = errors.slice(0, 5).map(({ message }) => message);
  if (errors.length > shown.length) shown.push(`And ${errors.length - shown.length} more.`);
  return `Line ${source.header.line} of ${source.name}: ${shown.join(' ')}`;
}
