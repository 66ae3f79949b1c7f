import { randomInt } from 'node:crypto';

import type { Calls } from '../../apply/calls.js';
import { Invitations } from '../../apply/invitations.js';
import { resendRow } from '../../apply/resend-row.js';
import { applyRow } from '../../apply/row.js';
import { SignIn } from '../../apply/sign-in.js';
import { Stopped } from '../../apply/stop.js';
import type { Tools } from '../../apply/tools.js';
import type { PoolDescription } from '../../cognito/description.js';
import { PoolError } from '../../cognito/errors.js';
import type { Category } from '../../cognito/quotas.js';
import type { UserPool } from '../../cognito/user-pool.js';
import type { Journal } from '../../journal/journal.js';
import type { PasswordFile } from '../../journal/password-file.js';
import { planCreate, planResend } from '../../plan/import-plan.js';
import type { Action, ImportSettings } from '../../plan/import-plan.js';
import { generatePassword } from '../../record/generated-password.js';
import type { Header } from '../../record/header.js';
import { readRow } from '../../record/row.js';
import type { Row, Source } from '../../source/index.js';
import type { Work } from '../run/carry-out.js';
import type { Client } from '../run/client.js';
import { pendingRows } from '../run/pending-rows.js';
import type { Session } from '../run/session.js';

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
  /** Whether the pool ends with the process. */
  readonly poolEnds?: boolean;
}

/** What an import does with its rows: makes the missing groups first, then the users. */
export function importWork(work: Import, calls: Calls, session: Session): Work<Action> {
  const { source, header, journal, settings, retryFailed } = work;
  const tools = importTools(work, calls, session);
  const { resend = false, invite = 'EMAIL' } = settings;
  const applyOne = resend ? resendRow : applyRow;
  const plan = (row: number, cells: Row): Action | undefined => {
    const { user } = readRow(cells, header);
    if (!user) return undefined;
    return resend ? planResend(row, user, invite) : planCreate(row, user, settings);
  };
  const rows = { source, journal, phase: 'importing', retryFailed, plan } as const;
  return {
    journal,
    pace: 'UserCreation',
    prepare: () => makeGroups(work, calls, session),
    actions: pendingRows(rows, session),
    apply: (action, earlier, effort) => applyOne(action, earlier, effort, tools),
  };
}

/** Categories that bound an import, and may differ from account to account. */
export function importCategories({ client }: Pick<Import, 'client'>): Category[] {
  return ['UserCreation', ...(client ? (['UserAuthentication'] as const) : [])];
}

/** All that making users needs. */
export function importTools(
  work: Pick<Import, 'journal' | 'settings' | 'pool' | 'passwords' | 'client' | 'description'>,
  calls: Calls,
  { stop, clock, options }: Session,
): Tools {
  const { journal, settings, pool, passwords, client } = work;
  const policy = work.description.UserPool.Policies?.PasswordPolicy ?? {};
  return {
    pool,
    settings: work.description.UserPool,
    importSettings: settings,
    calls,
    ledger: journal,
    invitations: new Invitations(options.inviteLimit ?? Infinity, stop),
    ...(passwords && { passwords }),
    ...(client && { signIn: new SignIn(client.client, client.secrets, pool, calls, stop) }),
    newPassword: () => generatePassword(policy, (bound) => randomInt(bound)),
    clock,
    stop,
  };
}

/** Makes the groups that rows name and the pool has not. */
export async function makeGroups(
  { journal, pool, description }: Pick<Import, 'journal' | 'pool' | 'description'>,
  calls: Calls,
  { stop }: Session,
): Promise<void> {
  const existing = new Set(description.Groups?.map(({ GroupName }) => GroupName));
  for (const group of journal.whole?.missingGroups ?? []) {
    if (existing.has(group)) continue;
    try {
      await calls.ask('CreateGroup', () => pool.createGroup(group));
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
