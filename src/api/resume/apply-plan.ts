import { importUsers } from '../import/import-users.js';
import type { FinishedRun } from '../run/finish-run.js';
import type { RunListener } from '../listener.js';
import { refuseChangedFile } from '../run/check-file.js';
import { openFile, s3Again } from '../run/open-file.js';
import type {
  CallOptions,
  ClientOptions,
  ImportOptions,
  PoolOptions,
  RunOptions,
  SyncOptions,
} from '../options.js';
import { capOf } from '../plans/before-writing.js';
import { descriptionHash, readPlan } from '../plans/plan-file.js';
import type { PlanFile } from '../plans/plan-file.js';
import { readDescription } from '../run/pool-view.js';
import { Refusal } from '../refusal.js';
import { firstCalls, openPool, withSession } from '../run/session.js';
import type { Session } from '../run/session.js';
import { applySyncPlan } from '../sync/sync-users.js';

export interface ApplyOptions
  extends CallOptions, RunOptions, ClientOptions, Pick<SyncOptions, 'maxRemovals' | 'confirm'> {
  /** The file that a dry run saved. */
  readonly plan: string;
  /** What of the pool's address is to differ from the plan: region, profile, endpoint or credentials. */
  readonly pool?: Partial<PoolOptions>;
}

/**
 * Carries out a plan that a dry run saved. Throws a `Refusal` when the file or the pool's description
 * changed since; otherwise as `importUsers` or `syncUsers`.
 */
export async function applyPlan(
  options: ApplyOptions,
  listener: RunListener = {},
): Promise<FinishedRun> {
  const plan = await readPlan(options.plan);
  const { userPoolId = plan.pool.id } = options.pool ?? {};
  if (userPoolId !== plan.pool.id) {
    throw new Refusal(
      `The plan is for pool ${plan.pool.id}: make one for ${userPoolId} with --dry-run.`,
    );
  }
  const { rows, pool } = plan.options;
  const clientId = options.clientId ?? plan.options.clientId;
  const inviteLimit = options.inviteLimit ?? plan.options.inviteLimit;
  const address = { region: plan.pool.region, ...pool, ...options.pool, userPoolId };
  const file = {
    ...plan.options.file,
    s3: s3Again(plan.options.file.s3, options.pool),
    file: plan.file.path,
  };

  const importOptions: ImportOptions = {
    ...options,
    ...file,
    ...rows,
    fileSha256: plan.file.sha256,
    pool: address,
    ...(clientId !== undefined && { clientId }),
    ...(inviteLimit !== undefined && { inviteLimit }),
  };
  await withSession(options, listener, (session) => refuseChanges(plan, importOptions, session));
  if (plan.command === 'import') return importUsers(importOptions, listener);
  const maxRemovals = capOf(options.maxRemovals, plan.options);
  const syncOptions = { ...importOptions, ...plan.options.sync, maxRemovals };
  return applySyncPlan(options.plan, syncOptions, listener);
}

/** Nothing is begun where the file or the pool is not what the plan was made on. */
async function refuseChanges(
  { file, pool }: PlanFile,
  options: ImportOptions,
  session: Session,
): Promise<void> {
  const source = await openFile(options, session);
  refuseChangedFile(file.path, await source.digest(), file.sha256);
  const opened = await openPool(options.pool, session);
  const description = await readDescription(opened, firstCalls(session), pool.withGroups);
  if (descriptionHash(description) !== pool.sha256) {
    throw new Refusal(
      `Pool ${pool.id} was changed since the plan was made (its settings or groups): make a new plan.`,
    );
  }
}
