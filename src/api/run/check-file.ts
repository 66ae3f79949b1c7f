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
import { checkedRows, errorIn, invalidResult, totalsOf } from './checked-rows.js';
import type { CheckedBatch, CheckedRow, Obstacle } from './checked-rows.js';
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

/** A file that is to be checked, and the journal of its run. */
export interface UncheckedFile<H = Header> {
  readonly source: Source;
  readonly header: H;
  readonly journal: Journal;
}

/** What is special about a check. */
interface Check {
  /** The sha256 that the file must have: that of the file which a plan was made for. */
  readonly fileSha256?: string | undefined;
  /** Sees whom each good row names. */
  readonly onUser?: (row: number, user: User) => void;
}

/**
 * Reads every row once, before anything is sent: an unreadable file shows here, and so does each
 * row that can't succeed, which is written to the journal. Throws a `Refusal` for another content
 * than the one that is wanted.
 */
export async function checkFile(
  file: UncheckedFile & { readonly description: PoolDescription },
  session: Session,
  { fileSha256, onUser }: Check = {},
): Promise<void> {
  const { source, header, description } = file;
  const existing = new Set(description.Groups?.map(({ GroupName }) => GroupName));
  const missing = new Set<string>();
  const batches = checkedRows(source, header, seedFrom(session));
  const checked = await checkRows(file, batches, session, (checkedRow) => {
    const { row, user } = checkedRow;
    if (!user) return errorIn(checkedRow);
    addMissing(user, existing, missing);
    onUser?.(row, user);
    return undefined;
  });
  refuseChangedFile(source.name, checked.sha256, fileSha256);
  await endCheck(file, { ...checked, missingGroups: [...missing] }, session);
}

/** Throws a `Refusal` where the file is not the one that a plan was made for. */
export function refuseChangedFile(name: string, sha256: string, planned: string | undefined): void {
  if (planned === undefined || sha256 === planned) return;
  throw new Refusal(`${name} was changed since the plan was made: make a new plan.`);
}

/** What a check found. */
export type Checked = Omit<CheckedEntry, 't'>;

/** How many rows lie between the places that `resume` can read on from. */
const rowsBetweenPlaces = 2 ** 16;

/** The pass itself, for any file: `obstacleOf` sees each row and says what keeps it from being sent. */
export async function checkRows<U>(
  { source, header, journal }: UncheckedFile<Parameters<typeof reportable>[0]>,
  batches: AsyncIterable<CheckedBatch<U>>,
  { listener, stop }: Session,
  obstacleOf: (checked: CheckedRow<U>) => Obstacle | undefined,
): Promise<Omit<Checked, 'missingGroups'>> {
  const { usernameOf } = reportable(header);
  listener.onPhase?.('checking', source.size);
  const places: Position[] = [];
  for await (const { rows, start, bytesRead } of batches) {
    stop.throwIfRequested();
    if (start.row >= (places.at(-1)?.row ?? 0) + rowsBetweenPlaces) places.push(start);
    for (const checked of rows) {
      const obstacle = obstacleOf(checked);
      if (!obstacle) continue;
      const result = invalidResult(checked, usernameOf(checked.raw), obstacle);
      journal.done(result);
      listener.onResult?.(result);
    }
    listener.onProgress?.(bytesRead);
    // Keeps what waits to be written small, however many rows are invalid.
    await journal.flush();
  }
  return { ...totalsOf(source), places };
}

/** Says in the journal that the whole file was read, after which calls may be sent. */
export async function endCheck(
  { source, journal }: Pick<UncheckedFile, 'source' | 'journal'>,
  checked: Checked,
  session: Session,
): Promise<void> {
  if (checked.rows === 0) {
    session.notice(`${source.name} has a header and no rows: nothing to do.`);
  }
  journal.checked({ t: 'checked', ...checked });
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
