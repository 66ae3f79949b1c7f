import { randomInt } from 'node:crypto';

import { applyAll } from '../apply/engine.js';
import { applyRow } from '../apply/row.js';
import { Invitations } from '../apply/invitations.js';
import type { RowResult } from '../apply/result.js';
import { Stopped } from '../apply/stop.js';
import type { StopReason } from '../apply/stop.js';
import { SignIn } from '../apply/sign-in.js';
import type { Tools } from '../apply/tools.js';
import { PoolError } from '../cognito/errors.js';
import type { PoolDescription } from '../cognito/description.js';
import type { UserPool } from '../cognito/user-pool.js';
import type { Journal } from '../journal/journal.js';
import type { PasswordFile } from '../journal/password-file.js';
import { planCreate } from '../plan/import-plan.js';
import type { Action, ImportSettings } from '../plan/import-plan.js';
import type { Header } from '../record/header.js';
import { generatePassword } from '../record/generated-password.js';
import { readRow } from '../record/row.js';
import type { Source } from '../source/index.js';
import type { Client } from './client.js';
import type { Session, SessionCalls } from './session.js';

/** How long calls in flight may take to end once a person or the system wants the process to. */
const graceMs = 10_000;
/** How often the journal is told what was called. */
const figuresEveryMs = 5_000;

/** All that an import works with once everything is open and checked. */
export interface Import {
  readonly source: Source;
  readonly header: Header;
  readonly pool: UserPool;
  readonly description: PoolDescription;
  readonly journal: Journal;
  readonly settings: ImportSettings;
  /** Present where users are signed in. */
  readonly client: Client | undefined;
  readonly passwords: PasswordFile | undefined;
  /** Whether rows that failed are tried again. */
  readonly retryFailed: boolean;
}

/**
 * Makes the groups that are missing and carries out every row that is pending. Returns why it ended
 * before the end, if it did. Rejects when the journal can't be written or the file can't be read.
 */
export async function carryOut(
  work: Import,
  { calls, figures, rates }: SessionCalls,
  session: Session,
): Promise<StopReason | undefined> {
  const { journal, pool } = work;
  const { stop, clock, options, listener } = session;
  const timer = setInterval(() => {
    journal.note(figures.take());
  }, figuresEveryMs);
  try {
    await makeGroups(work, calls, session);
    const policy = work.description.UserPool.Policies?.PasswordPolicy ?? {};
    const tools: Tools = {
      pool,
      settings: work.description.UserPool,
      importSettings: work.settings,
      calls,
      ledger: journal,
      invitations: new Invitations(options.inviteLimit ?? Infinity, stop),
      ...(work.passwords && { passwords: work.passwords }),
      ...(work.client && {
        signIn: new SignIn(work.client.client, work.client.secrets, pool, calls, stop),
      }),
      newPassword: () => generatePassword(policy, (bound) => randomInt(bound)),
      clock,
      stop,
    };
    const done = applyAll(
      pendingActions(work, session),
      (action, earlier, effort) => applyRow(action, earlier, effort, tools),
      {
        ...(options.concurrency !== undefined && { concurrency: options.concurrency }),
        rowsPerSecond: rates.UserCreation.limit * rates.UserCreation.share,
        ...(options.maxErrors && { errorLimit: options.maxErrors }),
        earlier: (row) => journal.earlier(row),
        onResult: (result) => listener.onResult?.(result),
      },
      tools,
    );
    await untilGraceIsOver(done, session);
  } finally {
    clearInterval(timer);
    journal.note(figures.take());
  }
  return stop.reason;
}

/** Rows that have no result that stands, as actions, in file order. */
async function* pendingActions(
  work: Import,
  { listener }: Session,
): AsyncGenerator<readonly Action[]> {
  const { source, header, journal, settings } = work;
  listener.onPhase?.('importing', journal.whole?.rows ?? 0);
  for await (const { rows, start } of source.read()) {
    const actions: Action[] = [];
    for (const [index, cells] of rows.entries()) {
      const row = start.row + index;
      if (!isPending(work, row)) continue;
      const { user } = readRow(cells, header);
      // Checked before; only a pool that was changed since can make it invalid now.
      if (user) actions.push(planCreate(row, user, settings));
      else journal.done(invalidNow(row, cells.line));
    }
    yield actions;
  }
}

function isPending({ journal, retryFailed }: Import, row: number): boolean {
  const state = journal.stateOf(row);
  return (
    state === 'untouched' ||
    state === 'tried' ||
    state === 'open' ||
    (retryFailed && state === 'failed')
  );
}

function invalidNow(row: number, line: number): RowResult {
  return {
    row,
    line,
    username: '',
    status: 'invalid',
    code: 'pool-changed',
    message: 'the row does not fit the pool as it is now: validate the file again',
    steps: [],
    attempts: 0,
    final: true,
  };
}

async function makeGroups(
  { journal, pool, description }: Import,
  calls: SessionCalls['calls'],
  { stop }: Session,
): Promise<void> {
  const existing = new Set(description.Groups?.map(({ GroupName }) => GroupName));
  for (const group of journal.whole?.missingGroups ?? []) {
    if (existing.has(group)) continue;
    const effort = { attempts: 0, pacedMs: 0 };
    try {
      await calls.repeatable('CreateGroup', effort, () => pool.createGroup(group));
    } catch (error) {
      if (error instanceof Stopped) return;
      if (!(error instanceof PoolError)) throw error;
      if (error.code === 'GroupExistsException') continue;
      stop.request({
        outcome: 'stopped',
        code: error.code,
        message: `CreateGroup: ${error.message}`,
      });
      return;
    }
  }
}

/**
 * Waits for the work to end; once the run was interrupted, no longer than the calls in flight are
 * given. What they were about is known from the journal, and `resume` looks it up.
 */
async function untilGraceIsOver(done: Promise<void>, { stop, clock }: Session): Promise<void> {
  const over = new AbortController();
  const grace = async (): Promise<void> => {
    await new Promise<void>((resolve) => {
      const onStop = (): void => {
        if (stop.reason?.outcome === 'interrupted') resolve();
      };
      onStop();
      stop.signal.addEventListener('abort', onStop);
    });
    await clock.sleep(graceMs, over.signal);
  };
  try {
    await Promise.race([done, grace()]);
  } finally {
    over.abort();
  }
}
