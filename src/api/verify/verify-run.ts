import type { Calls } from '../../apply/calls.js';
import { SignIn } from '../../apply/sign-in.js';
import { verifyRow } from '../../apply/verify-row.js';
import type { VerifyTools } from '../../apply/verify-row.js';
import type { PoolDescription } from '../../cognito/description.js';
import type { Category } from '../../cognito/quotas.js';
import type { UserPool } from '../../cognito/user-pool.js';
import type { Journal } from '../../journal/journal.js';
import { planVerify } from '../../plan/verify-plan.js';
import type { VerifyAction, VerifySettings } from '../../plan/verify-plan.js';
import { readSignInRow } from '../../record/sign-in-row.js';
import type { SignInHeader, SignInSettings } from '../../record/sign-in-row.js';
import type { Row, Source } from '../../source/index.js';
import { carryOut } from '../run/carry-out.js';
import type { Work } from '../run/carry-out.js';
import { checkSignInHeader } from './check-sign-ins.js';
import { openClient } from '../run/client.js';
import type { Client } from '../run/client.js';
import { finishRun } from '../run/finish-run.js';
import type { FinishedRun } from '../run/finish-run.js';
import type { ClientOptions, ColumnOptions, PoolOptions } from '../options.js';
import { pendingRows } from '../run/pending-rows.js';
import { readDescription } from '../run/pool-view.js';
import { fileRows } from '../run/reported-rows.js';
import type { RunFolder } from '../run/run-folder.js';
import { firstCalls, openPool } from '../run/session.js';
import type { Session } from '../run/session.js';
import { readingSettings } from '../run/settings.js';

/** What of a verification is known once its pool was read and its header stands. */
export interface VerifyView {
  readonly pool: UserPool;
  readonly description: PoolDescription;
  readonly header: SignInHeader;
  readonly settings: VerifySettings;
  readonly client: Client;
}

/** All that a verification works with once everything is open and checked. */
export interface Verification extends VerifyView {
  readonly source: Source;
  readonly journal: Journal;
  readonly retryFailed: boolean;
}

/** Opens the pool and the app client, and holds the header against what is to be done. */
export async function openVerification(
  options: Pick<ColumnOptions, 'mapping' | 'defaultCountry'> & ClientOptions,
  settings: VerifySettings,
  address: PoolOptions,
  source: Source,
  session: Session,
): Promise<VerifyView> {
  const pool = await openPool(address, session);
  const description = await readDescription(pool, firstCalls(session), false);
  const reading = await signInSettings(options, settings.action, session.clock.wall());
  const header = checkSignInHeader(source, description, reading);
  const client = await openClient(options, pool, session);
  return { pool, description, header, settings, client };
}

/** How the file of a verification is read, from the options. */
export async function signInSettings(
  options: Pick<ColumnOptions, 'mapping' | 'defaultCountry'>,
  action: VerifySettings['action'],
  now: number,
): Promise<SignInSettings> {
  return {
    ...(await readingSettings(options, new Date(now))),
    withCode: action === 'confirm',
  };
}

/** Carries out all rows that are pending and writes the reports. */
export async function runVerification(
  work: Verification,
  folder: RunFolder,
  session: Session,
): Promise<FinishedRun> {
  const { source, header, journal, pool, settings } = work;
  const asked: readonly Category[] = [
    'UserAuthentication',
    ...(settings.action === 'send' ? (['UserResourceRead'] as const) : []),
  ];
  const reason = await carryOut(pool, asked, (calls) => verifyWork(work, calls, session), session);
  const rows = fileRows(source, header, session.listener);
  const { resumable } = source;
  return finishRun({ folder, journal, resumable, ...rows }, reason, session);
}

function verifyWork(
  { source, header, journal, pool, description, client, settings, retryFailed }: Verification,
  calls: Calls,
  session: Session,
): Work<VerifyAction> {
  const { stop, clock } = session;
  const tools: VerifyTools = {
    pool,
    settings: description.UserPool,
    calls,
    ledger: journal,
    signIn: new SignIn(client.client, client.secrets, pool, calls, stop),
    clock,
    stop,
  };
  const plan = (row: number, cells: Row): VerifyAction | undefined => {
    const { user } = readSignInRow(cells, header);
    return user && planVerify(row, user, settings);
  };
  const rows = { source, journal, phase: 'verifying', retryFailed, plan } as const;
  return {
    journal,
    pace: settings.action === 'send' ? 'UserResourceRead' : 'UserUpdate',
    actions: pendingRows(rows, session),
    apply: (action, earlier, effort) => verifyRow(action, earlier, effort, tools),
  };
}
