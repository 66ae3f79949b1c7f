import type { Writable } from 'node:stream';

import { Stopped } from '../../apply/stop.js';
import type { PoolDescription } from '../../cognito/description.js';
import type { UserPool } from '../../cognito/user-pool.js';
import type { CallCounts } from '../../journal/entries.js';
import { exportedColumns } from '../../record/exported-row.js';
import { poolFacts } from '../../record/pool-facts.js';
import type { RunListener } from '../listener.js';
import type { CallOptions, PoolOptions } from '../options.js';
import { TemporaryStore } from './page-store.js';
import type { PageStore } from './page-store.js';
import { PartFile } from './part-file.js';
import { readDescription } from '../run/pool-view.js';
import { ReadBack } from './read-back.js';
import { readPages, StaleToken } from './read-export.js';
import type { Reading } from './read-export.js';
import { Refusal } from '../refusal.js';
import { firstCalls, openPool, sessionCalls, withSession } from '../run/session.js';
import type { Session } from '../run/session.js';
import { exportText, writeToFile, writeToStream } from './write-export.js';

export type ExportOptions = CallOptions & { readonly pool: PoolOptions } & (
    | {
        /**
         * A file that does not exist yet. What is read on the way stands in files beside it that
         * begin with its name and `.part`, mode 0600; the same call goes on with them.
         */
        readonly output: string;
      }
    /** A stream that gets the file once the whole pool was read; it stays open. */
    | { readonly to: Writable }
  );

/** What was exported. */
export interface ExportedUsers {
  readonly pool: { readonly id: string; readonly region: string };
  readonly output?: string;
  /** Rows of the file. */
  readonly users: number;
  /** Users of identity providers, who are left out. */
  readonly external: number;
  readonly columns: readonly string[];
  readonly durationSeconds: number;
  /** Of this session, by operation. */
  readonly calls: Readonly<Record<string, CallCounts>>;
}

/**
 * Writes the users of a pool, with their groups, as a CSV that `importUsers` reads back without a
 * change. Changes and bills nothing. Nothing of the file is there before the whole pool was read.
 * A stream that has begun to get the file gets all of it, so that what reads it never takes a part
 * for the whole. Memory is some 21 bytes for each user and 8 for each membership in a group. Rejects
 * with a `PoolError`, or with a `Refusal` where the file can't be written or the export was stopped.
 */
export function exportUsers(
  { pool: address, ...options }: ExportOptions,
  listener: RunListener = {},
): Promise<ExportedUsers> {
  return withSession(options, listener, async (session) => {
    const pool = await openPool(address, session);
    if ('to' in options) {
      const store = new TemporaryStore();
      session.releases.add(() => store.close());
      const write = (text: AsyncIterable<string>): Promise<void> => writeToStream(text, options.to);
      return exportWith(pool, store, session, write).catch((error: unknown) => {
        throw endOf(error, session);
      });
    }
    const { output } = options;
    const part = await openPart(output, pool, session);
    session.releases.add(() => part.close());
    const write = (text: AsyncIterable<string>): Promise<void> =>
      writeToFile(untilStopped(text, session), output);
    const exported = await exportWith(pool, part, session, write).catch((error: unknown) => {
      throw endOf(error, session, part);
    });
    await part.remove();
    return { ...exported, output };
  });
}

async function* untilStopped(
  text: AsyncIterable<string>,
  { stop }: Session,
): AsyncGenerator<string> {
  for await (const piece of text) {
    yield piece;
    stop.throwIfRequested();
  }
}

async function openPart(output: string, pool: UserPool, session: Session): Promise<PartFile> {
  const { userPoolId, region } = pool;
  const part = await PartFile.open(output, {
    export: 'cognito-bulk',
    version: 1,
    pool: userPoolId,
    region,
    at: session.clock.wall(),
  });
  if (!part.census.isEmpty) {
    session.notice(`${part.path} has ${part.census.users} users, so the export goes on with them.`);
  }
  return part;
}

/** An end before the end: what is kept on the disk is told, since it is about people. */
function endOf(error: unknown, session: Session, part?: PartFile): unknown {
  const { reason } = session.stop;
  const kept =
    part === undefined || part.census.isEmpty
      ? undefined
      : `What was read is kept in ${part.path} (mode 0600; it holds personal data), and the same command goes on with it within a day.`;
  if (!(error instanceof Stopped) || !reason) {
    if (kept !== undefined) session.notice(kept);
    return error;
  }
  const { message, code, exitCode = code === 'max-duration' ? 3 : 2 } = reason;
  return new Refusal(`Nothing is exported: ${message}. ${kept ?? ''}`.trim(), exitCode);
}

async function exportWith(
  pool: UserPool,
  store: PageStore,
  session: Session,
  write: (text: AsyncIterable<string>) => Promise<void>,
): Promise<ExportedUsers> {
  const { clock, listener } = session;
  const began = clock.monotonic();
  const description = await readDescription(pool, firstCalls(session), true);
  const { calls, figures } = await sessionCalls(session, pool, ['UserList']);
  const groups = groupsOf(description, session);
  const users = description.UserPool.EstimatedNumberOfUsers ?? 0;
  await readAll({ pool, calls, groups, users }, store, session);

  const { census } = store;
  const columns = exportedColumns(census.attributes, census.hasGroups, poolFacts(description));
  const readBack = await ReadBack.of(columns, description, new Date(clock.wall()));
  listener.onPhase?.('writing the file', census.users);
  const onWritten = (written: number): void => listener.onProgress?.(written);
  await write(exportText({ store, columns, description, readBack, onWritten }));
  if (census.external > 0) {
    session.notice(
      `Users of identity providers (${census.external}) are left out: no file can make them, and sync leaves them alone.`,
    );
  }
  for (const notice of readBack.notices) session.notice(notice);
  return {
    pool: { id: pool.userPoolId, region: pool.region },
    users: census.users,
    external: census.external,
    columns,
    durationSeconds: (clock.monotonic() - began) / 1_000,
    calls: figures.take().calls,
  };
}

/** The groups that a `groups` column can name. */
function groupsOf({ Groups = [] }: PoolDescription, session: Session): string[] {
  const names = Groups.map(({ GroupName }) => GroupName);
  for (const name of names.filter((one) => one.includes(';'))) {
    session.notice(
      `The group "${name}" can't stand in the column groups, where ";" parts names: who is in it is not exported.`,
    );
  }
  return names.filter((name) => !name.includes(';'));
}

/** Reads the pool, anew where the service takes the token of a page no more. */
async function readAll(reading: Reading, store: PageStore, session: Session): Promise<void> {
  try {
    await store.keep(readPages(reading, store.census, session));
  } catch (error) {
    if (!(error instanceof StaleToken)) throw error;
    session.notice('Cognito does not go on with the lists where they stopped: all is read anew.');
    await store.restart();
    await store.keep(readPages(reading, store.census, session)).catch((again: unknown) => {
      throw again instanceof StaleToken ? again.cause : again;
    });
  }
}
